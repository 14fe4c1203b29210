import { randomUUID } from 'node:crypto';
import type { Exchange } from '#sandbox/carrier/exchange.ts';
import { placeOf } from '#sandbox/carrier/geography.ts';
import type { Call } from './call-book.ts';

export type Form = Record<string, string>;

export function newSid(prefix: 'CA' | 'RE' | 'VX'): string {
  return prefix + randomUUID().replaceAll('-', '');
}

/** What every request about a call says (telephony.md §2). */
export function callForm(exchange: Exchange, call: Call): Form {
  const form: Form = {
    CallSid: call.sid,
    AccountSid: exchange.options.accountSid,
    ApiVersion: '2010-04-01',
    Direction: call.direction,
    CallStatus: call.status,
    From: call.from,
    Caller: call.from,
    To: call.to,
    Called: call.to,
    ...placeFields(['From', 'Caller'], call.from),
    ...placeFields(['To', 'Called'], call.to),
  };
  if (call.parentCallSid) form.ParentCallSid = call.parentCallSid;
  return form;
}

/** `Thu, 24 Aug 2023 05:01:45 +0000`: whole seconds, always UTC. */
export function rfc2822(at: number): string {
  return new Date(at).toUTCString().replace('GMT', '+0000');
}

function placeFields(prefixes: string[], phoneNumber: string): Form {
  const { city, state, zip, country } = placeOf(phoneNumber);
  return Object.fromEntries(
    prefixes.flatMap((prefix) => [
      [`${prefix}City`, city],
      [`${prefix}State`, state],
      [`${prefix}Zip`, zip],
      [`${prefix}Country`, country],
    ]),
  );
}
