import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Call = {
  method: string;
  args: Record<string, string>;
  headers: IncomingMessage['headers'];
  bytes: Buffer;
};
type Answer = object | ((call: Call, response: ServerResponse) => void);

/** A Web API whose every answer a test writes, for what the stand-in cannot be made to say. */
export async function startScriptedSlack() {
  const answers = new Map<string, Answer[]>();
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const bytes = Buffer.concat(parts);
      const path = new URL(request.url ?? '', 'http://localhost').pathname;
      const method = path.replace('/api/', '');
      const call = {
        method,
        args: Object.fromEntries(new URLSearchParams(bytes.toString())),
        headers: request.headers,
        bytes,
      };
      calls.push(call);
      const queue = answers.get(method) ?? [];
      const answer = queue.length > 1 ? queue.shift() : queue[0];
      if (typeof answer === 'function') return answer(call, response);
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify(answer ?? { ok: false, error: `unscripted_${method}` }));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    apiUrl: `${origin}/api/`,
    calls,
    callsOf: (method: string) => calls.filter((call) => call.method === method),
    /** The answers to one method in order; the last one stays. */
    answer(method: string, ...sequence: Answer[]) {
      answers.set(method, sequence);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
