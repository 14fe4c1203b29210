import { changeCall, type DeskCall } from '#db/call-desk.ts';
import { lockCallFigures } from '#db/call-figures.ts';
import { type CallRow, keepAcceptedCalls, reopenAttempt } from '#db/calls.ts';
import type { Transaction } from '#db/client.ts';
import { LONGEST_SILENCE_MS } from '#domain/abandonment.ts';
import type { AttemptOutcome } from '#domain/attempt.ts';
import { type AnsweredBy, DETECTION_SECONDS, RING_SECONDS } from '#domain/call.ts';
import { acceptsVerdict, verdictAction } from '#domain/call-status.ts';
import { sweepAfterMs } from '#domain/look-times.ts';
import type { CallDesk, CallStep } from '#ports/call-flow.ts';
import { beginSteps, HANG_UP, voicemailSteps } from './call-steps.ts';
import type { Deps } from './deps.ts';
import { type AbandonReason, mayNotBeCalled, noteAbandoned, refuseStray, takeDeskCall } from './desk-call.ts';
import { settleAttempts } from './settle-attempts.ts';

/** Half a minute more than ringing and a verdict may take: what was asked for earlier stood in the provider's queue. */
const LONGEST_RING_MS = (RING_SECONDS + DETECTION_SECONDS + 30) * 1_000;

/** Attempts that ended because nobody believed any more that they would ring. */
const GIVEN_UP: readonly (AttemptOutcome | null)[] = ['withdrawn', 'not_placed', 'throttled'];

type Asked = Parameters<CallDesk['answer']>[0];

/**
 * Somebody, or something, picked up a call of ours: the assistant takes it, a machine gets its message or nothing. What
 * must not be said any more is not said: the person opted out while it rang, the campaign was cancelled, or the provider
 * had kept the call in its queue until after their hours. Asked twice, it answers the same.
 */
export async function answerCall(deps: Deps, asked: Asked): Promise<CallStep[]> {
  return deps.db.transaction(async (tx) => {
    const desk = await takeDeskCall(deps, tx, asked);
    if (!desk || !(await isOurs(deps, tx, desk, asked.ref))) return HANG_UP;
    const steps = await answerIn(deps, tx, desk, asked);
    // One that was given up had given back what was reserved for it.
    if (desk.attempt?.state === 'ended') await settleAttempts(tx, [desk.attempt.id]);
    return steps;
  });
}

/** Whether the attempt is still under way; one that had been given up is taken back where its contact has not gone on. */
async function isOurs(
  deps: Deps,
  tx: Transaction,
  { call, attempt, campaign }: DeskCall,
  ref: string,
): Promise<boolean> {
  if (!attempt) return false;
  if (attempt.state === 'ended') {
    if (!GIVEN_UP.includes(attempt.outcome)) return false;
    await lockCallFigures(tx, [attempt]);
    if (!(await reopenAttempt(tx, attempt))) {
      await refuseStray(deps, tx, { call, attempt, campaign }, ref);
      return false;
    }
  } else if (call.endedAt !== null) return false;
  const lookAt = new Date(deps.clock.now().getTime() + sweepAfterMs(call.script.maxSeconds));
  await keepAcceptedCalls(tx, [{ id: attempt.id, ref, lookAt }]);
  return true;
}

async function answerIn(
  deps: Deps,
  tx: Transaction,
  desk: DeskCall,
  { verdict, silentMs = null }: Asked,
): Promise<CallStep[]> {
  const { call } = desk;
  const { script, spokeAt } = call;
  const now = deps.clock.now();
  const isNew = verdict !== null && acceptsVerdict({ isOpen: true, ...call }, verdict);
  const answeredBy = isNew ? verdict : call.answeredBy;
  const action = spokeAt === null ? verdictAction(answeredBy, script.voicemail) : null;
  const why = await whyNot(deps, tx, desk);
  await changeCall(tx, call.id, {
    answeredAt: call.answeredAt ?? now,
    ...(isNew && { answeredBy, answeredByAt: now }),
    ...(action && { verdictActedAt: call.verdictActedAt ?? now }),
    ...(action === 'leave_message' && !why && { voicemailLeftAt: call.voicemailLeftAt ?? now }),
  });
  const abandoned = abandonmentOf(call, why, wasSilent(verdict, silentMs));
  if (abandoned && !action) await noteAbandoned(deps, tx, desk, abandoned);
  if (why || action === 'hang_up') return HANG_UP;
  return action === 'leave_message' ? voicemailSteps(script) : beginSteps(deps, tx, call);
}

/** What a call counts as abandoned for, the first time that the provider asks about it. */
function abandonmentOf(
  { answeredAt, answeredBy }: CallRow,
  why: AbandonReason | null,
  isSilent: boolean,
): AbandonReason | null {
  if (why) return answeredAt === null ? why : null;
  return isSilent && answeredBy === null ? 'silence' : null;
}

/** Whether a person heard nothing for longer than the law allows (telephony.md §6); a machine has nobody who minds. */
function wasSilent(answeredBy: AnsweredBy | null, silentMs: number | null): boolean {
  const isPerson = answeredBy === 'human' || answeredBy === 'unknown';
  return isPerson && silentMs !== null && silentMs > LONGEST_SILENCE_MS;
}

/** Why nothing may be said on this call any more, or null. */
async function whyNot(deps: Deps, tx: Transaction, desk: DeskCall): Promise<AbandonReason | null> {
  if (await mayNotBeCalled(tx, desk)) return 'suppressed';
  if (desk.campaign?.status === 'cancelled') return 'cancelled';
  return desk.attempt && isAfterHours(deps, desk.attempt) ? 'after_hours' : null;
}

/** Whether it began to ring after the person's hours, for all we know. One that rang in time may be answered a little late. */
function isAfterHours(deps: Deps, { gate, askedAt, createdAt }: NonNullable<DeskCall['attempt']>): boolean {
  if (gate.closesAt === null) return false;
  const nowMs = deps.clock.now().getTime();
  return nowMs >= Date.parse(gate.closesAt) && nowMs > (askedAt ?? createdAt).getTime() + LONGEST_RING_MS;
}
