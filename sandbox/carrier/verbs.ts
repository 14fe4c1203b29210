import type { Verbs } from '#sandbox/page-protocol.ts';
import { E164 } from './create-checks.ts';
import { type Exchange, tellPhone } from './exchange.ts';
import { type FaultName, faultOfRow, setFaultChance, switchFault } from './faults.ts';
import { numberToAnswer, receiveText } from './inbound.ts';
import { phoneOf } from './phones.ts';
import { contactNumberOf } from './voice/call-book.ts';
import { type CallAnswer, callVerbs, type VerbAnswer } from './voice/call-verbs.ts';
import { tellCall } from './voice/lines.ts';

/** What the page and the tests can make the carrier and its contacts do. */
export type CarrierVerbs = {
  textFromPhone(input: Verbs['text-from-phone']): VerbAnswer;
  takePhone(input: Verbs['take-phone']): VerbAnswer;
  switchFault(input: Verbs['switch-fault']): VerbAnswer;
  /** From now on this fault happens with a chance between 0 and 1 at every opportunity. */
  setFaultChance(name: FaultName, chance: number): void;
  callFromPhone(input: Verbs['call-from-phone']): CallAnswer;
  answerCall(input: Verbs['answer-call']): VerbAnswer;
  declineCall(input: Verbs['decline-call']): VerbAnswer;
  sendCallToVoicemail(input: Verbs['send-call-to-voicemail']): VerbAnswer;
  sayOnCall(input: Verbs['say-on-call']): VerbAnswer;
  pressKey(input: Verbs['press-key']): VerbAnswer;
  hangUpCall(input: Verbs['hang-up-call']): VerbAnswer;
  /** Where calls to this number of ours ask for instructions. */
  setVoiceUrl(phoneNumber: string, voiceUrl: string | null): void;
  /** Where texts to this number of ours are posted. */
  setSmsUrl(phoneNumber: string, smsUrl: string | null): void;
};

export function carrierVerbs(exchange: Exchange): CarrierVerbs {
  return {
    textFromPhone: (input) => textFromPhone(exchange, input),
    takePhone: (input) => takePhone(exchange, input),
    switchFault: ({ id, isOn, count }) => {
      const name = faultOfRow(id);
      if (!name) return { ok: false, error: 'The carrier has no such fault.' };
      switchFault(exchange.faults, name, isOn, count);
      return { ok: true };
    },
    setFaultChance: (name, chance) => setFaultChance(exchange.faults, name, chance),
    ...callVerbs(exchange),
    setVoiceUrl: (phoneNumber, voiceUrl) => {
      const number = exchange.senders.numbers.get(phoneNumber);
      if (number) number.voiceUrl = voiceUrl;
    },
    setSmsUrl: (phoneNumber, smsUrl) => {
      const number = exchange.senders.numbers.get(phoneNumber);
      if (number) number.smsUrl = smsUrl;
    },
  };
}

/** Whoever was played by the persona falls silent; calls that ring go on ringing until the person acts. */
function takePhone(exchange: Exchange, { contactNumber, isTaken }: Verbs['take-phone']): VerbAnswer {
  if (!E164.test(contactNumber)) return { ok: false, error: `${contactNumber} is not a full phone number.` };
  phoneOf(exchange.phones, contactNumber).isTaken = isTaken;
  tellPhone(exchange, contactNumber);
  for (const live of exchange.live.values()) {
    if (contactNumberOf(live.call) !== contactNumber) continue;
    if (isTaken) live.contact?.stop();
    tellCall(exchange, live.call);
  }
  return { ok: true };
}

function textFromPhone(exchange: Exchange, input: Verbs['text-from-phone']): VerbAnswer {
  const { contactNumber, body } = input;
  if (!E164.test(contactNumber)) return { ok: false, error: `${contactNumber} is not a full phone number.` };
  if (body === '') return { ok: false, error: 'A text needs words.' };
  const botNumber = input.botNumber ?? numberToAnswer(exchange, contactNumber);
  if (!botNumber || !exchange.senders.numbers.get(botNumber)?.sms) {
    return { ok: false, error: 'None of the bot’s numbers can receive this text.' };
  }
  void receiveText(exchange, contactNumber, botNumber, body);
  return { ok: true };
}
