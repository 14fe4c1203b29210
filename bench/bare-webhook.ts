import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import postgres from 'postgres';
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js';

/*
 * The least that could answer a signed callback: node:http, the same check of the signature, the same row. Prints its port:
 * `node bare-webhook.ts <database> <auth token>`.
 */

const [url = '', authToken = ''] = process.argv.slice(2);
const sql = postgres(url, { max: 10 });
let origin = '';
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8');
  request.on('data', (piece: string) => {
    body += piece;
  });
  request.on('end', () => {
    const params = Object.fromEntries(new URLSearchParams(body));
    const path = request.url ?? '/';
    const signature = String(request.headers['x-twilio-signature']);
    if (!validateRequest(authToken, signature, origin + path, params)) return response.writeHead(403).end();
    const key = `${params.MessageSid} ${params.MessageStatus}`;
    const event = { kind: 'text_status', ref: params.MessageSid, status: params.MessageStatus };
    const raw = { query: path.slice(path.indexOf('?') + 1), body };
    return sql`
      insert into provider_events (provider, dedupe_key, event, raw, received_at)
      values ('twilio', ${key}, ${sql.json(event)}, ${sql.json(raw)}, ${new Date()})
      on conflict (provider, dedupe_key) do nothing`.then(
      () => response.writeHead(204).end(),
      () => response.writeHead(500).end(),
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
  process.stdout.write(`${port}\n`);
});
