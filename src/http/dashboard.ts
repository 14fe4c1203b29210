import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Context, Hono } from 'hono';

/** Beside the source, and beside the bundle of production. */
const PLACES = ['../../public/dashboard/', '../public/dashboard/'];
/** A plain name has no way out of the folder. */
const FILE = /^[a-z]+(?:-[a-z]+)*\.(html|css|js|svg)$/;
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * The dashboard: a page of static files, which knows nothing that the API does not tell it. It loads from this host
 * alone, runs no inline script, turns no text into markup, and stands in no frame.
 */
export function dashboardRoutes(publicUrl: string): Hono {
  const headers = headersFor(publicUrl);
  const folder = PLACES.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  const send = async (c: Context, name: string) => {
    const [, ending = ''] = FILE.exec(name) ?? [];
    const body = folder && ending && (await read(new URL(name, folder)));
    if (!body) return c.notFound();
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, { ...headers, etag });
    return c.body(body, 200, { ...headers, etag, 'content-type': TYPES[ending] ?? '' });
  };
  return new Hono({ strict: false })
    .get('/dashboard', (c) => send(c, 'index.html'))
    .get('/dashboard/:file', (c) => send(c, c.req.param('file')));
}

function headersFor(publicUrl: string): Record<string, string> {
  const { protocol, host } = new URL(publicUrl);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    // Browsers differ in whether 'self' covers the sockets of a host.
    `connect-src 'self' ${protocol === 'https:' ? 'wss' : 'ws'}://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cache-control': 'no-cache',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

async function read(file: URL): Promise<Uint8Array<ArrayBuffer> | null> {
  return readFile(fileURLToPath(file)).then(
    (bytes) => new Uint8Array(bytes),
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    },
  );
}
