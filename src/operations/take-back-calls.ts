import { bringLookForward } from '#db/looks.ts';
import { unwantedCalls } from '#db/unwanted-calls.ts';
import type { Deps } from './deps.ts';
import { lookLater } from './wake-campaign.ts';

const AT_ONCE = 5;
/** Should the report of the cancelling not come, the call is looked at after this. */
const LOOK_REAL_MS = 30_000;

/**
 * Takes back the calls of a stopped campaign that the provider has queued: nobody's phone rings yet, and it could hold them
 * back until after hours (telephony.md §2). Once it is cancelled those that ring are taken back as well, and at any time
 * those to people who have come onto the do-not-call list: whoever picked up would only be hung up on. Calls under way go
 * on. Their reports end the attempts, and the contacts wait again.
 */
export async function takeBackCalls(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const unwanted = await unwantedCalls(deps.db, campaignId);
  const lookAt = deps.clock.realDelay(LOOK_REAL_MS);
  for (let from = 0; from < unwanted.length; from += AT_ONCE) {
    await Promise.all(
      unwanted.slice(from, from + AT_ONCE).map(async ({ id, ref }) => {
        await deps.telephony.cancelCall(ref);
        await bringLookForward(deps.db, id, lookAt);
      }),
    );
  }
  if (unwanted.length > 0) await lookLater(deps.db, deps, lookAt);
}
