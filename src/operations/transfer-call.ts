import { changeCall } from '#db/call-desk.ts';
import type { CallVerb } from './run-call-act.ts';

/** Chooses whom the person is put through to once the conversation ends: one of the assistant’s targets, never a number. */
export const transferCall: CallVerb = async (_, tx, call, given) => {
  const target = call.assistant.transferTargets.find(({ key }) => key === given.target_key);
  if (!target) return { ok: false, problem: 'There is nobody to put them through to under this key.' };
  await changeCall(tx, call.id, { transferKey: target.key });
  return { ok: true, told: { transferred_to: target.label } };
};
