import { isCampaignRunning } from '#db/calls.ts';
import { bringLookForward } from '#db/looks.ts';
import { queuedCalls } from '#db/unwanted-calls.ts';
import type { Deps } from './deps.ts';
import { lookLater } from './wake-campaign.ts';

const AT_ONCE = 5;
/** Should the report of the cancelling not come, the call is looked at after this. */
const LOOK_REAL_MS = 30_000;

/**
 * Takes back the calls of a stopped campaign that the provider has queued: nobody's phone rings yet, and it could hold them
 * back until after hours (telephony.md §2). Calls that ring or are under way go on. Their reports end the attempts, and the
 * contacts wait again. A campaign that runs
 * keeps its calls, except those to people who have come onto the do-not-call list.
 */
export async function cancelQueuedCalls(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const isRunning = await isCampaignRunning(deps.db, campaignId);
  const queued = (await queuedCalls(deps.db, campaignId)).filter((call) => !isRunning || call.isSuppressed);
  const lookAt = deps.clock.realDelay(LOOK_REAL_MS);
  for (let from = 0; from < queued.length; from += AT_ONCE) {
    await Promise.all(
      queued.slice(from, from + AT_ONCE).map(async ({ id, ref }) => {
        await deps.telephony.cancelCall(ref);
        await bringLookForward(deps.db, id, lookAt);
      }),
    );
  }
  if (queued.length > 0) await lookLater(deps.db, deps, lookAt);
}
