import type { Exchange } from './exchange.ts';
import { isBlocked, personaIn } from './phones.ts';
import { chooseSender, isTollFree, optOutScope } from './senders.ts';

/** The parameters of a create as they were posted. */
export type CreateForm = {
  to: string;
  from: string | null;
  messagingServiceSid: string | null;
  body: string;
  statusCallback: string | null;
  validitySeconds: number | null;
};

export const E164 = /^\+[1-9]\d{6,14}$/;
const NANP = /^\+1[2-9]\d{2}[2-9]\d{6}$/;
const LONGEST_BODY = 1_600;

export function readCreateForm(body: string): CreateForm {
  const params = new URLSearchParams(body);
  const validity = params.get('ValidityPeriod');
  return {
    to: params.get('To') ?? '',
    from: params.get('From') || null,
    messagingServiceSid: params.get('MessagingServiceSid') || null,
    body: params.get('Body') ?? '',
    statusCallback: params.get('StatusCallback') || null,
    validitySeconds: validity === null ? null : Number(validity),
  };
}

/** Why Twilio would refuse this create, as its error code; null when it would accept. */
export function refusalOf(exchange: Exchange, form: CreateForm): number | null {
  return refusalOfText(form) ?? refusalOfSender(exchange, form) ?? refusalOfRecipient(exchange, form);
}

function refusalOfText(form: CreateForm): number | null {
  if (!form.to) return 21604;
  if (!form.from && !form.messagingServiceSid) return 21603;
  if (!form.body) return 21602;
  if (form.body.length > LONGEST_BODY) return 21617;
  if (form.statusCallback && !isCallable(form.statusCallback)) return 21609;
  return null;
}

function refusalOfSender(exchange: Exchange, form: CreateForm): number | null {
  if (form.messagingServiceSid) {
    const service = exchange.senders.services.get(form.messagingServiceSid);
    if (!service) return 21701;
    if (!form.from) return chooseSender(exchange.senders, service) ? null : 21703;
  }
  if (!form.from || !E164.test(form.from)) return 21212;
  return exchange.senders.numbers.get(form.from)?.sms ? null : 21606;
}

function refusalOfRecipient(exchange: Exchange, form: CreateForm): number | null {
  const { options, phones } = exchange;
  if (!isDialable(form.to)) return 21211;
  const { refusal } = personaIn(phones, form.to);
  if (refusal) return refusal;
  if (options.forbiddenPrefixes.some((prefix) => form.to.startsWith(prefix))) return 21408;
  if (options.trialRecipients && !options.trialRecipients.includes(form.to)) return 21608;
  if (isOutOfReach(form)) return 21612;
  return isBlocked(phones, form.to, scopeOf(exchange, form)) ? 21610 : null;
}

/** Whether this can be a phone number at all. */
export function isDialable(phoneNumber: string): boolean {
  return E164.test(phoneNumber) && (!phoneNumber.startsWith('+1') || NANP.test(phoneNumber));
}

/** A number cannot text itself, and toll-free numbers reach the North American plan only. */
function isOutOfReach(form: CreateForm): boolean {
  if (form.from === form.to) return true;
  return isTollFree(form.from ?? '') && !form.to.startsWith('+1');
}

function scopeOf(exchange: Exchange, form: CreateForm): string {
  return form.messagingServiceSid ?? optOutScope(exchange.senders, form.from ?? '');
}

/** Host names of webhooks must not contain underscores (telephony.md §2). */
export function isCallable(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && /^https?:$/.test(url.protocol) && !url.hostname.includes('_');
}
