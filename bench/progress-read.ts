import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { changeStatus } from '#operations/change-status.ts';
import { createToken } from '#operations/create-token.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { percentile, round } from './figures.ts';
import { type BenchStage, DANA, openStage } from './stage.ts';

const CONTACTS = 1_000_000;
/** Twenty texts a second: what a campaign of this size does for half a day. */
const TEXTS_PER_MINUTE = 1_200;
const PER_SECOND = 200;
const WARM_READS = 400;
const READS = 4_000;
const BAR_MS = 20;

/**
 * `GET progress` of a campaign of a million contacts while it runs, asked for at a steady pace whatever the answers take:
 * each is timed from the moment at which it was due, so a pause of the server counts for everybody it keeps waiting.
 */
export async function progressRead(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    await database.reset();
    const stage = await openStage(database, { script });
    try {
      const campaignId = await runningMillion(stage);
      const reader = await openReader(stage, campaignId);
      await readSteadily(reader, WARM_READS);
      const before = (await reader()).progress;
      const times = await readSteadily(reader, READS);
      const after = (await reader()).progress;
      if (after.pending >= before.pending) throw new Error('the campaign did not run meanwhile');
      return [rowOf(times, before.pending - after.pending)];
    } finally {
      await stage.close();
    }
  });
}

function rowOf(times: number[], texts: number): BenchRow {
  const p99 = percentile(times, 0.99);
  return {
    id: 'progress-read',
    value: round(p99),
    unit: 'ms p99',
    bar: `< ${BAR_MS}`,
    pass: p99 < BAR_MS,
    detail: `${READS} reads at ${PER_SECOND}/s of ${CONTACTS.toLocaleString('en-US')} contacts, ${texts} of them begun meanwhile; median ${round(percentile(times, 0.5))} ms, worst ${round(Math.max(...times))} ms`,
  };
}

/**
 * A campaign that runs, with a million contacts. They come while it is paused: what a run is expected to cost is reckoned
 * once, at its first start and over everybody, and that is not what is measured here.
 */
async function runningMillion({ campaign, deps, sql }: BenchStage): Promise<number> {
  const campaignId = await campaign({ name: 'Progress', contacts: 10, ratePerMinute: TEXTS_PER_MINUTE });
  await changeStatus(deps, { campaignId, move: 'start', actor: DANA });
  await untilEstimated(sql, campaignId);
  await changeStatus(deps, { campaignId, move: 'pause', actor: DANA });
  const now = deps.clock.now().toISOString();
  await sql`
    insert into contacts (campaign_id, phone_number, variable_values, next_attempt_at, created_at)
    select ${campaignId}, '+1' || area || (2000080 + place * 100),
      jsonb_build_object('name', 'Person ' || place, 'date', '2026-12-01'), ${now}, ${now}
    from generate_series(1, ${CONTACTS / AREAS.length}) as place, unnest(${AREAS}::text[]) as area`;
  await sql`vacuum analyze contacts`;
  await changeStatus(deps, { campaignId, move: 'resume', actor: DANA });
  return campaignId;
}

/** Where it is day at eleven in New York; none of them is an area of the stage's own contacts. */
const AREAS = [
  '203',
  '216',
  '240',
  '248',
  '267',
  '301',
  '312',
  '313',
  '314',
  '317',
  '401',
  '407',
  '410',
  '412',
  '414',
  '469',
];

async function untilEstimated(sql: BenchStage['sql'], campaignId: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ estimated: boolean }[]>`
      select estimate_contacts is not null as estimated from campaigns where id = ${campaignId}`;
    if (row?.estimated) return;
    await sleep(50);
  }
}

type Answer = { progress: { pending: number } };
type Reader = () => Promise<Answer>;

async function openReader({ deps, sql, url }: BenchStage, campaignId: number): Promise<Reader> {
  const [row] = await sql<{ workspace: number }[]>`
    select workspace_id as workspace from campaigns where id = ${campaignId}`;
  const { secret } = await createToken(deps, {
    workspaceId: row?.workspace ?? 0,
    actor: DANA,
    name: 'Bench',
    scopes: ['read'],
    expiresAt: null,
  });
  await sql`update api_tokens set requests_per_second = 1000`;
  const agent = new Agent({ keepAlive: true });
  const headers = { authorization: `Bearer ${secret}` };
  const ask = async (): Promise<IncomingMessage> => {
    const asked = get(`${url}/api/v1/campaigns/${campaignId}/progress`, { agent, headers });
    try {
      const [response] = await once(asked, 'response');
      return response;
    } catch (error) {
      // The server let a connection go at the moment in which it was taken up again.
      if (asked.reusedSocket) return ask();
      throw error;
    }
  };
  return async () => {
    const response = await ask();
    let body = '';
    for await (const chunk of response) body += chunk;
    if (response.statusCode !== 200) throw new Error(`progress answered ${response.statusCode}: ${body}`);
    return JSON.parse(body);
  };
}

/** Milliseconds from when each read was due to the end of its answer. */
async function readSteadily(read: Reader, reads: number): Promise<number[]> {
  const from = performance.now();
  const under: Promise<number>[] = [];
  for (let next = 0; next < reads; next += 1) {
    const dueAt = from + (next * 1_000) / PER_SECOND;
    const earlyMs = dueAt - performance.now();
    if (earlyMs > 0) await sleep(earlyMs);
    under.push(read().then(() => performance.now() - dueAt));
  }
  return Promise.all(under);
}
