import { readCampaign } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { type AttemptRow, advanceTexts, readAttempt } from '#db/ledger.ts';
import { ownedRefs, scheduleLook } from '#db/looks.ts';
import { type AttemptOutcome, isTest, TEXT_STATUS_RANK } from '#domain/attempt.ts';
import { FIRST_RECEIPT_LOOK_MS } from '#domain/look-times.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { senderOf } from '#domain/sender.ts';
import type { FoundText } from '#ports/telephony.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { type Ending, endAttempts } from './end-attempts.ts';
import { stopCampaigns } from './stop-campaigns.ts';

/** Clocks of two companies differ. */
export const SKEW_MS = 60_000;
/** The second look, after which a text that the provider does not list was never taken (telephony.md §2). */
export const SECOND_LOOK_REAL_MS = 4 * 60_000;
export const EMPTY_LOOKS_TO_RELEASE = 2;

/**
 * Looks for a text whose answer was lost in the provider's own list: adopts what it finds, lets the contact go after two
 * empty looks, and asks a person when it cannot tell. Throws `LookupFailed` when the list cannot be had.
 */
export async function findLostText(deps: Deps, attempt: AttemptRow): Promise<void> {
  const askedAt = attempt.askedAt ?? attempt.createdAt;
  const since = new Date(askedAt.getTime() - SKEW_MS);
  const listed = await deps.telephony.findTexts({
    to: attempt.phoneNumber,
    from: senderOf(attempt.sender),
    since,
  });
  const owned = await ownedRefs(
    deps.db,
    attempt.provider,
    listed.map((text) => text.ref),
  );
  const strays = listed.filter((text) => !owned.has(text.ref) && text.createdAt >= since);
  const found = strays.findLast((text) => text.body === attempt.body);
  if (found) return adopt(deps, attempt, found);
  const emptyLooks = attempt.emptyLooks + 1;
  if (emptyLooks >= EMPTY_LOOKS_TO_RELEASE) {
    // A carrier may rewrite a text (a trial's prefix, shortened links): one that nobody owns may be this one.
    return strays.length > 0
      ? askPerson(deps, attempt, 'the carrier lists a text to this number with other words')
      : release(deps, attempt);
  }
  await scheduleLook(deps.db, attempt, { lookAt: deps.clock.realDelay(SECOND_LOOK_REAL_MS), emptyLooks });
}

async function adopt(deps: Deps, attempt: AttemptRow, found: FoundText): Promise<void> {
  deps.log.info({ attemptId: attempt.id }, 'a text whose answer was lost was found at the provider');
  if (TEXT_STATUS_RANK[found.status] === 3) return end(deps, attempt, found.status as AttemptOutcome, found);
  const lookAt = new Date(deps.clock.now().getTime() + FIRST_RECEIPT_LOOK_MS);
  await deps.db.transaction((tx) =>
    advanceTexts(tx, [{ id: attempt.id, ref: found.ref, status: found.status, lookAt }]),
  );
}

async function end(
  deps: Deps,
  attempt: AttemptRow,
  outcome: AttemptOutcome,
  { ref, status, refusal }: Pick<Ending, 'ref' | 'status' | 'refusal'>,
): Promise<void> {
  const stops = await deps.db.transaction((tx) =>
    endAttempts(deps, tx, [{ id: attempt.id, outcome, ref, status, refusal }]),
  );
  await stopCampaigns(deps, stops);
}

/** Lets the contact go; not when a report came in while we looked, for then the provider has the text after all. */
async function release(deps: Deps, { id }: AttemptRow): Promise<void> {
  const stops = await deps.db.transaction(async (tx) => {
    const now = await readAttempt(tx, id);
    if (now?.state !== 'unknown' || now.providerRef !== null) return [];
    return endAttempts(deps, tx, [{ id, outcome: 'not_placed', ref: null, status: null, refusal: null }]);
  });
  await stopCampaigns(deps, stops);
}

const NOTHING_FOUND = { ref: null, status: null, refusal: null };

/** Puts an attempt whose fate the provider cannot tell before a person; not when a report came in meanwhile. */
export async function askPerson(deps: Deps, attempt: AttemptRow, cause: string): Promise<void> {
  // Whoever tried it on themselves knows whether it came.
  if (isTest(attempt)) return end(deps, attempt, 'assumed_done', NOTHING_FOUND);
  await deps.db.transaction(async (tx) => {
    if (await scheduleLook(tx, attempt, { lookAt: null, state: 'needs_review' }))
      await tell(deps, tx, attempt, cause);
  });
}

async function tell(deps: Deps, tx: Transaction, attempt: AttemptRow, cause: string): Promise<void> {
  const row = await readCampaign(tx, attempt.campaignId);
  await announce(tx, deps, {
    workspaceId: attempt.workspaceId,
    campaignId: attempt.campaignId,
    channelId: row?.campaign.channelId ?? null,
    key: `review:${attempt.id}`,
    content: {
      kind: 'review_note',
      attemptId: attempt.id,
      channel: attempt.channel,
      contactName: null,
      maskedPhone: maskPhone(attempt.phoneNumber),
      askedAt: attempt.askedAt ?? attempt.createdAt,
      cause,
    },
  });
}
