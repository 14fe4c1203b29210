import { changeStatus } from '#operations/change-status.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import type { BenchDatabase } from './database.ts';
import { round, seconds } from './figures.ts';
import { cpuOfTree } from './processes.ts';
import { measureRounds, untilMerged } from './rounds.ts';
import { type BenchStage, DANA } from './stage.ts';

const CALLS = 2_000;
const RATE_BAR = 100;
/** As much as the setting takes: the account's pace is not what is measured. */
const CALLS_PER_SECOND = 1_000;

/**
 * Calls placed with a carrier that answers at once, and their reports merged, by one bot process that shares two cores with
 * the carrier and the database. Every line is busy, so no conversation is in the figure.
 */
export async function callRate(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  const { value, cost } = await measureRounds({
    options: { script, callsPerSecond: CALLS_PER_SECOND },
    measure: placeAll,
  });
  return [
    {
      id: 'call-rate',
      value,
      unit: 'calls/s',
      bar: `>= ${RATE_BAR}`,
      pass: value >= RATE_BAR,
      detail: `${CALLS} calls from start to the last report merged; ${cost}`,
    },
  ];
}

async function placeAll({ sql, serverPid }: BenchDatabase, stage: BenchStage) {
  const campaignId = await stage.campaign({ name: 'Bench', contacts: CALLS, isCall: true });
  const server = await serverPid();
  const cpu = async () => ({ bot: await cpuOfTree(stage.bot.pid), postgres: await cpuOfTree(server) });
  const before = await cpu();
  const from = performance.now();
  await changeStatus(stage.deps, { campaignId, move: 'start', actor: DANA });
  await untilMerged(sql, campaignId);
  const took = seconds(from);
  const after = await cpu();
  const [row] = await sql<{ busy: number; calls: number }[]>`
    select (select count(*) from contacts where campaign_id = ${campaignId} and status = 'busy')::int as busy,
      (select count(distinct provider_ref) from calls where campaign_id = ${campaignId})::int as calls`;
  if (row?.busy !== CALLS || row.calls !== CALLS)
    throw new Error(`${row?.calls} calls, ${row?.busy} of ${CALLS} busy`);
  const perCall = (key: keyof typeof before) =>
    `${round(((after[key] - before[key]) / CALLS) * 1_000, 2)} ms`;
  return {
    rate: CALLS / took,
    cost: `CPU per call: bot ${perCall('bot')}, PostgreSQL ${perCall('postgres')}`,
  };
}
