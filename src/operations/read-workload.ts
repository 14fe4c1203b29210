import { countRunning } from '#db/campaigns.ts';
import { readQueue } from '#db/queue.ts';
import type { Workload } from '#ports/meters.ts';
import type { Deps } from './deps.ts';

/** What there is to do at this moment, for operators; null when the database cannot be asked. Never throws. */
export async function readWorkload(deps: Pick<Deps, 'db' | 'clock'>): Promise<Workload | null> {
  try {
    const queue = await readQueue(deps.db, deps.clock.toReal(deps.clock.now()));
    return { ...queue, runningCampaigns: await countRunning(deps.db) };
  } catch {
    return null;
  }
}
