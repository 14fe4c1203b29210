import { readAssistant } from '#db/assistants.ts';
import { type CallRow, changeCall, type DeskCall } from '#db/call-desk.ts';
import { insertNoteTurn } from '#db/call-transcripts.ts';
import type { Transaction } from '#db/client.ts';
import { isUnwanted } from '#db/unwanted-calls.ts';
import { deskWords } from '#domain/desk-words.ts';
import { type Handoff, readHandoff } from '#domain/handoff.ts';
import type { CallDesk, CallStep, SessionEnd } from '#ports/call-flow.ts';
import { converseStep, dialStep, HANG_UP, sayStep, voicemailSteps } from './call-steps.ts';
import type { Deps } from './deps.ts';
import { mayNotBeCalled, noteAbandoned, takeDeskCall } from './desk-call.ts';
import { endInboundCall } from './end-inbound-call.ts';
import { missTransfer } from './miss-transfer.ts';
import { touchTranscript } from './touch-transcript.ts';

type Asked = Parameters<CallDesk['proceed']>[0];

/**
 * The conversation has ended. When we ended it, its handoff says what follows; when the line to the assistant broke while
 * the person is still there, it is taken up once more without the greeting, and after that they are told and left in
 * peace (telephony.md §4).
 */
export async function proceedCall(deps: Deps, asked: Asked): Promise<CallStep[]> {
  return deps.db.transaction(async (tx) => {
    const desk = await takeDeskCall(deps, tx, asked);
    if (!desk || desk.call.endedAt !== null) return HANG_UP;
    const steps = await stepsAfter(deps, tx, desk, asked.session);
    if (steps.every(({ kind }) => kind === 'say' || kind === 'hang_up'))
      await endInboundCall(deps, tx, desk.call);
    return steps;
  });
}

async function stepsAfter(
  deps: Deps,
  tx: Transaction,
  desk: DeskCall,
  session: SessionEnd,
): Promise<CallStep[]> {
  const { call } = desk;
  if (!session.isLive || session.status === 'completed') return [];
  if (session.status === 'ended') {
    const handoff = readHandoff(session.handoff);
    const words = handoff.say === undefined ? [] : [sayStep(call.script, handoff.say)];
    return [...words, ...(await stepsOf(deps, tx, desk, handoff))];
  }
  // A colleague takes the call over: whichever answer the provider goes by, their phone rings.
  if (call.transferKey !== null) return transfer(deps, tx, desk, call.transferKey);
  return afterBreak(deps, tx, desk, session);
}

async function stepsOf(deps: Deps, tx: Transaction, desk: DeskCall, handoff: Handoff): Promise<CallStep[]> {
  const { call } = desk;
  if (handoff.next === 'transfer') return transfer(deps, tx, desk, call.transferKey ?? handoff.key);
  return handoff.next === 'voicemail' ? leaveVoicemail(deps, tx, call) : HANG_UP;
}

async function leaveVoicemail(deps: Deps, tx: Transaction, call: CallRow): Promise<CallStep[]> {
  if (call.script.voicemail === null || (await isUnwanted(tx, call.id))) return HANG_UP;
  await changeCall(tx, call.id, { voicemailLeftAt: call.voicemailLeftAt ?? deps.clock.now() });
  return voicemailSteps(call.script);
}

async function transfer(
  deps: Deps,
  tx: Transaction,
  desk: DeskCall,
  key: string | null,
): Promise<CallStep[]> {
  const { call } = desk;
  const assistant =
    call.assistantId === null ? null : await readAssistant(tx, call.workspaceId, call.assistantId);
  const target = assistant?.transferTargets.find((one) => one.key === key);
  if (target) {
    if (call.transferKey !== target.key) await changeCall(tx, call.id, { transferKey: target.key });
    return [dialStep(call, target.phoneNumber)];
  }
  deps.log.warn({ callId: call.id, key }, 'a call was to be put through to nobody we know');
  return missTransfer(deps, tx, desk);
}

async function afterBreak(
  deps: Deps,
  tx: Transaction,
  desk: DeskCall,
  session: SessionEnd,
): Promise<CallStep[]> {
  const { call } = desk;
  deps.log.warn({ callId: call.id, problem: session.problem }, 'a conversation broke off');
  if (await mayNotBeCalled(tx, desk)) return HANG_UP;
  if (isFirstBreak(call, session)) {
    await note(deps, tx, call, 'The line to the assistant broke; it was connected again.');
    return [await converseStep(deps, tx, call, null)];
  }
  await noteAbandoned(deps, tx, desk, call.sessions === 0 ? 'no_session' : 'session_lost');
  await note(
    deps,
    tx,
    call,
    'The assistant could not be connected; they were told so and the call was ended.',
  );
  return [sayStep(call.script, deskWords(call.script.language).apology(call.script.companyName)), ...HANG_UP];
}

/**
 * Whether what broke is the first session that ever began, also when the provider tells of it twice. A second one, or one
 * that was offered and never began, is not taken up again.
 */
function isFirstBreak(call: CallRow, { sessionRef }: SessionEnd): boolean {
  if (call.sessions !== 1) return false;
  return sessionRef === null || call.sessionRef === null
    ? call.sessionNonce === null
    : sessionRef === call.sessionRef;
}

async function note(deps: Deps, tx: Transaction, call: CallRow, text: string): Promise<void> {
  await insertNoteTurn(tx, { callId: call.id, text, createdAt: deps.clock.now() });
  await touchTranscript(tx, deps, call.id);
}
