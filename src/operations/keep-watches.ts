import { replaceWatches, type Watch } from '#db/feed.ts';
import type { Deps } from './deps.ts';

const LEASE_MS = 30_000;
const RENEW_AFTER_MS = 10_000;

/**
 * Lets every process know what this one watches: changes of that, and of nothing else, are told of. A process that dies is
 * forgotten after 30 s of real time. Returns when to say so again at the latest.
 */
export async function keepWatches(
  deps: Pick<Deps, 'db' | 'clock'>,
  { processId, watches }: { processId: string; watches: Watch[] },
): Promise<{ renewAt: Date }> {
  const renewAt = deps.clock.realDelay(RENEW_AFTER_MS);
  const lease = { leaseUntil: deps.clock.realDelay(LEASE_MS), now: deps.clock.now() };
  await replaceWatches(deps.db, processId, watches, lease);
  return { renewAt };
}
