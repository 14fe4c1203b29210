import type { Verbs } from '#sandbox/page-protocol.ts';
import { type Exchange, tellPhone } from './exchange.ts';
import { type FaultName, faultOfRow, setFaultChance, switchFault } from './faults.ts';
import { numberToAnswer, receiveText } from './inbound.ts';
import { phoneOf } from './phones.ts';

export type VerbAnswer = { ok: true } | { ok: false; error: string };

/** What the page and the tests can make the carrier and its contacts do. */
export type CarrierVerbs = {
  textFromPhone(input: Verbs['text-from-phone']): VerbAnswer;
  takePhone(input: Verbs['take-phone']): VerbAnswer;
  switchFault(input: Verbs['switch-fault']): VerbAnswer;
  /** From now on this fault happens with a chance between 0 and 1 at every opportunity. */
  setFaultChance(name: FaultName, chance: number): void;
  /** Where texts to this number of ours are posted. */
  setSmsUrl(phoneNumber: string, smsUrl: string | null): void;
};

const E164 = /^\+[1-9]\d{6,14}$/;

export function carrierVerbs(exchange: Exchange): CarrierVerbs {
  return {
    textFromPhone: (input) => textFromPhone(exchange, input),
    takePhone: ({ contactNumber, isTaken }) => {
      if (!E164.test(contactNumber))
        return { ok: false, error: `${contactNumber} is not a full phone number.` };
      phoneOf(exchange.phones, contactNumber).isTaken = isTaken;
      tellPhone(exchange, contactNumber);
      return { ok: true };
    },
    switchFault: ({ id, isOn, count }) => {
      const name = faultOfRow(id);
      if (!name) return { ok: false, error: 'The carrier has no such fault.' };
      switchFault(exchange.faults, name, isOn, count);
      return { ok: true };
    },
    setFaultChance: (name, chance) => setFaultChance(exchange.faults, name, chance),
    setSmsUrl: (phoneNumber, smsUrl) => {
      const number = exchange.senders.numbers.get(phoneNumber);
      if (number) number.smsUrl = smsUrl;
    },
  };
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
