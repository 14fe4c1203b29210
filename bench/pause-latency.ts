import { setTimeout as sleep } from 'node:timers/promises';
import { changeStatus } from '#operations/change-status.ts';
import { CHANNELS, PEOPLE } from '#sandbox/slack/seed.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { median, round } from './figures.ts';
import { type BenchStage, DANA, openStage } from './stage.ts';

const ROUNDS = 5;
const CONTACTS = 20_000;
const RUN_MS = 1_500;
const QUIET_MS = 1_500;
const BAR_MS = 2_000;

/**
 * From a person's typing `/campaign pause` in Slack to the last text that the carrier takes, while the campaign runs as
 * fast as it can: with the way through Slack, the stored delivery and the worker that all those texts keep busy.
 */
export async function pauseLatency(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    const lasts: number[] = [];
    await database.reset();
    const stage = await openStage(database, { script });
    try {
      for (let turn = 1; turn <= ROUNDS; turn += 1) lasts.push(await pauseOnce(stage, turn));
    } finally {
      await stage.close();
    }
    const worst = Math.max(...lasts);
    return [
      {
        id: 'pause-latency',
        value: round(worst / 1_000, 2),
        unit: 's',
        bar: '< 2',
        pass: worst < BAR_MS,
        detail: `typed in Slack until the last create, worst of ${ROUNDS}; median ${round(median(lasts) / 1_000, 2)} s`,
      },
    ];
  });
}

async function pauseOnce(stage: BenchStage, turn: number): Promise<number> {
  const campaignId = await stage.campaign({ name: `Pause ${turn}`, contacts: CONTACTS });
  await changeStatus(stage.deps, { campaignId, move: 'start', actor: DANA });
  await sleep(RUN_MS);
  const from = performance.now();
  const typed = stage.slack.verbs['run-slash-command']({
    userId: PEOPLE.admin,
    channelId: CHANNELS.campaigns,
    text: `/campaign pause ${campaignId}`,
  });
  const lastMs = await untilQuiet(stage, from);
  await typed;
  const [row] = await stage.sql<{ status: string }[]>`select status from campaigns where id = ${campaignId}`;
  if (row?.status !== 'paused') throw new Error(`the campaign is ${row?.status}, not paused`);
  await stage.sql`delete from campaigns where id = ${campaignId}`;
  return lastMs;
}

/** Milliseconds from `from` until the last text was taken: none has come for a while since. */
async function untilQuiet(stage: BenchStage, from: number): Promise<number> {
  let [count, lastAt] = [stage.carrier.accepted().length, performance.now()];
  while (performance.now() - lastAt < QUIET_MS) {
    await sleep(5);
    const now = stage.carrier.accepted().length;
    if (now !== count) [count, lastAt] = [now, performance.now()];
  }
  return lastAt - from;
}
