import { setTimeout as sleep } from 'node:timers/promises';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { type BenchDatabase, withDatabase } from './database.ts';
import { percentile, round } from './figures.ts';
import { residentMegabytes } from './processes.ts';
import { openStage } from './stage.ts';
import { openTalks } from './talks.ts';

const SESSIONS = 300;
const WARM = 50;
const BAR_MB = 1;
const SETTLE_MS = 3_000;
const TURNS = 5;

/**
 * What one conversation costs in memory: the bot's process with 300 people in the middle of a talk, against itself with
 * none, once it has held some. All must be answered.
 */
export async function sessions(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    await database.reset();
    const stage = await openStage(database, { script });
    try {
      const warm = await openTalks(stage, WARM);
      await Promise.all(warm.map((talker) => talker.say('Who is this?')));
      for (const talker of warm) talker.hangUp();
      await sleep(SETTLE_MS);
      const before = await residentMegabytes(stage.bot.pid);
      const talkers = await openTalks(stage, SESSIONS);
      const waits: number[] = [];
      for (let turn = 0; turn < TURNS; turn += 1) {
        waits.push(...(await Promise.all(talkers.map((talker) => talker.say('Who is this?')))));
      }
      await sleep(SETTLE_MS);
      const after = await residentMegabytes(stage.bot.pid);
      await checkAll(database);
      for (const talker of talkers) talker.hangUp();
      const each = round((after - before) / SESSIONS, 3);
      return [
        {
          id: 'sessions',
          value: each,
          unit: 'MB each',
          bar: `< ${BAR_MB}`,
          pass: each < BAR_MB,
          detail: `${SESSIONS} conversations at once, ${round(before, 0)} to ${round(after, 0)} MB; all asking at one instant are answered within ${round(percentile(waits, 0.99), 0)} ms (p99)`,
        },
      ];
    } finally {
      await stage.close();
    }
  });
}

/** Every turn of everybody was stored: greeting, first words, and each question with its answer. */
async function checkAll({ sql }: BenchDatabase): Promise<void> {
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from (select call_id from call_turns group by call_id having count(*) = ${2 + 2 * TURNS}) as whole`;
  if (row?.n !== SESSIONS) throw new Error(`${row?.n} of ${SESSIONS} conversations were stored whole`);
}
