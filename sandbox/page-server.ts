import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { upgradeWebSocket } from '@hono/node-server';
import { build, stop } from 'esbuild';
import { type Context, Hono } from 'hono';
import type {
  FeedMessage,
  ShortcutHelp,
  SlashCommandHelp,
  TableName,
  Tables,
} from '#sandbox/page-protocol.ts';

export type FeedChange = Exclude<FeedMessage, { type: 'snapshot' }>;

/** What one stand-in adds to the page's picture of the world; rows of several sources are joined per table. */
export type PageSource = {
  snapshot(): {
    tables?: { [K in TableName]?: Tables[K][] };
    slashCommands?: SlashCommandHelp[];
    shortcuts?: ShortcutHelp[];
    botUserId?: string;
  };
  /** Calls `listener` with every later change, in order; returns the way to stop that. */
  subscribe(listener: (change: FeedChange) => void): () => void;
};

export type FeedSocket = {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** The socket underneath; one that has a `bufferedAmount` is dropped when it falls too far behind. */
  raw?: unknown;
};

export type PageServer = {
  /** `/`, `/page.js`, `/page.css` and the WebSocket `/ui/feed`; mount it at the root. */
  routes: Hono;
  /** Sends the snapshot, then every change; returns the way to let go of the socket. */
  connectFeed(socket: FeedSocket): () => void;
  close(): Promise<void>;
};

type Asset = { body: string; contentType: string; etag: string };
type Assets = Record<'/' | '/page.js' | '/page.css', Asset>;

const bufferedBytesAllowed = 16 * 1024 * 1024;
const pageFolder = fileURLToPath(new URL('./page/', import.meta.url));

/** No host but our own; pictures also from this machine, where a bot may serve its own. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data: blob: http://127.0.0.1:* http://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Bundles the page once, in memory. With `rebundleOnLoad`, every load of `/` bundles the sources as they are now. */
export async function createPageServer(options: {
  sources: PageSource[];
  rebundleOnLoad?: boolean;
}): Promise<PageServer> {
  let assets = await bundle();
  const feed = createFeed(options.sources);
  const routes = new Hono();

  routes.get('/', async (c) => {
    if (options.rebundleOnLoad) assets = await bundle();
    return serveAsset(c, assets['/']);
  });
  routes.get('/page.js', (c) => serveAsset(c, assets['/page.js']));
  routes.get('/page.css', (c) => serveAsset(c, assets['/page.css']));
  routes.get(
    '/ui/feed',
    async (c, next) => (isOwnPage(c) ? next() : c.text('The feed is for the sandbox page only.', 403)),
    upgradeWebSocket(() => {
      let disconnect: (() => void) | undefined;
      return {
        onOpen: (_event, socket) => {
          disconnect = feed.connect(socket);
        },
        onClose: () => disconnect?.(),
      };
    }),
  );

  return {
    routes,
    connectFeed: feed.connect,
    close: async () => {
      feed.close();
      await stop();
    },
  };
}

function createFeed(sources: PageSource[]) {
  const sockets = new Set<FeedSocket>();
  const unsubscribers = sources.map((source) => source.subscribe(broadcast));

  function broadcast(change: FeedChange) {
    if (sockets.size === 0) return;
    const text = JSON.stringify(change);
    for (const socket of sockets) {
      if (bufferedBytes(socket) > bufferedBytesAllowed) {
        sockets.delete(socket);
        socket.close(1013, 'too far behind');
      } else {
        socket.send(text);
      }
    }
  }

  return {
    connect(socket: FeedSocket) {
      socket.send(JSON.stringify(joinSnapshots(sources)));
      sockets.add(socket);
      return () => {
        sockets.delete(socket);
      };
    },
    close() {
      for (const unsubscribe of unsubscribers) unsubscribe();
      for (const socket of sockets) socket.close(1001, 'the sandbox is closing');
      sockets.clear();
    },
  };
}

function joinSnapshots(sources: PageSource[]): FeedMessage {
  const tables: { [K in TableName]: Tables[K][] } = {
    users: [],
    channels: [],
    messages: [],
    views: [],
    homes: [],
    traffic: [],
    texts: [],
    calls: [],
    phones: [],
    personas: [],
    faults: [],
    bot: [],
  };
  const slashCommands: SlashCommandHelp[] = [];
  const shortcuts: ShortcutHelp[] = [];
  let botUserId = '';
  for (const source of sources) {
    const part = source.snapshot();
    for (const [name, rows] of Object.entries(part.tables ?? {})) {
      (tables[name as TableName] as unknown[]).push(...rows);
    }
    slashCommands.push(...(part.slashCommands ?? []));
    shortcuts.push(...(part.shortcuts ?? []));
    botUserId ||= part.botUserId ?? '';
  }
  return { type: 'snapshot', tables, slashCommands, shortcuts, botUserId };
}

function bufferedBytes(socket: FeedSocket): number {
  const raw = socket.raw as { bufferedAmount?: number } | undefined;
  return raw?.bufferedAmount ?? 0;
}

/** A page of another origin may not listen in; programs that send no Origin may. */
function isOwnPage(c: Context): boolean {
  const origin = c.req.header('origin');
  return origin === undefined || URL.parse(origin)?.host === c.req.header('host');
}

function serveAsset(c: Context, asset: Asset) {
  c.header('etag', asset.etag);
  c.header('cache-control', 'no-cache');
  if (c.req.header('if-none-match') === asset.etag) return c.body(null, 304);
  c.header('content-type', asset.contentType);
  c.header('content-security-policy', contentSecurityPolicy);
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'no-referrer');
  return c.body(asset.body);
}

async function bundle(): Promise<Assets> {
  const result = await build({
    absWorkingDir: pageFolder,
    entryPoints: [
      { in: 'main.tsx', out: 'page' },
      { in: 'css/page.css', out: 'page' },
    ],
    outdir: pageFolder,
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['chrome120', 'firefox122', 'safari17.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    logLevel: 'silent',
  });
  const outputEndingIn = (ending: string) =>
    result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return {
    '/': asset(await readFile(`${pageFolder}index.html`, 'utf8'), 'text/html; charset=utf-8'),
    '/page.js': asset(outputEndingIn('.js'), 'text/javascript; charset=utf-8'),
    '/page.css': asset(outputEndingIn('.css'), 'text/css; charset=utf-8'),
  };
}

function asset(body: string, contentType: string): Asset {
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  return { body, contentType, etag };
}
