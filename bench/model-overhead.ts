import { startModelStandIn } from '#sandbox/model/model.ts';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { median, percentile, round } from './figures.ts';
import { askAll } from './speech-latency.ts';
import { openStage } from './stage.ts';
import { openTalks } from './talks.ts';

const SESSIONS = 100;
const SECONDS = 10;
const BAR_MS = 40;

/**
 * What stands between a person's words and the model's: from a final prompt to the first words of an answer whose first
 * token the model gives at once, over the real socket and the model's real HTTP, with a hundred people in conversation.
 */
export async function modelOverhead(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  const model = await startModelStandIn({
    answer: () => ({ text: 'Certainly. What else would you like to know?' }),
  });
  try {
    return await withDatabase(async (database) => {
      await database.reset();
      const env = { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'stand-in' };
      const stage = await openStage(database, { script, env });
      try {
        const talkers = await openTalks(stage, SESSIONS, { hasAssistant: true });
        await askAll(talkers, 0, 2);
        const asked = model.standIn.requests.length;
        const waits = await askAll(talkers, 2, SECONDS);
        for (const talker of talkers) talker.hangUp();
        return [rowOf(waits, model.standIn.requests.length - asked)];
      } finally {
        await stage.close();
      }
    });
  } finally {
    await model.close();
  }
}

function rowOf(waits: number[], requests: number): BenchRow {
  const p99 = round(percentile(waits, 0.99));
  return {
    id: 'model-overhead',
    value: p99,
    unit: 'ms p99',
    bar: `< ${BAR_MS}`,
    pass: p99 < BAR_MS,
    detail: `${SESSIONS} sessions, ${waits.length} prompts, ${requests} answers of the model; median ${round(median(waits))} ms`,
  };
}
