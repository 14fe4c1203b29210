import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** What a customer's server was sent. */
export type Received = { path: string; headers: IncomingMessage['headers']; body: string };
type Answering = (received: Received, response: ServerResponse) => void;

/** A customer's server on this machine: it keeps what it is sent and answers 204 unless it is told otherwise. */
export async function startReceiver() {
  const received: Received[] = [];
  const receiver = {
    received,
    answer: ((_, response) => void response.writeHead(204).end()) as Answering,
    connections: 0,
    url: '',
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      received.push(one);
      receiver.answer(one, response);
    });
  });
  server.on('connection', () => {
    receiver.connections += 1;
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`;
  afterAll(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return receiver;
}
