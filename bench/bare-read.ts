import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { systemClock } from '#clock.ts';
import { listCampaignRecords } from '#operations/list-campaign-records.ts';
import { listContacts } from '#operations/list-contacts.ts';
import { showCampaignRecord } from '#operations/show-campaign-record.ts';
import { showProgress } from '#operations/show-progress.ts';

/*
 * The least that could answer a read of the API: node:http, the very statements that the product asks, and their rows as
 * JSON; nobody is asked who they are. Prints its port: `node bare-read.ts <database> <workspace> <campaign>`.
 */

type Statement = { text: string; parameters: unknown[] };

const [url = '', workspace = '', campaign = ''] = process.argv.slice(2);
const ids = { workspaceId: Number(workspace), campaignId: Number(campaign) };
const page = { limit: 50, offset: 0 };

let heard: Statement[] = [];
const listening = postgres(url, {
  max: 1,
  fetch_types: false,
  debug: (_, text, parameters) => void heard.push({ text, parameters }),
});
const deps = { db: drizzle(listening), clock: systemClock };
const reads: Record<string, Statement[]> = {
  campaign: await statementsOf(() => showCampaignRecord(deps, ids)),
  campaigns: await statementsOf(() => listCampaignRecords(deps, { ...ids, ...page })),
  contacts: await statementsOf(() => listContacts(deps, { ...ids, status: null, page })),
  progress: await statementsOf(() => showProgress(deps, ids)),
};
await listening.end();

const sql = postgres(url, { max: 10 });
const server = createServer((request, response) => {
  answer(reads[request.url?.slice(1) ?? ''] ?? []).then(
    (body) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      response.writeHead(200, headers).end(body);
    },
    () => response.writeHead(500).end(),
  );
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});

async function answer(statements: Statement[]): Promise<string> {
  const rows: unknown[] = [];
  for (const { text, parameters } of statements)
    rows.push(await sql.unsafe(text, parameters as postgres.ParameterOrJSON<never>[], { prepare: true }));
  return JSON.stringify(rows);
}

/** What a verb asks the database. */
async function statementsOf(verb: () => Promise<unknown>): Promise<Statement[]> {
  heard = [];
  await verb();
  if (heard.length === 0) throw new Error('a read asked for nothing');
  return heard;
}
