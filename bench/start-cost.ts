import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildBundle } from '#torture/bundle.ts';
import type { BenchRow } from './contact-rows.ts';
import { withDatabase } from './database.ts';
import { median, round, seconds } from './figures.ts';
import { residentMegabytes } from './processes.ts';
import { openStage } from './stage.ts';

const PAIRS = 7;
const RATIO_BAR = 10;
const MEMORY_BAR_MB = 130;
const SETTLING_MS = 1_500;

/** The production bundle from the start of its process until it listens, against a node that does nothing. */
export async function startCost(): Promise<BenchRow[]> {
  const script = [await buildBundle('bench'), 'serve'];
  return withDatabase(async (database) => {
    const bares: number[] = [];
    const starts: number[] = [];
    const memories: number[] = [];
    // The first pair warms the caches of both sides and is not counted.
    for (let pair = 0; pair <= PAIRS; pair += 1) {
      const bare = await timeBareNode();
      const { ms, megabytes } = await timeStart(() => openStage(database, { script }));
      if (pair === 0) continue;
      bares.push(bare);
      starts.push(ms);
      memories.push(megabytes);
    }
    const value = round(median(starts) / median(bares));
    const memory = round(median(memories), 0);
    return [
      {
        id: 'start-cost',
        value,
        unit: 'x bare node',
        bar: `<= ${RATIO_BAR}`,
        pass: value <= RATIO_BAR,
        detail: `listening after ${round(median(starts), 0)} ms, node -e 0 takes ${round(median(bares), 0)} ms`,
      },
      {
        id: 'start-cost-memory',
        value: memory,
        unit: 'MB',
        bar: `<= ${MEMORY_BAR_MB}`,
        pass: memory <= MEMORY_BAR_MB,
        detail: `resident ${SETTLING_MS} ms after it listens`,
      },
    ];
  });
}

async function timeBareNode(): Promise<number> {
  const from = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await once(child, 'exit');
  return seconds(from) * 1_000;
}

async function timeStart(
  open: () => ReturnType<typeof openStage>,
): Promise<{ ms: number; megabytes: number }> {
  const stage = await open();
  try {
    await sleep(SETTLING_MS);
    return { ms: stage.startMs, megabytes: await residentMegabytes(stage.bot.pid) };
  } finally {
    await stage.close();
  }
}
