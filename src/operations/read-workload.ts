import { countRunning } from '#db/campaigns.ts';
import { readQueue } from '#db/queue.ts';
import type { Workload } from '#ports/meters.ts';
import type { Deps } from './deps.ts';
import { inTime } from './read-readiness.ts';

/** What there is to do at this moment, for operators; null when the database cannot be asked. Never throws. */
export async function readWorkload(deps: Pick<Deps, 'db' | 'clock'>): Promise<Workload | null> {
  try {
    return await inTime(look(deps));
  } catch {
    return null;
  }
}

async function look({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<Workload> {
  const queue = await readQueue(db, clock.toReal(clock.now()));
  return { ...queue, runningCampaigns: await countRunning(db) };
}
