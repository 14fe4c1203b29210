import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Hono } from 'hono';

/*
 * A page on which the document can be browsed and tried, at `/api/docs`. Everything on it comes from this host: its
 * program is a package whose files are found where they are installed, also beside the bundle of production.
 */

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Ringmaster API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<noscript>This page needs JavaScript. The document itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
<main id="page"></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

/** Dark where the reader's system is: the style sheet has it, but waits to be told. */
const START = `const dark = matchMedia('(prefers-color-scheme: dark)');
const dress = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', dress);
dress();
SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
});
`;

const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // The program sets styles on its elements; it loads none.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};
const KEPT = { ...HEADERS, 'cache-control': 'public, max-age=3600' };

/** The page and its files. */
export function referencePage(): Hono {
  return new Hono({ strict: false })
    .get('/', (c) => c.html(PAGE, 200, { ...HEADERS, 'cache-control': 'no-cache' }))
    .get('/start.js', (c) =>
      c.body(START, 200, { ...KEPT, 'content-type': 'text/javascript; charset=utf-8' }),
    )
    .get('/:asset', async (c) => {
      const name = c.req.param('asset');
      const type = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined;
      if (!type) return c.json({ detail: 'There is nothing at this address.' }, 404);
      const file = await readFile(join(folder(), name));
      return c.body(new Uint8Array(file), 200, { ...KEPT, 'content-type': type });
    });
}

function folder(): string {
  const require = createRequire(import.meta.url);
  return dirname(require.resolve('swagger-ui-dist/package.json'));
}
