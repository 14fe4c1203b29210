import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { bridgeSockets, type Frame } from './socket-door.ts';

/** A request on its way to a bot, and on its way back. `status` 0: the bot was gone before it answered. */
export type Passage = {
  path: string;
  body: string;
  stage: 'arrived' | 'answered';
  port: number;
  status: number;
};

/** One public address before any number of bots, like a load balancer: it knows who listens and asks nobody twice. */
export type FrontDoor = {
  url: string;
  admit(port: number): void;
  dismiss(port: number): void;
  /** How long the next request is held up on its way in, in milliseconds. */
  setDelay(delay: () => number): void;
  onPassage(listener: (passage: Passage) => void): void;
  /** Hears when a conversation has begun with a bot. */
  onSocket(listener: (port: number) => void): void;
  /** Hears every frame of every conversation once it has been passed on. */
  onFrame(listener: (frame: Frame) => void): void;
  close(): Promise<void>;
};

export async function openFrontDoor(): Promise<FrontDoor> {
  const ports: number[] = [];
  const listeners: ((passage: Passage) => void)[] = [];
  const socketListeners: ((port: number) => void)[] = [];
  const frameListeners: ((frame: Frame) => void)[] = [];
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  let delay = () => 0;
  let turn = 0;
  const tell = (passage: Passage) => {
    for (const listener of listeners) listener(passage);
  };
  const nextPort = () => {
    turn += 1;
    return ports[turn % Math.max(1, ports.length)];
  };
  const pass = async (incoming: IncomingMessage, response: ServerResponse) => {
    const path = incoming.url ?? '/';
    const body = await textOf(incoming);
    const heldMs = delay();
    if (heldMs > 0) await sleep(heldMs);
    const port = nextPort();
    if (port === undefined) return refuse(response);
    tell({ path, body, stage: 'arrived', port, status: 0 });
    const answer = await ask(agent, incoming, port, body).catch(() => null);
    tell({ path, body, stage: 'answered', port, status: answer?.status ?? 0 });
    if (!answer) return refuse(response);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((incoming, response) => {
    pass(incoming, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 60_000;
  bridgeSockets(server, {
    choosePort: nextPort,
    opened: (port) => {
      for (const listener of socketListeners) listener(port);
    },
    passed: (frame) => {
      for (const listener of frameListeners) listener(frame);
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    admit: (port) => void ports.push(port),
    dismiss(port) {
      const index = ports.indexOf(port);
      if (index >= 0) ports.splice(index, 1);
    },
    setDelay(next) {
      delay = next;
    },
    onPassage: (listener) => void listeners.push(listener),
    onSocket: (listener) => void socketListeners.push(listener),
    onFrame: (listener) => void frameListeners.push(listener),
    async close() {
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Answer = { status: number; headers: IncomingMessage['headers']; body: string };

async function ask(agent: Agent, incoming: IncomingMessage, port: number, body: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const { method, url: path, headers } = incoming;
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent }, resolve);
  outgoing.once('error', reject);
  outgoing.end(body);
  const response = await promise;
  return { status: response.statusCode ?? 502, headers: response.headers, body: await textOf(response) };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

function refuse(response: ServerResponse): void {
  response.writeHead(502).end();
}
