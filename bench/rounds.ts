import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchDatabase, withDatabase } from './database.ts';
import { median, round } from './figures.ts';
import { type BenchStage, openStage, type StageOptions } from './stage.ts';

const ROUNDS = 3;
const POLL_MS = 50;

type Rounds = {
  options: StageOptions;
  /** What happens at the start of each round, with no bot running. */
  before?: () => Promise<void>;
  measure: (database: BenchDatabase, stage: BenchStage) => Promise<{ rate: number; cost: string }>;
};

/** Rounds, each with an empty database and a stage of its own: the middle one's rate, and the last one's cost. */
export async function measureRounds({ options, before, measure }: Rounds) {
  return withDatabase(async (database) => {
    const rates: number[] = [];
    let cost = '';
    for (let turn = 1; turn <= ROUNDS; turn += 1) {
      await before?.();
      await database.reset();
      const stage = await openStage(database, options);
      try {
        const run = await measure(database, stage);
        rates.push(run.rate);
        cost = run.cost;
      } finally {
        await stage.close();
      }
    }
    return { value: round(median(rates), 0), cost };
  });
}

/** Until no contact of the campaign is open, and every report of the carrier is merged. */
export async function untilMerged(sql: BenchDatabase['sql'], campaignId: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ open: number }[]>`
      select (select count(*) from contacts where campaign_id = ${campaignId} and status in ('pending', 'in_progress'))
        + (select count(*) from provider_events where merged_at is null) as open`;
    if (Number(row?.open) === 0) return;
    await sleep(POLL_MS);
  }
}
