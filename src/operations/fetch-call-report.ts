import { isCampaignRunning, readCallOf } from '#db/calls.ts';
import { type AttemptRow, lockAttempts, readAttempt } from '#db/ledger.ts';
import { scheduleLook } from '#db/looks.ts';
import { CALL_STATUS_RANK } from '#domain/call.ts';
import { CALL_PRICE_LOOKS_MS, sweepAfterMs } from '#domain/look-times.ts';
import type { CallStatusEvent } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { endUnsettled } from './end-attempts.ts';
import { askPerson } from './find-lost-text.ts';
import { mergeCalls } from './merge-calls.ts';
import { settleAttempts } from './settle-attempts.ts';
import { stopCampaigns } from './stop-campaigns.ts';

/** The next look at a call that is still under way when it should be over, or still queued when it should not be. */
const NEXT_LOOK_REAL_MS = 60_000;
/** The next look at a call that waits for its turn at the provider, in product time. */
const NEXT_UNANSWERED_LOOK_MS = 5 * 60_000;
/** Longer than a carrier queues a call (telephony.md §2: a day). */
const PATIENCE_MS = 25 * 60 * 60_000;
const STILL_UNDER_WAY = 'the carrier has not said for a day how the call ended';

/**
 * The sweeper: asks the provider how a call stands whose end was not reported, or what an ended one cost; what it says is
 * merged like a report. A call that nobody has answered when its contact's hours end, or that is queued while its campaign
 * does not run, is taken back; one that lasts longer than it may is ended. Throws `LookupFailed`.
 */
export async function fetchCallReport(deps: Deps, attempt: AttemptRow): Promise<void> {
  const call = await readCallOf(deps.db, attempt.id);
  const ref = attempt.providerRef ?? call?.providerRef;
  if (!call || !ref) return void (await scheduleLook(deps.db, attempt, { lookAt: null }));
  const event = { ...(await deps.telephony.fetchCall(ref)), token: attempt.token };
  await mergeFound(deps, attempt, event);
  if (attempt.state === 'ended') return planPriceLook(deps, attempt, event);
  if (CALL_STATUS_RANK[event.status] === CALL_STATUS_RANK.completed) return;
  if (ageOf(deps, attempt) > PATIENCE_MS) return askPerson(deps, attempt, STILL_UNDER_WAY);
  const goesOn = await endWhatMustNotGoOn(deps, attempt, { event, ref });
  const lookAt = goesOn ?? deps.clock.realDelay(NEXT_LOOK_REAL_MS);
  const now = await deps.db.transaction((tx) => readAttempt(tx, attempt.id));
  if (now) await scheduleLook(deps.db, now, { lookAt: now.state === 'ended' ? now.lookAt : lookAt });
}

function ageOf({ clock }: Pick<Deps, 'clock'>, { askedAt, createdAt }: AttemptRow): number {
  return clock.now().getTime() - (askedAt ?? createdAt).getTime();
}

/** Merges what a look found on one attempt, as if it had been reported. */
export async function mergeFound(
  deps: Deps,
  { id }: Pick<AttemptRow, 'id'>,
  event: CallStatusEvent,
): Promise<void> {
  const stops = await deps.db.transaction(async (tx) => {
    await lockAttempts(tx, [id]);
    const attempt = await readAttempt(tx, id);
    const { endings, prices } = await mergeCalls(
      deps,
      tx,
      [{ eventId: null, event }],
      attempt ? [attempt] : [],
    );
    const { stops } = await endUnsettled(deps, tx, endings);
    await settleAttempts(tx, [id], prices);
    return stops;
  });
  await stopCampaigns(deps, stops);
}

/** When the call is to be looked at next if it may go on; null when it was asked to end. */
async function endWhatMustNotGoOn(
  { db, clock, telephony }: Deps,
  attempt: AttemptRow,
  { event, ref }: { event: CallStatusEvent; ref: string },
): Promise<Date | null> {
  const nowMs = clock.now().getTime();
  if (event.status === 'in_progress') {
    // It may have been queued for long: its length counts from the answer, as far as we saw it.
    const call = await readCallOf(db, attempt.id);
    const overAtMs = (call?.answeredAt?.getTime() ?? nowMs) + sweepAfterMs(call?.script.maxSeconds ?? 0);
    if (nowMs < overAtMs) return new Date(overAtMs);
    await telephony.hangUp(ref);
    return null;
  }
  const closesAtMs = attempt.gate.closesAt ? Date.parse(attempt.gate.closesAt) : nowMs;
  const isLeftBehind = event.status === 'queued' && !(await isCampaignRunning(db, attempt.campaignId));
  if (nowMs >= closesAtMs || isLeftBehind) {
    await telephony.cancelCall(ref);
    return null;
  }
  return new Date(Math.min(closesAtMs, nowMs + NEXT_UNANSWERED_LOOK_MS));
}

async function planPriceLook(deps: Deps, attempt: AttemptRow, { price }: CallStatusEvent): Promise<void> {
  const waitMs = price ? undefined : CALL_PRICE_LOOKS_MS[attempt.emptyLooks];
  const lookAt = waitMs === undefined ? null : new Date(deps.clock.now().getTime() + waitMs);
  await scheduleLook(deps.db, attempt, { lookAt, emptyLooks: attempt.emptyLooks + 1 });
}
