import { type CallRow, changeCall } from '#db/call-desk.ts';
import type { Transaction } from '#db/client.ts';
import type { CallScript } from '#domain/call.ts';
import type { CallStep } from '#ports/call-flow.ts';
import type { Deps } from './deps.ts';

/** How long a session may take to begin; the provider connects within a second or not at all (telephony.md §4). */
const NONCE_REAL_MS = 60_000;
/** As long as a phone rings that somebody is put through to (telephony.md §2). */
const RING_SECONDS = 25;

export const HANG_UP: CallStep[] = [{ kind: 'hang_up' }];

/** Says something with the assistant's voice. */
export function sayStep({ voice, language }: Pick<CallScript, 'voice' | 'language'>, text: string): CallStep {
  return { kind: 'say', text, voice, language };
}

/** What a machine hears: the message after its beep, where one is to be left. */
export function voicemailSteps(script: CallScript): CallStep[] {
  return script.voicemail === null ? HANG_UP : [sayStep(script, script.voicemail), ...HANG_UP];
}

/** Puts the person through to somebody, who sees our number. */
export function dialStep(call: Pick<CallRow, 'ourNumber'>, phoneNumber: string): CallStep {
  return { kind: 'dial', phoneNumber, callerId: call.ourNumber, ringSeconds: RING_SECONDS };
}

/**
 * Hands a call to the assistant. The nonce lets one session begin; asked for again before one did, the same stands, since
 * nobody knows which of the two answers the provider goes by.
 */
export async function converseStep(
  deps: Pick<Deps, 'clock' | 'randomToken'>,
  tx: Transaction,
  call: Pick<CallRow, 'id' | 'script' | 'sessionNonce'>,
  greeting: string | null,
): Promise<CallStep> {
  const { script } = call;
  const nonce = call.sessionNonce ?? deps.randomToken();
  await changeCall(tx, call.id, {
    sessionNonce: nonce,
    sessionNonceUntil: deps.clock.realDelay(NONCE_REAL_MS),
  });
  const hints = [script.contactName, script.companyName, script.assistantName];
  return {
    kind: 'converse',
    nonce,
    greeting,
    voice: script.voice,
    language: script.language,
    hints: hints.filter((name): name is string => name !== null && name.trim() !== ''),
  };
}

/** The beginning of a conversation; one that has begun goes on without its greeting, and is recorded already. */
export async function beginSteps(
  deps: Pick<Deps, 'clock' | 'randomToken'>,
  tx: Transaction,
  call: Pick<CallRow, 'id' | 'script' | 'sessionNonce' | 'sessions'>,
): Promise<CallStep[]> {
  if (call.sessions > 0) return [await converseStep(deps, tx, call, null)];
  const begin = await converseStep(deps, tx, call, call.script.greeting);
  return call.script.isRecording ? [{ kind: 'record' }, begin] : [begin];
}
