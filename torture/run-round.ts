import { pressStart } from './campaign.ts';
import type { Kind } from './campaigns.ts';
import { makeCampaigns } from './campaigns.ts';
import { createDice } from './dice.ts';
import { gatherEvidence } from './evidence.ts';
import { type KillName, killAt, killNames } from './kills.ts';
import {
  acceptedCalls,
  acceptedTexts,
  addContacts,
  END_PATIENCE_MS,
  isOver,
  judge,
  waitForEnd,
  watchRound,
} from './round.ts';
import { openStage, type Pace, type Stage } from './stage.ts';
import { textStops } from './stops.ts';
import { makeWeather } from './weather.ts';

export type RoundOptions = {
  databaseUrl: string;
  seed: string;
  /** What is run at the same time; texts alone by default. */
  kind?: Kind;
  contacts: number;
  kills: number;
  script: readonly string[];
  pace?: Pace;
};

export type RoundReport = {
  seed: string;
  seconds: number;
  kills: Map<KillName, number>;
  /** Kills that fell while the campaign was running. */
  killsWhileRunning: number;
  accepted: number;
  calls: number;
  stopsHeard: number;
  resumed: number;
  skipped: number;
  complaints: Map<string, number>;
  deadlocks: number;
  broken: string[];
  /** What was found in the tables, when a promise was broken. */
  evidence: string[];
};

/** Leases of 1.5 s, second looks after 12 s, a quarter of an hour of the carrier's patience in 15 s. */
const PACE: Pace = { speed: 60, haste: 20 };
/** Slow enough for conversations: a minute on the phone takes two seconds. */
const PACE_OF_CALLS: Pace = { speed: 30, haste: 20 };

/** Campaigns whose bot is killed again and again under a sky full of faults, and what became of everybody in them. */
export async function runRound(options: RoundOptions): Promise<RoundReport> {
  const { seed, kills, kind = 'texts', pace = kind === 'texts' ? PACE : PACE_OF_CALLS } = options;
  const startedAt = performance.now();
  const stage = await openStage({ ...options, pace });
  const dice = createDice(seed);
  try {
    let bot = await stage.addBot();
    await bot.ready;
    const planned = await makeCampaigns(stage, { ...options, kind });
    const ids = planned.map(({ id }) => id);
    for (const { id, phones } of planned) await addContacts(stage, id, phones);
    for (const id of ids) await pressStart(stage.deps, id);
    const storm = new AbortController();
    const round = watchRound(stage, ...ids);
    const weather = makeWeather(stage, createDice(`${seed} weather`), storm.signal, kind);
    const phones = [...new Set(planned.flatMap((one) => one.phones))];
    const voices = textStops(stage, createDice(`${seed} stops`), phones, storm.signal);
    const report = { kills: new Map<KillName, number>(), killsWhileRunning: 0 };
    for (let count = 0; count < kills; count += 1) {
      if (await isOver(stage, ids)) break;
      const name = await killAt(dice.pick(killNames(kind)), stage, bot, dice);
      report.kills.set(name, (report.kills.get(name) ?? 0) + 1);
      if (!(await isOver(stage, ids))) report.killsWhileRunning += 1;
      bot = await stage.addBot();
    }
    storm.abort();
    await Promise.all([weather, voices]);
    const ended = await waitForEnd(stage, ids);
    const broken = [
      ...(ended ? [] : [`not over ${END_PATIENCE_MS / 1_000} s after the last kill`]),
      ...stage.losses.map((loss) => `a bot was lost: ${loss}`),
      ...(await judge(stage, ids, round)),
    ];
    round.stop();
    return {
      seed,
      seconds: (performance.now() - startedAt) / 1_000,
      ...report,
      accepted: acceptedTexts(stage).length,
      calls: acceptedCalls(stage).length,
      stopsHeard: round.stops.length,
      resumed: round.resumed(),
      skipped: await countSkipped(stage, ids),
      complaints: stage.complaints,
      deadlocks: await countDeadlocks(stage),
      broken,
      evidence: broken.length > 0 ? await gatherEvidence(stage, broken) : [],
    };
  } finally {
    await stage.close();
  }
}

async function countSkipped(stage: Stage, campaignIds: readonly number[]): Promise<number> {
  const [row] = await stage.client.sql<{ n: number }[]>`
    select count(*)::int as n from contacts where campaign_id = any(${[...campaignIds]}) and status = 'skipped'`;
  return row?.n ?? 0;
}

async function countDeadlocks(stage: Stage): Promise<number> {
  const [row] = await stage.client.sql<{ n: string }[]>`
    select deadlocks as n from pg_stat_database where datname = current_database()`;
  return Number(row?.n);
}
