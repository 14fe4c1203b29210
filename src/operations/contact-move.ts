import type { CallRow } from '#db/calls.ts';
import type { ContactMove, EndingContext } from '#db/endings.ts';
import type { AttemptOutcome } from '#domain/attempt.ts';
import type { FailureClass } from '#domain/failure.ts';
import { DEFAULT_MIXED, stepMixed } from '#domain/mixed.ts';
import { type ContactStep, callbackOf, stepContact } from '#domain/retry.ts';

/** An attempt that ended, with its contact and campaign, and its call where it was one. */
export type EndedPair = {
  ending: {
    outcome: AttemptOutcome;
    refusal: { class: FailureClass } | null;
    retryAfterMs?: number;
  };
  context: EndingContext;
  call: CallRow | null;
};

/**
 * Where the contact of an ended attempt goes: to the call back they were promised, to another try, to the other channel of
 * a mixed campaign, or to their end. Whoever opted out on the call is done with (telephony.md §9).
 */
export function moveAfter(pair: EndedPair, now: Date): ContactMove {
  const { context } = pair;
  const callbackAt = callbackAfter(pair, now);
  const step = stepAfter(pair, now);
  const used = usedOn(context) + (step.consumed ? 0 : -1);
  const move = {
    id: context.contactId,
    skipReason: step.skipReason,
    usedChange: step.consumed ? 0 : -1,
    nextChannel: null,
    firstStatus: null,
    usedOnChannel: used,
    callbacks: context.callbacks,
  };
  if (callbackAt) {
    return {
      ...move,
      status: 'pending',
      skipReason: null,
      nextAttemptAt: callbackAt.toISOString(),
      waitReason: 'callback',
      nextChannel: context.campaignType === 'mixed' ? 'call' : null,
      firstStatus: context.firstStatus,
      callbacks: context.callbacks + 1,
    };
  }
  if (context.campaignType !== 'mixed') {
    return {
      ...move,
      status: step.status,
      nextAttemptAt: step.nextAttemptAt?.toISOString() ?? null,
      waitReason: waitOf(step, context),
    };
  }
  const mixed = stepMixed({
    settings: context.mixedSettings ?? DEFAULT_MIXED,
    channel: context.channel,
    step,
    firstStatus: context.firstStatus,
    hasReplied: hasAnswered(pair, step),
    isStopped: isStopped(context),
    endedAt: now,
  });
  return {
    ...move,
    status: mixed.status,
    skipReason: mixed.skipReason,
    nextAttemptAt: mixed.nextAttemptAt?.toISOString() ?? null,
    waitReason: mixed.waitReason ?? waitOf(mixed, context),
    nextChannel: mixed.nextChannel,
    firstStatus: mixed.firstStatus,
    usedOnChannel: mixed.waitReason === 'follow_up' ? 0 : used,
  };
}

/** What becomes of the contact on the attempt's own channel. */
function stepAfter(pair: EndedPair, now: Date): ContactStep {
  const { ending, context, call } = pair;
  if (call && isOptedOut(pair) && PEOPLE_HEARD.includes(ending.outcome))
    return { status: 'completed', nextAttemptAt: null, skipReason: null, consumed: true };
  return stepContact({
    outcome: isCanceledElsewhere(pair, now) ? 'carrier_failed' : ending.outcome,
    failureClass: ending.refusal?.class ?? null,
    attemptsUsed: usedOn(context),
    maxAttempts: context.maxAttempts,
    retryDelayMinutes: context.retryDelayMinutes,
    endedAt: now,
    hasLeftMessage: call?.voicemailLeftAt != null,
    retryAfterMs: ending.retryAfterMs,
    isCampaignStopped: isStopped(context),
    policy: context.retryPolicy,
  });
}

/**
 * A call that was cancelled although its campaign runs and its contact's hours are open: not by the engine, so the phone may
 * have rung. It is tried again after the delay and counts, or it could ring over and over.
 */
function isCanceledElsewhere({ ending, context, call }: EndedPair, now: Date): boolean {
  if (call === null || ending.outcome !== 'canceled' || context.campaignStatus !== 'running') return false;
  return context.closesAt !== null && now < new Date(context.closesAt);
}

/** Outcomes on which somebody may have heard and answered the offer to be left alone. */
const PEOPLE_HEARD: readonly AttemptOutcome[] = ['answered', 'hung_up', 'voicemail'];

function callbackAfter(pair: EndedPair, now: Date): Date | null {
  const { ending, context, call } = pair;
  return callbackOf({
    outcome: ending.outcome,
    callbackAt: call?.callbackAt ?? null,
    callbacks: context.callbacks,
    isOptedOut: isOptedOut(pair),
    isCampaignStopped: isStopped(context),
    endedAt: now,
  });
}

/** The cap counts the attempts of the channel in use; in a campaign of one channel those are all. */
function usedOn(context: EndingContext): number {
  return context.campaignType === 'mixed' ? context.usedOnChannel : context.used;
}

function isOptedOut({ context, call }: EndedPair): boolean {
  return context.isOptedOut || call?.result === 'opted_out';
}

function isStopped(context: EndingContext): boolean {
  return context.campaignStatus === 'cancelled' || context.campaignRun !== context.runNumber;
}

/** A call that they were promised and that was not made is owed to them, whatever they wrote. */
function hasAnswered(pair: EndedPair, step: ContactStep): boolean {
  const { hasReplied, hasTexted } = pair.context;
  const isOwed = waitOf(step, pair.context) === 'callback';
  return isOptedOut(pair) || (!isOwed && (hasReplied || hasTexted));
}

function waitOf(
  step: Pick<ContactStep, 'status' | 'consumed'>,
  { isPromised }: EndingContext,
): 'retry' | 'callback' | null {
  if (step.status !== 'pending') return null;
  if (step.consumed) return 'retry';
  return isPromised ? 'callback' : null;
}
