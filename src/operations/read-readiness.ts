import { oldestDueJobSeconds } from '#db/queue.ts';
import type { Deps } from './deps.ts';

/** Due work that waits longer than this means that no worker runs. */
const LATE_SECONDS = 120;

export type Readiness = {
  status: 'ok' | 'not_ready';
  database: 'ok' | 'unreachable';
  queue_age_seconds: number | null;
};

/** Whether this process can do its work: the database answers and due work is being done. Never throws. */
export async function readReadiness(deps: Pick<Deps, 'db' | 'clock'>): Promise<Readiness> {
  try {
    const age = await oldestDueJobSeconds(deps.db, deps.clock.toReal(deps.clock.now()));
    return { status: age > LATE_SECONDS ? 'not_ready' : 'ok', database: 'ok', queue_age_seconds: age };
  } catch {
    return { status: 'not_ready', database: 'unreachable', queue_age_seconds: null };
  }
}
