import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Log } from '#ports/log.ts';

export type HttpServer = { port: number; close(): Promise<void> };

/**
 * The one HTTP server: health, and the routes that the edges hand in. What no route answers is a 404; what breaks is a
 * 500 that says nothing but a reference, which the log explains.
 */
export function createRoutes(edges: Hono[], log: Log, reference: () => string): Hono {
  const app = new Hono();
  for (const edge of edges) app.route('/', edge);
  app.notFound((c) => c.json({ detail: 'There is nothing at this address.' }, 404));
  app.onError((error, c) => {
    const id = reference();
    log.error({ reference: id, path: c.req.path, cause: error }, 'a request failed');
    return c.json({ detail: `Something went wrong on our side. Reference: ${id}.` }, 500);
  });
  return app;
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Listens on a port, for this machine alone where the public address is on it; 0 takes a free port. Rejects with
 * EADDRINUSE when the port is taken.
 */
export function listen(app: Hono, port: number, publicUrl: string): Promise<HttpServer> {
  const isLocal = LOOPBACK.includes(new URL(publicUrl).hostname);
  return new Promise((resolve, reject) => {
    const server = serve(
      { fetch: app.fetch, port, ...(isLocal ? { hostname: '127.0.0.1' } : {}) },
      (address) => {
        resolve({
          port: address.port,
          close: () =>
            new Promise((done) => {
              server.close(() => done());
              if ('closeIdleConnections' in server) server.closeIdleConnections();
            }),
        });
      },
    );
    server.once('error', reject);
  });
}
