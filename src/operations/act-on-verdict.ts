import { type CallRow, keepVoicemailLeft, markVerdictActed, readCall } from '#db/calls.ts';
import { isUnwanted } from '#db/unwanted-calls.ts';
import { verdictAction } from '#domain/call-status.ts';
import type { CallChange } from '#ports/telephony.ts';
import { voicemailSteps } from './call-steps.ts';
import type { Deps } from './deps.ts';

/**
 * Carries out what a machine's verdict asks for on a running call: the message is spoken and the call ended, or it is ended
 * at once (campaign-api §7.16). That is marked before the provider is asked and asked once; it is not asked at all when a
 * person has spoken, or the call has ended, since the verdict came; and no message is left for somebody who has come onto
 * the do-not-call list, nor by a cancelled campaign. Where detection came before the call was answered, the
 * answer itself has done this.
 */
export async function actOnVerdict(deps: Deps, { callId }: { callId: number }): Promise<void> {
  const call = await readCall(deps.db, callId);
  const isRunning = call?.script.detection === 'async' && call.providerRef !== null;
  if (!isRunning || !verdictAction(call.answeredBy, call.script.voicemail)) return;
  const marked = await markVerdictActed(deps.db, callId, deps.clock.now());
  if (!marked || marked.providerRef === null) return;
  const change = await ask(deps, marked, marked.providerRef);
  if (change.kind === 'unknown')
    deps.log.warn({ callId, cause: change.cause }, 'whether a machine was dealt with is not known');
}

async function ask(deps: Deps, call: CallRow, ref: string): Promise<CallChange> {
  const { token, script } = call;
  const isMessage = verdictAction(call.answeredBy, script.voicemail) === 'leave_message';
  if (!isMessage || (await isUnwanted(deps.db, call.id))) return deps.telephony.hangUp(ref);
  const change = await deps.telephony.redirectCall({ ref, token, steps: voicemailSteps(script) });
  // A message that may not have been spoken does not count as left: another try is better than none at all.
  if (change.kind === 'done') await keepVoicemailLeft(deps.db, call.id, deps.clock.now());
  return change;
}
