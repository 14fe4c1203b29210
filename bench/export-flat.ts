import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createToken } from '#operations/create-token.ts';
import type { ResultFormat } from '#operations/export-results.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { round } from './figures.ts';
import { residentMegabytes } from './processes.ts';
import { type BenchStage, DANA, openStage } from './stage.ts';

const CONTACTS = 1_000_000;
const AT_A_TIME = 100_000;
const LOOK_MS = 100;
/** What the slow reader takes: a file of this size lasts for half a minute. */
const SLOW_BYTES_PER_SECOND = 8 * 1024 * 1024;
const BAR_MB = 50;
/** The last one as slowly as somebody on a bad line. */
const EXPORTS: [ResultFormat, number][] = [
  ['csv', Number.POSITIVE_INFINITY],
  ['json', Number.POSITIVE_INFINITY],
  ['ndjson', Number.POSITIVE_INFINITY],
  ['csv', SLOW_BYTES_PER_SECOND],
];

/**
 * The export of a million contacts with what came of each, in every format, to a reader that takes it as it comes and to one
 * that does not keep up: what the process takes more towards the end of a file than near its beginning.
 */
export async function exportFlat(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    await database.reset();
    const stage = await openStage(database, { script, roles: 'web' });
    try {
      const campaignId = await triedMillion(stage);
      const ask = await openAsker(stage, campaignId);
      const before = await residentMegabytes(stage.bot.pid);
      const runs: Run[] = [];
      for (const [format, pace] of EXPORTS)
        runs.push(await fetchExport(stage, () => ask(format), format, pace));
      return [rowOf(runs, before)];
    } finally {
      await stage.close();
    }
  });
}

type Run = { name: string; megabytes: number; seconds: number; memory: number[] };

function rowOf(runs: Run[], before: number): BenchRow {
  const grown = runs.map(
    ({ memory }) => Math.max(...quarterOf(memory, 3)) - Math.max(...quarterOf(memory, 0)),
  );
  const value = round(Math.max(...grown));
  const words = runs.map(
    ({ name, megabytes, seconds, memory }) =>
      `${name} ${round(megabytes)} MB in ${round(seconds)} s, at most ${[0, 1, 2, 3].map((nth) => round(Math.max(...quarterOf(memory, nth)))).join(' ')} MB resident by quarters`,
  );
  return {
    id: 'export-flat',
    value,
    unit: 'MB more at the end',
    bar: `< ${BAR_MB}`,
    pass: value < BAR_MB,
    detail: `${CONTACTS.toLocaleString('en-US')} contacts, ${round(before)} MB resident before: ${words.join('; ')}`,
  };
}

function quarterOf(memory: number[], nth: number): number[] {
  const length = Math.max(1, Math.floor(memory.length / 4));
  return memory.slice(nth * length, (nth + 1) * length);
}

async function fetchExport(
  { bot }: BenchStage,
  ask: () => ReturnType<typeof get>,
  format: string,
  bytesPerSecond: number,
): Promise<Run> {
  const from = performance.now();
  const memory: number[] = [];
  const look = setInterval(async () => memory.push(await residentMegabytes(bot.pid)), LOOK_MS);
  let bytes = 0;
  try {
    const [response] = await once(ask(), 'response');
    if (response.statusCode !== 200) throw new Error(`the export answered ${response.statusCode}`);
    for await (const chunk of response) {
      bytes += chunk.length;
      const aheadMs = (bytes / bytesPerSecond) * 1_000 - (performance.now() - from);
      if (aheadMs > 0) await sleep(aheadMs);
    }
  } finally {
    clearInterval(look);
  }
  const name = Number.isFinite(bytesPerSecond) ? `${format} read slowly` : format;
  return { name, megabytes: bytes / 1024 / 1024, seconds: (performance.now() - from) / 1_000, memory };
}

/** A campaign whose contacts were all texted once. */
async function triedMillion({ campaign, sql }: BenchStage): Promise<number> {
  const campaignId = await campaign({ name: 'Export', contacts: CONTACTS });
  await sql`update campaigns set available_variables = '{name,date}' where id = ${campaignId}`;
  const [{ first = 0 } = {}] = await sql<{ first: number }[]>`
    select min(id)::int as first from contacts where campaign_id = ${campaignId}`;
  for (let from = first; from < first + CONTACTS; from += AT_A_TIME)
    await sql`
      insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender,
        body, segments, state, outcome, provider, provider_ref, gate, asked_at, price_micros, price_currency, created_at,
        ended_at)
      select 'export-' || c.id, w.workspace_id, c.campaign_id, c.id, 1, 'sms', 1, c.phone_number, '+15005550006',
        'Hello.', 1, 'ended', 'delivered', 'twilio', 'SM' || c.id, '{}', c.created_at, 7900, 'USD', c.created_at,
        c.created_at
      from contacts c join campaigns w on w.id = c.campaign_id
      where c.campaign_id = ${campaignId} and c.id >= ${from} and c.id < ${from + AT_A_TIME}`;
  await sql`vacuum analyze attempts`;
  await sql`vacuum analyze contacts`;
  return campaignId;
}

async function openAsker({ deps, sql, url }: BenchStage, campaignId: number) {
  const [row] = await sql<{ workspaceId: number }[]>`
    select workspace_id as "workspaceId" from campaigns where id = ${campaignId}`;
  const wish = { workspaceId: row?.workspaceId ?? 0, name: 'Bench', scopes: ['read' as const] };
  const { secret } = await createToken(deps, { ...wish, actor: DANA, expiresAt: null });
  return (format: ResultFormat) =>
    get(`${url}/api/v1/campaigns/${campaignId}/export?format=${format}`, {
      headers: { authorization: `Bearer ${secret}` },
    });
}
