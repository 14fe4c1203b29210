import type { IncomingMessage } from 'node:http';
import { type ServerType, serve } from '@hono/node-server';
import { Hono, type MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { WebSocketServer } from 'ws';
import type { Log } from '#ports/log.ts';
import type { Meters } from '#ports/meters.ts';
import { chooseProtocol } from './feed/credentials.ts';
import { HUNG_UP, hasHungUp } from './hung-up.ts';
import { hurryBodies } from './hurry-bodies.ts';

export type HttpServer = {
  port: number;
  /** WebSockets that are open. */
  openSockets(): number;
  close(): Promise<void>;
};

/**
 * The one HTTP server: health, and the routes that the edges hand in. What no route answers is a 404; what breaks is a
 * 500 that says nothing but a reference, which the log explains.
 */
export function createRoutes(edges: Hono[], log: Log, reference: () => string, meters?: Meters): Hono {
  // The reference writes some addresses with a slash at their end (campaign-api §1.1).
  const app = new Hono({ strict: false });
  if (meters) app.use(timeRequests(meters));
  for (const edge of edges) app.route('/', edge);
  app.notFound((c) => c.json({ detail: 'There is nothing at this address.' }, 404));
  app.onError((error, c) => {
    if (hasHungUp(error, c)) return c.json({ detail: HUNG_UP }, 400);
    const id = reference();
    log.error({ reference: id, path: c.req.path, cause: error }, 'a request failed');
    return c.json({ detail: `Something went wrong on our side. Reference: ${id}.` }, 500);
  });
  return app;
}

/** Times every request by the pattern of its address; addresses that nobody knows are one pattern together. */
function timeRequests(meters: Meters): MiddlewareHandler {
  return async (c, next) => {
    const from = performance.now();
    await next();
    const { status } = c.res;
    const pattern = routePath(c);
    meters.requestAnswered({
      method: c.req.method,
      route: pattern.endsWith('*') ? 'unknown' : pattern,
      status,
      seconds: (performance.now() - from) / 1_000,
    });
  };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
/** A file of 200 MB takes this long over a line of one megabit a second. Headers have a minute, as is usual. */
const ARRIVES_WITHIN_MS = 30 * 60_000;
/** What is no file is small; sent drop by drop, it is only there to hold a connection. */
const SMALL_ARRIVES_WITHIN_MS = 60_000;
/** A connection on which nothing moves for so long, although something is under way, is given up. */
const IDLE_MS = 5 * 60_000;
const LARGEST_FRAME_BYTES = 64 * 1_024;
/** How long open sockets may go on, and how long their other ends may take to close, once the server stops. */
const SOCKET_GRACE_MS = 2_000;
const SOCKET_CLOSE_MS = 2_000;
const SOCKETS = {
  noServer: true,
  maxPayload: LARGEST_FRAME_BYTES,
  perMessageDeflate: false,
  closeTimeout: SOCKET_CLOSE_MS,
  handleProtocols: chooseProtocol,
};
const SWEEP_EVERY_MS = 100;
const GOING_AWAY = 1001;

/**
 * Listens on a port, for this machine alone where the public address is on it; 0 takes a free port. Routes may take
 * WebSockets with `upgradeWebSocket`; a larger frame than 64 KiB closes its socket. Rejects with EADDRINUSE when the
 * port is taken. `close` lets what is under way come to its end: requests, and sockets for a short while.
 */
export function listen(
  app: Pick<Hono, 'fetch'>,
  port: number,
  publicUrl: string,
  { smallWithinMs = SMALL_ARRIVES_WITHIN_MS, idleMs = IDLE_MS } = {},
): Promise<HttpServer> {
  const isLocal = LOOPBACK.includes(new URL(publicUrl).hostname);
  const sockets = new WebSocketServer(SOCKETS);
  return new Promise((resolve, reject) => {
    const server = serve(
      {
        fetch: endingUnread(app),
        port,
        websocket: { server: sockets },
        serverOptions: { requestTimeout: ARRIVES_WITHIN_MS, shouldUpgradeCallback: asksForSocket },
        ...(isLocal ? { hostname: '127.0.0.1' } : {}),
      },
      (address) => {
        resolve({
          port: address.port,
          openSockets: () => sockets.clients.size,
          close: () => closeServer(server, sockets),
        });
      },
    );
    hurryBodies(server, smallWithinMs);
    if ('setTimeout' in server) server.setTimeout(idleMs);
    server.once('error', reject);
  });
}

/** Whoever offers any other protocol, as curl does with HTTP/2, is answered as if they had not. */
function asksForSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Who asks for a socket where there is none is told the status alone: what else was to come is not made. */
function endingUnread(app: Pick<Hono, 'fetch'>): Parameters<typeof serve>[0]['fetch'] {
  return (request, env) => {
    if (env.outgoing) return app.fetch(request, env);
    return Promise.resolve(app.fetch(request, env)).then(async (response) => {
      await response.body?.cancel();
      return response;
    });
  };
}

/** A connection that is kept open for more requests is let go as soon as it has none under way. */
async function closeServer(server: ServerType, sockets: WebSocketServer): Promise<void> {
  const letGo = () => 'closeIdleConnections' in server && server.closeIdleConnections();
  const closed = new Promise<void>((done) => server.close(() => done()));
  const sweep = setInterval(letGo, SWEEP_EVERY_MS);
  letGo();
  await closeSockets(sockets);
  await closed;
  clearInterval(sweep);
}

/** Sockets end by themselves, or are told politely, or are cut by their own close timeout. */
async function closeSockets(sockets: WebSocketServer): Promise<void> {
  const open = [...sockets.clients];
  const ended = Promise.all(open.map((socket) => new Promise((done) => socket.once('close', done))));
  const grace = new Promise((over) => setTimeout(over, open.length > 0 ? SOCKET_GRACE_MS : 0).unref());
  await Promise.race([ended, grace]);
  for (const socket of open) socket.close(GOING_AWAY, 'the server stops');
  await ended;
}
