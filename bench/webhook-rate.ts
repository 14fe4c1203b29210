import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AUTH_TOKEN } from '#support/carrier.ts';
import { buildBundle } from '#torture/bundle.ts';
import { callbackBytes, postAll, postSteadily, STATUSES, type Subject } from './callbacks.ts';
import type { BenchRow } from './contact-rows.ts';
import { type BenchDatabase, withDatabase } from './database.ts';
import { median, percentile, round } from './figures.ts';
import { cpuOfTree } from './processes.ts';
import { type BenchStage, openStage } from './stage.ts';

const PAIRS = 5;
const PER_SIDE = 12_000;
const CONNECTIONS = 50;
const RATIO_BAR = 0.7;
const STEADY_PER_SECOND = 500;
const STEADY_SECONDS = 12;
const P99_BAR_MS = 50;

/**
 * Signed callbacks answered by the web process, against the least that could answer them, in turn. Then the whole bot,
 * merging what comes, at a steady rate: how long a callback waits for its answer.
 */
export async function webhookRate(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    const measured = await comparePairs(database, script);
    const ratios = measured.map(({ ours, bare }) => ours / bare);
    const value = round(median(ratios), 2);
    const waits = await steady(database, script);
    const p99 = round(percentile(waits, 0.99));
    const rate = (side: 'ours' | 'bare') => round(median(measured.map((pair) => pair[side])), 0);
    const cost = round(median(measured.map((pair) => pair.cpuMicros)), 0);
    return [
      {
        id: 'webhook-rate',
        value,
        unit: 'x bare handler',
        bar: `>= ${RATIO_BAR}`,
        pass: value >= RATIO_BAR,
        detail: `${rate('ours')}/s with ${cost} us of CPU each, the bare one ${rate('bare')}/s; ${ratios.map((ratio) => round(ratio, 2)).join(' ')}`,
      },
      {
        id: 'webhook-rate-p99',
        value: p99,
        unit: 'ms p99',
        bar: `< ${P99_BAR_MS}`,
        pass: p99 < P99_BAR_MS,
        detail: `${STEADY_PER_SECOND}/s to a bot that merges them meanwhile; median ${round(median(waits))} ms`,
      },
    ];
  });
}

type Pair = { ours: number; bare: number; cpuMicros: number };

async function comparePairs(database: BenchDatabase, script: string[]): Promise<Pair[]> {
  const stage = await openStage(database, { script, roles: 'web' });
  const bare = await startBare(database.url);
  const measured: Pair[] = [];
  try {
    // The first pair warms both sides and is not counted.
    for (let pair = 0; pair <= PAIRS; pair += 1) {
      const used = await cpuOfTree(stage.bot.pid);
      const ours =
        PER_SIDE / (await postAll(stage.bot.port, someRequests(stage.bot.port, `o${pair}`), CONNECTIONS));
      const cpuMicros = (((await cpuOfTree(stage.bot.pid)) - used) / PER_SIDE) * 1e6;
      await clear(database);
      const theirs = PER_SIDE / (await postAll(bare.port, someRequests(bare.port, `b${pair}`), CONNECTIONS));
      await clear(database);
      if (pair > 0) measured.push({ ours, bare: theirs, cpuMicros });
    }
    return measured;
  } finally {
    bare.end();
    await stage.close();
  }
}

async function clear({ sql }: BenchDatabase): Promise<void> {
  await sql`truncate provider_events, graphile_worker._private_jobs`;
  await sql`checkpoint`;
}

function someRequests(port: number, seed: string): Buffer[] {
  return Array.from({ length: PER_SIDE }, (_, index) => {
    const text = Math.floor(index / STATUSES.length);
    const subject = { token: `${seed}-${text}`, ref: `SM${seed}${text}`, to: '+12122000080' };
    return callbackBytes(port, subject, STATUSES[index % STATUSES.length] ?? '');
  });
}

async function startBare(url: string): Promise<{ port: number; end(): void }> {
  const script = fileURLToPath(new URL('./bare-webhook.ts', import.meta.url));
  const child = spawn(process.execPath, [script, url, AUTH_TOKEN], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { port: Number(said.toString()), end: () => void child.kill('SIGKILL') };
}

async function steady(database: BenchDatabase, script: string[]): Promise<number[]> {
  await database.reset();
  const stage = await openStage(database, { script });
  try {
    const subjects = await textsUnderWay(stage, (STEADY_PER_SECOND * STEADY_SECONDS) / STATUSES.length);
    const requests = STATUSES.flatMap((status) =>
      subjects.map((subject) => callbackBytes(stage.bot.port, subject, status)),
    );
    const waits = await postSteadily(stage.bot.port, requests, STEADY_PER_SECOND);
    await sleep(1_000);
    const [row] = await database.sql<
      { n: number }[]
    >`select count(*)::int as n from attempts where outcome = 'delivered'`;
    if (row?.n !== subjects.length)
      throw new Error(`${row?.n} of ${subjects.length} texts were merged to their end`);
    return waits;
  } finally {
    await stage.close();
  }
}

/** Attempts as they are once the carrier has accepted them, in a campaign that is running. */
export async function textsUnderWay({ sql, campaign, deps }: BenchStage, count: number): Promise<Subject[]> {
  const campaignId = await campaign({ name: 'Under way', contacts: count });
  const now = deps.clock.now().toISOString();
  await sql`update campaigns set status = 'running', started_at = ${now}, resumed_at = ${now} where id = ${campaignId}`;
  await sql`update contacts set status = 'in_progress', last_n = 1, attempts = 1, next_attempt_at = null where campaign_id = ${campaignId}`;
  return sql<Subject[]>`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender, body,
      segments, state, provider, provider_ref, gate, asked_at, created_at)
    select 'token-' || c.id, p.workspace_id, p.id, c.id, p.run_number, 'sms', 1, c.phone_number, '+12025550100', 'Hello', 1,
      'in_progress', 'twilio', 'SM' || c.id, '{}', ${now}, ${now}
    from contacts c join campaigns p on p.id = c.campaign_id where p.id = ${campaignId}
    returning token, provider_ref as ref, phone_number as to`;
}
