import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '#sandbox/page-protocol.ts';

/** One delivery as the bot got it. `isSigned`: the signature over the raw body is right. */
export type Received = {
  headers: IncomingMessage['headers'];
  isSigned: boolean;
  body: JsonObject;
};
export type Reply = { status?: number; headers?: Record<string, string>; body?: unknown; delayMs?: number };
export type BotDouble = {
  url: string;
  received: Received[];
  /** Answers the deliveries of one kind: an event or interaction type, or `command`. The default is an empty 200. */
  on(kind: string, reply: (received: Received, count: number) => Reply | Promise<Reply>): void;
  of(kind: string): Received[];
  close(): Promise<void>;
};

export async function startBotDouble(signingSecret: string): Promise<BotDouble> {
  const received: Received[] = [];
  const replies = new Map<string, (received: Received, count: number) => Reply | Promise<Reply>>();
  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    received,
    on: (kind, reply) => replies.set(kind, reply),
    of: (kind) => received.filter((one) => kindOf(one.body) === kind),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = Buffer.concat(chunks).toString();
    const one = {
      headers: request.headers,
      isSigned: isSigned(signingSecret, request, raw),
      body: decode(request, raw),
    };
    received.push(one);
    const kind = kindOf(one.body);
    const count = received.filter(({ body }) => kindOf(body) === kind).length;
    const {
      status = 200,
      headers = {},
      body = '',
      delayMs = 0,
    } = (await replies.get(kind)?.(one, count)) ?? {};
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    if (response.destroyed) return;
    const isText = typeof body === 'string';
    response.writeHead(status, { 'content-type': isText ? 'text/plain' : 'application/json', ...headers });
    response.end(isText ? body : JSON.stringify(body));
  }
}

function kindOf(body: JsonObject): string {
  if (body.type === 'event_callback') return String((body.event as JsonObject).type);
  return typeof body.command === 'string' ? 'command' : String(body.type);
}

function decode(request: IncomingMessage, raw: string): JsonObject {
  if (request.headers['content-type'] === 'application/json') return JSON.parse(raw) as JsonObject;
  const form = Object.fromEntries(new URLSearchParams(raw));
  return form.payload === undefined ? form : (JSON.parse(form.payload) as JsonObject);
}

function isSigned(secret: string, request: IncomingMessage, raw: string): boolean {
  const timestamp = String(request.headers['x-slack-request-timestamp']);
  const expected = createHmac('sha256', secret).update(`v0:${timestamp}:${raw}`).digest('hex');
  return request.headers['x-slack-signature'] === `v0=${expected}`;
}
