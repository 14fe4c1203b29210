import postgres from 'postgres';
import { type WebSocket, WebSocketServer } from 'ws';

/*
 * The least that could tell sockets of a change: the ws package alone, one LISTEN, one read of the counts, one text for all.
 * Nobody is asked who they are, and nothing is paced. Prints its port: `node bare-feed.ts <database>`.
 */

const [url = ''] = process.argv.slice(2);
const sql = postgres(url, { max: 10 });
const watching = new Map<number, Set<WebSocket>>();

await sql.listen('bare_feed', async (campaignId) => {
  const message = await messageOf(Number(campaignId));
  for (const socket of watching.get(Number(campaignId)) ?? []) socket.send(message);
});

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('connection', async (socket, request) => {
  const campaignId = Number(/\d+/.exec(request.url ?? '')?.[0]);
  watching.set(campaignId, (watching.get(campaignId) ?? new Set()).add(socket));
  socket.send(await messageOf(campaignId));
});
server.on('listening', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});

async function messageOf(campaignId: number): Promise<string> {
  const [counts] = await sql`select * from campaign_counts where campaign_id = ${campaignId}`;
  return JSON.stringify({ type: 'progress_update', data: { campaign_id: campaignId, progress: counts } });
}
