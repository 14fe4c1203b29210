import { setTimeout as sleep } from 'node:timers/promises';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { median, percentile, round } from './figures.ts';
import { openStage } from './stage.ts';
import { openTalks, type Talker } from './talks.ts';

const SESSIONS = 100;
const SECONDS = 10;
const BURSTS = 5;
const BAR_MS = 20;
/** Questions that the script answers without coming to its end, so that each can be asked again. */
const QUESTIONS = [
  'Who is this?',
  'Sorry, can you say that again?',
  'What is this about?',
  'Are you a robot?',
];

/**
 * From a final prompt to the first words of the answer, over the real socket to the bot in its own process, which stores
 * every turn meanwhile: a hundred people in conversation at once, each asking once a second at a moment of their own.
 */
export async function speechLatency(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    await database.reset();
    const stage = await openStage(database, { script });
    try {
      const talkers = await openTalks(stage, SESSIONS);
      await askAll(talkers, 0, 2);
      const waits = await askAll(talkers, 2, SECONDS);
      const bursts: number[] = [];
      for (let turn = 0; turn < BURSTS; turn += 1) {
        bursts.push(...(await Promise.all(talkers.map((talker) => talker.say(questionOf(turn))))));
        await sleep(200);
      }
      for (const talker of talkers) talker.hangUp();
      return [rowOf(waits, bursts)];
    } finally {
      await stage.close();
    }
  });
}

/** Everybody asks once a second, for some seconds, each at their own moment of it. */
export async function askAll(talkers: Talker[], first: number, seconds: number): Promise<number[]> {
  const waits = await Promise.all(
    talkers.map(async (talker, index) => {
      const own: number[] = [];
      await sleep((index / talkers.length) * 1_000);
      for (let turn = 0; turn < seconds; turn += 1) {
        const took = await talker.say(questionOf(first + turn + index));
        own.push(took);
        await sleep(Math.max(0, 1_000 - took));
      }
      return own;
    }),
  );
  return waits.flat();
}

function questionOf(turn: number): string {
  return QUESTIONS[turn % QUESTIONS.length] ?? '';
}

function rowOf(waits: number[], bursts: number[]): BenchRow {
  const p99 = round(percentile(waits, 0.99));
  return {
    id: 'speech-latency',
    value: p99,
    unit: 'ms p99',
    bar: `< ${BAR_MS}`,
    pass: p99 < BAR_MS,
    detail:
      `${SESSIONS} sessions, ${waits.length} prompts over the socket; median ${round(median(waits))} ms; ` +
      `all ${SESSIONS} at one instant: median ${round(median(bursts))}, p99 ${round(percentile(bursts, 0.99))} ms`,
  };
}
