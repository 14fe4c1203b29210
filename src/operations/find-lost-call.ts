import { readCallOf } from '#db/calls.ts';
import { type AttemptRow, readAttempt } from '#db/ledger.ts';
import { bringLookForward, ownedRefs, scheduleLook } from '#db/looks.ts';
import type { Deps } from './deps.ts';
import { endAttempts } from './end-attempts.ts';
import { mergeFound } from './fetch-call-report.ts';
import { EMPTY_LOOKS_TO_RELEASE, SECOND_LOOK_REAL_MS, SKEW_MS } from './find-lost-text.ts';
import { stopCampaigns } from './stop-campaigns.ts';
import { lookLater } from './wake-campaign.ts';

/** When a call that was adopted is looked at again. */
const ADOPTED_LOOK_REAL_MS = 30_000;

/**
 * Looks for a call whose answer was lost: one that has asked for instructions since is known already; else the provider's
 * own list is read, without a start time, which a queued call does not have (telephony.md §2). What it finds is adopted and
 * merged as a report, an end too; two empty looks let the contact go. Throws `LookupFailed` when the list cannot be had.
 */
export async function findLostCall(deps: Deps, attempt: AttemptRow): Promise<void> {
  const ref = (await readCallOf(deps.db, attempt.id))?.providerRef ?? (await listedRef(deps, attempt));
  if (ref) {
    deps.log.info({ attemptId: attempt.id }, 'a call whose answer was lost was found at the provider');
    const event = await deps.telephony.fetchCall(ref);
    await mergeFound(deps, attempt, { ...event, token: attempt.token });
    // Its campaign may have been stopped meanwhile, or its contact's hours end: the next look takes it back then.
    const lookAt = deps.clock.realDelay(ADOPTED_LOOK_REAL_MS);
    await bringLookForward(deps.db, attempt.id, lookAt);
    return lookLater(deps.db, deps, lookAt);
  }
  const emptyLooks = attempt.emptyLooks + 1;
  if (emptyLooks >= EMPTY_LOOKS_TO_RELEASE) return release(deps, attempt);
  await scheduleLook(deps.db, attempt, { lookAt: deps.clock.realDelay(SECOND_LOOK_REAL_MS), emptyLooks });
}

/** The oldest call to this person since we asked that no attempt owns: two are never under way to one number. */
async function listedRef(deps: Deps, attempt: AttemptRow): Promise<string | null> {
  const askedAt = attempt.askedAt ?? attempt.createdAt;
  const since = new Date(askedAt.getTime() - SKEW_MS);
  const listed = await deps.telephony.findCalls({ to: attempt.phoneNumber, from: attempt.sender, since });
  const refs = listed.map(({ ref }) => ref);
  const owned = await ownedRefs(deps.db, attempt.provider, refs);
  return listed.findLast(({ ref, createdAt }) => !owned.has(ref) && createdAt >= since)?.ref ?? null;
}

/** Lets the contact go; not when a report came in, or instructions were asked for, while we looked. */
async function release(deps: Deps, { id }: AttemptRow): Promise<void> {
  const stops = await deps.db.transaction(async (tx) => {
    const now = await readAttempt(tx, id);
    if (now?.state !== 'unknown' || now.providerRef !== null) return [];
    if ((await readCallOf(tx, id))?.providerRef) return [];
    return endAttempts(deps, tx, [{ id, outcome: 'not_placed', ref: null, status: null, refusal: null }]);
  });
  await stopCampaigns(deps, stops);
}
