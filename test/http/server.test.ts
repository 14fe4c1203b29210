import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { Hono } from 'hono';
import { afterEach, expect, it } from 'vitest';
import { createRoutes, type HttpServer, listen } from '#http/server.ts';
import type { Log } from '#ports/log.ts';
import { quietLog } from '#support/engine.ts';

const PUBLIC = 'http://127.0.0.1';
const agent = new Agent({ keepAlive: true });
let server: HttpServer;
const SOCKET_HEADERS = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

afterEach(() => server.close());

async function serve(
  app: Hono,
  { log = quietLog, ...options }: { log?: Log; smallWithinMs?: number; idleMs?: number } = {},
): Promise<void> {
  server = await listen(
    createRoutes([app], log, () => 'ref-1'),
    0,
    PUBLIC,
    options,
  );
}

/** Begins to send a body of three letters; `answer` is all that comes back until the connection ends. */
function beginToSend(path: string) {
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(`POST ${path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\nContent-Length: 3\r\n\r\na`);
  return { socket, answer: () => text(socket) };
}

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<[status: number | undefined, body: string]> {
  const asked = request({ agent, port: server.port, path, headers }).end();
  const [response] = await once(asked, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return [response.statusCode, body];
}

it('says nothing of what broke but a reference', async () => {
  await serve(
    new Hono().get('/broken', () => {
      throw new Error('a secret');
    }),
  );
  expect(await get('/broken')).toEqual([
    500,
    '{"detail":"Something went wrong on our side. Reference: ref-1."}',
  ]);
  expect((await get('/nowhere'))[0]).toBe(404);
});

it('finishes what is under way before it has stopped, and keeps no connection for more', async () => {
  const begun = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  await serve(
    new Hono()
      .get('/quick', (c) => c.text('quick'))
      .get('/slow', async (c) => {
        begun.resolve();
        await answer.promise;
        return c.text('slow');
      }),
  );
  await get('/quick');
  const slow = get('/slow');
  await begun.promise;
  let hasStopped = false;
  const stopped = server.close().then(() => {
    hasStopped = true;
  });
  await pause(150);
  expect(hasStopped).toBe(false);
  answer.resolve();
  expect(await slow).toEqual([200, 'slow']);
  await expect.poll(() => hasStopped).toBe(true);
  await stopped;
});

it('answers in HTTP/1.1 whoever offers to change to another protocol, as curl --http2 does', async () => {
  await serve(new Hono().get('/here', (c) => c.text('here')));
  for (const upgrade of ['h2c', 'TLS/1.0', 'websocket2', ''])
    expect(await get('/here', { connection: 'Upgrade', upgrade })).toEqual([200, 'here']);
});

it('ends an answer that nobody will read, because a socket was asked for where there is none', async () => {
  const ended = Promise.withResolvers<void>();
  const endless = () =>
    new ReadableStream({
      pull: (stream) => stream.enqueue(new Uint8Array(9)),
      cancel: () => ended.resolve(),
    });
  await serve(new Hono().get('/endless', () => new Response(endless())));
  const [status] = await get('/endless', { ...SOCKET_HEADERS });
  await ended.promise;
  expect(status).toBe(200);
});

it('lets go of whoever sends drop by drop what is no file', async () => {
  const echo = new Hono().post('*', async (c) => c.text(await c.req.text()));
  await serve(echo, { smallWithinMs: 200 });
  const file = beginToSend('/api/v1/campaigns/1/import-data?mode=append');
  const small = beginToSend('/slack/events');
  expect(await small.answer()).toBe('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');
  file.socket.write('bc');
  expect(await file.answer()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\nabc$/s);
});

it('lets go of whoever asks for much and takes nothing of it', async () => {
  const ended = Promise.withResolvers<void>();
  const endless = () =>
    new ReadableStream({
      pull: (stream) => stream.enqueue(new Uint8Array(65_536)),
      cancel: () => ended.resolve(),
    });
  await serve(
    new Hono().get('/endless', () => new Response(endless())),
    { idleMs: 200 },
  );
  const socket = connect(server.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause();
  socket.write('GET /endless HTTP/1.1\r\nHost: here\r\n\r\n');
  await ended.promise;
  socket.destroy();
});

it('calls it a defect when whom it asked itself broke off, though Node says so in the same words', async () => {
  const defects: object[] = [];
  const cause = Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  const asking = new Hono().get('/asks', () => {
    throw cause;
  });
  await serve(asking, { log: { ...quietLog, error: (fields: object) => void defects.push(fields) } });
  const [status] = await get('/asks');
  expect([status, defects]).toEqual([500, [{ reference: 'ref-1', path: '/asks', cause }]]);
});

it('does not call it a defect of its own when a client goes away', async () => {
  const begun = Promise.withResolvers<void>();
  const hasFailed = Promise.withResolvers<unknown>();
  const defects: unknown[] = [];
  const broken = new Hono().post('/broken', async (c) => {
    begun.resolve();
    const body = c.req.text();
    body.catch(hasFailed.resolve);
    return c.text(await body);
  });
  await serve(broken, { log: { ...quietLog, error: (fields: object) => void defects.push(fields) } });
  const { socket } = beginToSend('/broken');
  await begun.promise;
  socket.destroy();
  await hasFailed.promise;
  await server.close();
  expect(defects).toEqual([]);
});

it('takes no WebSockets where no route does', async () => {
  await serve(new Hono().get('/quick', (c) => c.text('quick')));
  for (const path of ['/quick', '/nowhere']) {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13' };
    const asked = request({ port: server.port, path, headers }).end();
    const [response] = await once(asked, 'response');
    response.resume();
    expect(response.statusCode).toBe(path === '/quick' ? 200 : 404);
  }
});
