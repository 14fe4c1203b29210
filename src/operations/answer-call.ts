import { changeCall, type DeskCall } from '#db/call-desk.ts';
import type { Transaction } from '#db/client.ts';
import type { AnsweredBy } from '#domain/call.ts';
import type { CallDesk, CallStep } from '#ports/call-flow.ts';
import { beginSteps, HANG_UP, voicemailSteps } from './call-steps.ts';
import type { Deps } from './deps.ts';
import { type AbandonReason, mayNotBeCalled, noteAbandoned, takeDeskCall } from './desk-call.ts';

/** Ringing and waiting for a verdict take less; a call that was asked for longer ago stood in the provider's queue. */
const LONGEST_RING_MS = 90_000;

const MACHINES: readonly AnsweredBy[] = ['machine', 'machine_ready', 'fax'];
/** Attempts that ended because nobody believed any more that they would ring. */
const GIVEN_UP: readonly string[] = ['withdrawn', 'not_placed', 'throttled'];

type Asked = Parameters<CallDesk['answer']>[0];

/**
 * Somebody, or something, picked up a call of ours: the assistant takes it, a machine gets its message or nothing. What
 * must not be said any more is not said: the person opted out while it rang, the campaign was cancelled, or the provider
 * had kept the call in its queue until after their hours. Asked twice, it answers the same.
 */
export async function answerCall(deps: Deps, asked: Asked): Promise<CallStep[]> {
  return deps.db.transaction((tx) => answerIn(deps, tx, asked));
}

async function answerIn(deps: Deps, tx: Transaction, asked: Asked): Promise<CallStep[]> {
  const desk = await takeDeskCall(deps, tx, asked);
  if (!desk || desk.call.endedAt !== null) return HANG_UP;
  const { call } = desk;
  const now = deps.clock.now();
  const who = asked.verdict ?? call.answeredBy;
  const isMachine = who !== null && MACHINES.includes(who);
  await changeCall(tx, call.id, {
    answeredAt: call.answeredAt ?? now,
    ...(asked.verdict && call.answeredBy === null ? { answeredBy: asked.verdict, answeredByAt: now } : {}),
  });
  const why = await whyNot(deps, tx, desk);
  if (why) {
    if (call.answeredAt === null && !isMachine && why !== 'over') await noteAbandoned(deps, tx, desk, why);
    return HANG_UP;
  }
  if (!isMachine) return beginSteps(deps, tx, call);
  if (who !== 'machine_ready' || call.script.voicemail === null) return HANG_UP;
  await changeCall(tx, call.id, { voicemailLeftAt: call.voicemailLeftAt ?? now });
  return voicemailSteps(call.script);
}

/** Why nothing may be said on this call, or null. */
async function whyNot(deps: Deps, tx: Transaction, desk: DeskCall): Promise<AbandonReason | 'over' | null> {
  const { attempt, campaign } = desk;
  if (!attempt) return 'over';
  if (attempt.state === 'ended') return GIVEN_UP.includes(attempt.outcome ?? '') ? 'given_up' : 'over';
  if (await mayNotBeCalled(tx, desk)) return 'suppressed';
  if (campaign?.status === 'cancelled') return 'cancelled';
  return isAfterHours(deps, attempt) ? 'after_hours' : null;
}

/** Whether it began to ring after the person's hours, for all we know. One that rang in time may be answered a little late. */
function isAfterHours(deps: Deps, { gate, askedAt, createdAt }: NonNullable<DeskCall['attempt']>): boolean {
  if (gate.closesAt === null) return false;
  const now = deps.clock.now().getTime();
  const rangSince = Math.min(now, (askedAt ?? createdAt).getTime() + LONGEST_RING_MS);
  return now >= Date.parse(gate.closesAt) && now > rangSince;
}
