import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { createToken } from '#operations/create-token.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { percentile, round } from './figures.ts';
import { type BenchStage, DANA, openStage } from './stage.ts';

const CONTACTS = 1_000_000;
const WARM_READS = 20;
const READS = 500;
const PER_PAGE = 50;
const BAR_MS = 100;
/** Of what may be asked for, in turn: everybody, most of them, a few of them. */
const STATUSES = [null, 'completed', 'pending', 'busy'] as const;

/**
 * `GET contacts` at pages anywhere among a million, filtered and not, right after they came in: nothing has tidied the
 * table yet, which is when a walk over what lies before a page would take longest.
 */
export async function contactsPage(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    await database.reset();
    const stage = await openStage(database, { script, roles: 'web' });
    try {
      const campaignId = await stage.campaign({ name: 'Pages', contacts: CONTACTS });
      await stage.sql`
        update contacts set status = case when id % 100 = 0 then 'busy' when id % 5 < 3 then 'completed' else status end
        where campaign_id = ${campaignId}`;
      const reader = await openReader(stage, campaignId);
      for (let read = 0; read < WARM_READS; read += 1) await readAnywhere(reader, read);
      const times: number[] = [];
      for (let read = 0; read < READS; read += 1) times.push(await readAnywhere(reader, read));
      return [rowOf(times)];
    } finally {
      await stage.close();
    }
  });
}

function rowOf(times: number[]): BenchRow {
  const p99 = percentile(times, 0.99);
  return {
    id: 'contacts-page',
    value: round(p99),
    unit: 'ms p99',
    bar: `< ${BAR_MS}`,
    pass: p99 < BAR_MS,
    detail: `${READS} pages anywhere among ${CONTACTS.toLocaleString('en-US')} contacts, with and without a status; median ${round(percentile(times, 0.5))} ms, worst ${round(Math.max(...times))} ms`,
  };
}

type Answer = { contacts: { id: number }[]; pagination: { total_items: number; total_pages: number } };
type Status = (typeof STATUSES)[number];
type Reader = (page: number, status: Status) => Promise<Answer>;

const lastPages = new Map<Status, number>();

/** Milliseconds for one page; from one read to the next they are spread evenly and in no order over all of them. */
async function readAnywhere(read: Reader, nth: number): Promise<number> {
  const status = STATUSES[nth % STATUSES.length] ?? null;
  const pages = lastPages.get(status) ?? 1;
  const page = 1 + Math.floor(((nth * 0.618_034) % 1) * pages);
  const from = performance.now();
  const { contacts, pagination } = await read(page, status);
  const ms = performance.now() - from;
  lastPages.set(status, pagination.total_pages);
  if (contacts.length !== PER_PAGE && page !== pagination.total_pages) throw new Error('a page is not full');
  return ms;
}

async function openReader({ deps, sql, url }: BenchStage, campaignId: number): Promise<Reader> {
  const [row] = await sql<{ workspaceId: number }[]>`
    select workspace_id as "workspaceId" from campaigns where id = ${campaignId}`;
  const wish = { workspaceId: row?.workspaceId ?? 0, name: 'Bench', scopes: ['read' as const] };
  const { secret } = await createToken(deps, { ...wish, actor: DANA, expiresAt: null });
  await sql`update api_tokens set requests_per_second = 1000`;
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${secret}` };
  return async (page, status) => {
    const filter = status ? `&status=${status}` : '';
    const address = `${url}/api/v1/campaigns/${campaignId}/contacts?page=${page}&per_page=${PER_PAGE}${filter}`;
    const asked = get(address, { agent, headers });
    const [response] = await once(asked, 'response');
    let body = '';
    for await (const chunk of response) body += chunk;
    if (response.statusCode !== 200) throw new Error(`contacts answered ${response.statusCode}: ${body}`);
    return JSON.parse(body);
  };
}
