import { holdsCall, keepActionResult, readActionResult, takeAction } from '#db/call-actions.ts';
import type { Transaction } from '#db/client.ts';
import type { Act } from '#domain/conversation/talk.ts';
import type { Deps } from './deps.ts';
import { endTalk } from './end-talk.ts';
import { markDoNotCall } from './mark-do-not-call.ts';
import { noteComplaint } from './note-complaint.ts';
import { noteMachine } from './note-machine.ts';
import { noteWrongNumber } from './note-wrong-number.ts';
import type { TalkingCall } from './open-conversation.ts';
import { recordAnswer } from './record-answer.ts';
import { refuseRecording } from './refuse-recording.ts';
import { scheduleCallback } from './schedule-callback.ts';
import { sendFollowUpText } from './send-follow-up-text.ts';
import { transferCall } from './transfer-call.ts';

/** What came of an act: what is so now, or why nothing was done, in a sentence. `after` follows the commit. */
export type ActResult =
  | { ok: true; told: Record<string, unknown>; after?: () => Promise<void> }
  | { ok: false; problem: string };

/** One act of the assistant, in the transaction that keeps it. */
export type CallVerb = (
  deps: Deps,
  tx: Transaction,
  call: TalkingCall,
  given: Record<string, unknown>,
) => Promise<ActResult>;

const VERBS: Record<Act['tool'], CallVerb> = {
  end_call: endTalk,
  mark_do_not_call: markDoNotCall,
  schedule_callback: scheduleCallback,
  transfer: transferCall,
  record_answer: recordAnswer,
  send_followup_sms: sendFollowUpText,
  note_wrong_number: noteWrongNumber,
  // The row of the act is all that is kept of it.
  note_person_wanted: async () => ({ ok: true, told: {} }),
  note_complaint: noteComplaint,
  note_machine: noteMachine,
  refuse_recording: refuseRecording,
};

/** What somebody wants for good holds also when the call is over, or when another session holds it by now. */
const ALWAYS: readonly Act['tool'][] = [
  'mark_do_not_call',
  'note_wrong_number',
  'note_complaint',
  'refuse_recording',
];

/**
 * Does something on a call, once for each `key`: asked again it answers the same and does nothing. When this returns, it
 * is committed, so that only then it is spoken of (telephony.md §4). Throws when the database fails; nothing was done then.
 */
export async function runCallAct(
  deps: Deps,
  call: TalkingCall,
  { key, act }: { key: string; act: Act },
): Promise<ActResult> {
  const result = await deps.db.transaction((tx) => runIn(deps, tx, call, key, act));
  if (result.ok && result.after) await result.after();
  return result;
}

async function runIn(
  deps: Deps,
  tx: Transaction,
  call: TalkingCall,
  actionKey: string,
  { tool, arguments: given }: Act,
): Promise<ActResult> {
  const action = { callId: call.id, actionKey, tool, arguments: given, createdAt: deps.clock.now() };
  if (!(await takeAction(tx, action))) return asBefore(await readActionResult(tx, call.id, actionKey));
  const mayAct = ALWAYS.includes(tool) || (await holdsCall(tx, call.id, call.sessionRef));
  const result: ActResult = mayAct
    ? await VERBS[tool](deps, tx, call, given)
    : { ok: false, problem: 'The call is over.' };
  await keepActionResult(
    tx,
    action,
    result.ok ? { ok: true, ...result.told } : { ok: false, problem: result.problem },
  );
  return result;
}

function asBefore(kept: Record<string, unknown> | null): ActResult {
  const { ok, problem, ...told } = kept ?? {};
  return ok === true
    ? { ok, told }
    : { ok: false, problem: typeof problem === 'string' ? problem : 'Nothing was done.' };
}
