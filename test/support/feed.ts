import { WebSocket } from 'ws';
import { createChanges } from '#db/changes.ts';
import { openDatabase } from '#db/client.ts';
import { createFeed } from '#http/feed/feed.ts';
import { createRoutes, listen } from '#http/server.ts';
import type { Deps } from '#operations/deps.ts';
import { quietLog } from './engine.ts';

// biome-ignore lint/suspicious/noExplicitAny: a message is whatever came; tests compare it whole.
export type Message = any;

export type FeedClient = {
  socket: WebSocket;
  /** Everything that came so far, in order. */
  messages: Message[];
  /** The first message for which this holds, now or as soon as it comes; `after` leaves out so many. */
  message(is: (message: Message) => boolean, after?: number): Promise<Message>;
  send(message: unknown): void;
  /** How it was closed. */
  closed: Promise<{ code: number; reason: string }>;
  close(): Promise<unknown>;
};

const PATIENCE_MS = 60_000;

/** Whether a message says at least this. */
export function says(wanted: unknown): (message: Message) => boolean {
  return (message) => matches(message, wanted);
}

function matches(found: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return found === wanted;
  if (typeof found !== 'object' || found === null) return false;
  return Object.entries(wanted).every(([key, value]) =>
    matches((found as Record<string, unknown>)[key], value),
  );
}

/** A client of the feed. */
export function connect(
  url: string,
  { protocols = [], headers = {} }: { protocols?: string[]; headers?: Record<string, string> } = {},
): FeedClient {
  const socket = new WebSocket(url, protocols, { headers });
  const messages: Message[] = [];
  let looking: (() => void)[] = [];
  const closed = new Promise<{ code: number; reason: string }>((done) => {
    socket.on('close', (code, reason) => done({ code, reason: reason.toString() }));
  });
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    messages.push(JSON.parse(data.toString()));
    for (const look of looking.splice(0)) look();
  });
  const message = async (is: (message: Message) => boolean, after = 0): Promise<Message> => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = messages.slice(after).find(is);
      if (found) return found;
      if (performance.now() > deadline)
        throw new Error(`no such message came; there were ${JSON.stringify(messages)}`);
      const more = new Promise<void>((done) => {
        looking = [...looking, done];
      });
      await Promise.race([more, new Promise((over) => setTimeout(over, 100))]);
    }
  };
  return {
    socket,
    messages,
    message,
    send(sent) {
      const text = typeof sent === 'string' ? sent : JSON.stringify(sent);
      if (socket.readyState !== socket.CONNECTING) socket.send(text);
      else socket.once('open', () => socket.send(text));
    },
    closed,
    async close() {
      socket.close();
      return closed;
    },
  };
}

/** One process of the product as far as the feed goes: its own connections to the database, its own server. */
export async function startFeed(deps: Deps, limits: Parameters<typeof createFeed>[2] = {}) {
  const database = openDatabase(deps.databaseUrl);
  const own = { ...deps, db: database.db };
  const feed = createFeed(own, createChanges(database), limits);
  const server = await listen(
    createRoutes([feed.routes], quietLog, () => 'ref-1'),
    0,
    'http://127.0.0.1',
  );
  return {
    feed,
    database,
    url: `ws://127.0.0.1:${server.port}`,
    async stop() {
      await feed.stop();
      await server.close();
      await database.close();
    },
  };
}
