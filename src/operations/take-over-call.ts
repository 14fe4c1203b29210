import { changeTransferKey, type KnownCall } from '#db/live-calls.ts';
import type { TransferTarget } from '#domain/call.ts';
import { deskWords } from '#domain/desk-words.ts';
import { Refusal } from '#domain/refusal.ts';
import type { CallChange } from '#ports/telephony.ts';
import { dialStep, sayStep } from './call-steps.ts';
import type { Deps } from './deps.ts';
import { type CallOfActor, loadHeldCall } from './load-call.ts';
import { type CallActionResult, tellCallAction } from './tell-call-action.ts';

const SENTENCES: Record<CallChange['kind'], (target: TransferTarget) => string> = {
  done: ({ label }) => `Your phone (${label}) is ringing now; pick it up and the person is on the line.`,
  too_late: () => 'The call had ended by itself before it could be put through to you.',
  unknown: ({ label }) =>
    `The carrier did not answer, so nobody can say whether the call comes to you. If ${label} does not ring within half a minute, try again.`,
};

/**
 * Puts a running call through to the phone of the person who asks, and takes the assistant off it. Throws
 * `no_transfer_target` where none of the assistant's targets is theirs, `call_not_found`, `call_over`,
 * `call_not_answered`, and the refusals of `authorize`.
 */
export async function takeOverCall(deps: Deps, asked: CallOfActor): Promise<CallActionResult> {
  const known = await loadHeldCall(deps, asked, 'listen');
  const { call, ref } = known;
  const target = targetOf(known, asked);
  const { script } = call;
  // Before the carrier is asked: when the conversation breaks off for it, we already know where the call goes.
  await changeTransferKey(deps.db, call.id, call.transferKey, target.key);
  const change = await deps.telephony.redirectCall({
    ref,
    token: call.token,
    steps: [sayStep(script, deskWords(script.language).puttingThrough), dialStep(call, target.phoneNumber)],
  });
  await keep(deps, known, asked, target, change);
  return { kind: change.kind, sentence: SENTENCES[change.kind](target) };
}

function targetOf({ call, assistant }: KnownCall, { actor }: CallOfActor): TransferTarget {
  const userId = actor.kind === 'slack_user' ? actor.userId : null;
  const target = assistant?.transferTargets.find((one) => userId !== null && one.slackUserId === userId);
  if (!target)
    throw new Refusal('no_transfer_target', { assistant: assistant?.name ?? call.script.assistantName });
  return target;
}

async function keep(
  deps: Deps,
  known: KnownCall,
  { actor }: CallOfActor,
  target: TransferTarget,
  change: CallChange,
): Promise<void> {
  const { call } = known;
  if (change.kind === 'unknown')
    deps.log.warn({ callId: call.id, cause: change.cause }, 'nobody knows whether a call was taken over');
  if (change.kind === 'too_late') await changeTransferKey(deps.db, call.id, target.key, call.transferKey);
  if (change.kind !== 'done') return;
  await deps.db.transaction((tx) =>
    tellCallAction(deps, tx, known, {
      kind: 'taken_over',
      actor,
      noted: `The call was put through to ${target.label}.`,
      did: 'took over the call with',
    }),
  );
}
