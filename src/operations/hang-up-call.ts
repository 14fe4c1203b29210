import type { KnownCall } from '#db/live-calls.ts';
import { Refusal } from '#domain/refusal.ts';
import type { CallChange } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { endInboundCall } from './end-inbound-call.ts';
import { type CallOfActor, loadCall } from './load-call.ts';
import { type CallActionResult, tellCallAction } from './tell-call-action.ts';

const SENTENCES: Record<CallChange['kind'], string> = {
  done: 'The call was hung up.',
  too_late: 'The call had ended by itself before it could be hung up.',
  unknown:
    'The carrier did not answer, so nobody can say whether the call was hung up. It may still be going on; try again in a moment.',
};

/**
 * Ends a call on somebody's wish, ringing ones too, and says what really became of it. Throws `call_not_found`,
 * `call_over`, `call_not_answered` while the carrier has not taken it yet, and the refusals of `authorize`.
 */
export async function hangUpCall(deps: Deps, asked: CallOfActor): Promise<CallActionResult> {
  const known = await loadCall(deps, asked, 'stop');
  const { call } = known;
  if (call.endedAt !== null) throw new Refusal('call_over', {});
  if (call.providerRef === null) throw new Refusal('call_not_answered', {});
  const change = await end(deps, call.providerRef, call.answeredAt !== null);
  if (change.kind === 'unknown')
    deps.log.warn({ callId: call.id, cause: change.cause }, 'nobody knows whether a call was hung up');
  if (change.kind === 'done') await keep(deps, known, asked);
  return { kind: change.kind, sentence: SENTENCES[change.kind] };
}

/** One that rings is taken back; one that was answered in that moment is hung up. */
async function end(deps: Deps, ref: string, isAnswered: boolean): Promise<CallChange> {
  if (isAnswered) return deps.telephony.hangUp(ref);
  const taken = await deps.telephony.cancelCall(ref);
  return taken.kind === 'too_late' ? deps.telephony.hangUp(ref) : taken;
}

async function keep(deps: Deps, known: KnownCall, { actor }: CallOfActor): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await tellCallAction(deps, tx, known, {
      kind: 'hung_up',
      actor,
      noted: 'A colleague hung up the call.',
      did: 'hung up the call with',
    });
    await endInboundCall(deps, tx, known.call);
  });
}
