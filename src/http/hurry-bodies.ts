import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerType } from '@hono/node-server';
import { takesFiles } from './upload-address.ts';

const TOO_LATE = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n';

/**
 * Lets go of whoever takes longer than this to send a body that is no file: some bodies are read before it is known from
 * their signature who sends them, and drop by drop they would hold their connections for as long as a file may take.
 */
export function hurryBodies(server: ServerType, withinMs: number): void {
  (server as NodeJS.EventEmitter).on('request', (request: IncomingMessage, response: ServerResponse) => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (request.complete || !hasBody(request) || takesFiles(path)) return;
    const late = setTimeout(() => letGo(request, response), withinMs).unref();
    request.once('close', () => clearTimeout(late));
  });
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function letGo(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete) return;
  if (!response.headersSent) request.socket.write(TOO_LATE);
  request.socket.destroy();
}
