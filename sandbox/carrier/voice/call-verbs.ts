import { E164 } from '#sandbox/carrier/create-checks.ts';
import type { Exchange } from '#sandbox/carrier/exchange.ts';
import type { Verbs } from '#sandbox/page-protocol.ts';
import { endCall } from './ending.ts';
import { numberToCall, receiveCall } from './inbound-calls.ts';
import { pickUp } from './leg.ts';
import type { LiveCall } from './live-call.ts';
import { pressKey, speak } from './utterances.ts';
import { OWN_VOICEMAIL } from './voice-rules.ts';

export type VerbAnswer = { ok: true } | { ok: false; error: string };
export type CallAnswer = { ok: true; callSid: string } | { ok: false; error: string };

const DECLINED_SIP_CODE = 603;

/** What a person on the page does on the phone. */
export function callVerbs(exchange: Exchange) {
  const onCall = (callSid: string, isRinging: boolean, task: (live: LiveCall) => void): VerbAnswer => {
    const live = exchange.live.get(callSid);
    if (!live) return { ok: false, error: 'This call is over.' };
    const { status, direction } = live.call;
    if (isRinging && (status !== 'ringing' || direction === 'inbound'))
      return { ok: false, error: 'This call does not ring.' };
    if (!isRinging && status !== 'in-progress') return { ok: false, error: 'Nobody has answered this call.' };
    task(live);
    return { ok: true };
  };
  return {
    callFromPhone: (input: Verbs['call-from-phone']) => callFromPhone(exchange, input),
    answerCall: ({ callSid }: Verbs['answer-call']) =>
      onCall(callSid, true, (live) => pickUp(exchange, live, null)),
    declineCall: ({ callSid }: Verbs['decline-call']) =>
      onCall(callSid, true, (live) => endCall(exchange, live, 'no-answer', DECLINED_SIP_CODE)),
    sendCallToVoicemail: ({ callSid }: Verbs['send-call-to-voicemail']) =>
      onCall(callSid, true, (live) => pickUp(exchange, live, OWN_VOICEMAIL)),
    sayOnCall: ({ callSid, text }: Verbs['say-on-call']): VerbAnswer => {
      const words = text.trim();
      if (words === '') return { ok: false, error: 'There is nothing to say.' };
      return onCall(callSid, false, (live) => {
        void speak(exchange, live, words, { isTyped: true, isGreeting: false });
      });
    },
    pressKey: ({ callSid, digit }: Verbs['press-key']): VerbAnswer => {
      if (!/^[0-9*#]$/.test(digit)) return { ok: false, error: `${digit} is no key of a phone.` };
      return onCall(callSid, false, (live) => pressKey(exchange, live, digit));
    },
    hangUpCall: ({ callSid }: Verbs['hang-up-call']) => hangUp(exchange, callSid),
  };
}

/** Whoever calls may also give up before anybody has answered. */
function hangUp(exchange: Exchange, callSid: string): VerbAnswer {
  const live = exchange.live.get(callSid);
  if (!live) return { ok: false, error: 'This call is over.' };
  if (live.call.answeredAt !== null) endCall(exchange, live, 'completed');
  else if (live.call.direction === 'inbound') endCall(exchange, live, 'no-answer');
  else endCall(exchange, live, 'no-answer', DECLINED_SIP_CODE);
  return { ok: true };
}

function callFromPhone(
  exchange: Exchange,
  { contactNumber, botNumber }: Verbs['call-from-phone'],
): CallAnswer {
  if (!E164.test(contactNumber)) return { ok: false, error: `${contactNumber} is not a full phone number.` };
  const number = botNumber ?? numberToCall(exchange, contactNumber);
  const ours = exchange.senders.numbers.get(number ?? '');
  if (!ours?.voice) return { ok: false, error: 'None of the bot’s numbers can be called.' };
  if (!ours.voiceUrl) return { ok: false, error: 'The bot takes no calls to this number yet.' };
  const call = receiveCall(exchange, contactNumber, ours.phoneNumber, ours.voiceUrl);
  return { ok: true, callSid: call.sid };
}
