import { type Exchange, nowOf, tellPhone, tellText } from './exchange.ts';
import { strikes } from './faults.ts';
import { recordTraffic } from './feed.ts';
import { placeOf } from './geography.ts';
import { acceptText, newMessage } from './lifecycle.ts';
import { addMessage, lastOutboundTo, type Message } from './messages.ts';
import { isBlocked, phoneOf, recordOptOut } from './phones.ts';
import { optOutScope } from './senders.ts';
import { type ReplyInstruction, repliesIn } from './twiml.ts';
import type { WebhookOutcome } from './webhook-poster.ts';

type OptOutType = 'STOP' | 'START' | 'HELP';

const KEYWORDS: Record<string, OptOutType> = {
  STOP: 'STOP',
  STOPALL: 'STOP',
  UNSUBSCRIBE: 'STOP',
  CANCEL: 'STOP',
  END: 'STOP',
  QUIT: 'STOP',
  OPTOUT: 'STOP',
  REVOKE: 'STOP',
  START: 'START',
  UNSTOP: 'START',
  YES: 'START',
  HELP: 'HELP',
  INFO: 'HELP',
};

const CONFIRMATIONS: Record<OptOutType, string> = {
  STOP: 'You will get no more texts from this number. Text START to change your mind.',
  START: 'You will get texts from this number again. Text STOP to end them.',
  HELP: 'Text STOP to get no more texts from this number. Message and data rates may apply.',
};

/** Only a body that is one keyword counts, in any case, with blanks around it (telephony.md §3). */
function optOutTypeOf(body: string): OptOutType | null {
  return KEYWORDS[body.trim().toUpperCase()] ?? null;
}

/** The number of ours a contact answers: the one that texted last, else the first that can text. */
export function numberToAnswer(exchange: Exchange, contactNumber: string): string | null {
  const texted = lastOutboundTo(exchange.messages, contactNumber)?.from;
  return texted ?? [...exchange.senders.numbers.values()].find((number) => number.sms)?.phoneNumber ?? null;
}

/** A contact texts one of our numbers. The promise settles when the bot has answered, or has failed to for the last time. */
export async function receiveText(
  exchange: Exchange,
  contactNumber: string,
  botNumber: string,
  body: string,
): Promise<void> {
  const message = addMessage(exchange.messages, {
    ...newMessage(exchange, body),
    direction: 'inbound',
    to: botNumber,
    from: contactNumber,
    messagingServiceSid: scopeSid(exchange, botNumber),
    status: 'received',
    sentAt: nowOf(exchange),
    statusCallback: null,
    validitySeconds: 0,
  });
  tellText(exchange, message);
  phoneOf(exchange.phones, contactNumber);
  const optOutType = optOutTypeOf(body);
  if (optOutType) obey(exchange, contactNumber, botNumber, optOutType);
  tellPhone(exchange, contactNumber);
  await forward(exchange, message, optOutType);
}

/** The carrier's own answer to a keyword; a repeated STOP or START is not confirmed again. */
function obey(exchange: Exchange, contactNumber: string, botNumber: string, optOutType: OptOutType): void {
  const scope = optOutScope(exchange.senders, botNumber);
  const wasStopped = isBlocked(exchange.phones, contactNumber, scope);
  const isStopped = optOutType === 'STOP';
  if (optOutType !== 'HELP') recordOptOut(exchange.phones, { phoneNumber: contactNumber, scope, isStopped });
  if (optOutType === 'HELP' || wasStopped !== isStopped) {
    send(exchange, contactNumber, botNumber, CONFIRMATIONS[optOutType], null);
  }
}

async function forward(exchange: Exchange, message: Message, optOutType: OptOutType | null): Promise<void> {
  const url = exchange.senders.numbers.get(message.to)?.smsUrl;
  if (!url || strikes(exchange.faults, 'lost_inbound')) return;
  const params = inboundForm(exchange, message, optOutType);
  const webhook = { url, params, signWith: exchange.options.authToken };
  const posting = exchange.poster.post(webhook);
  const isDoubled = strikes(exchange.faults, 'duplicate_inbound');
  if (isDoubled) await exchange.poster.post(webhook).done;
  followAnswer(exchange, message, await posting.done);
}

function followAnswer(exchange: Exchange, message: Message, { answer }: WebhookOutcome): void {
  if (!answer || answer.status >= 300 || answer.status === 204 || !message.from) return;
  const contactNumber = message.from;
  try {
    for (const instruction of repliesIn(answer.contentType, answer.body)) {
      reply(exchange, contactNumber, message.to, instruction);
    }
  } catch (error) {
    const at = nowOf(exchange);
    recordTraffic(exchange.feed, () => ({
      at,
      direction: 'in',
      title: 'The answer to a text is not TwiML',
      status: answer.status,
      durationMs: null,
      request: '',
      response: answer.body,
      note: error instanceof Error ? error.message : '',
    }));
  }
}

/** A reply of the bot's; the carrier drops it when the contact has stopped this number. */
function reply(
  exchange: Exchange,
  contactNumber: string,
  botNumber: string,
  instruction: ReplyInstruction,
): void {
  const to = instruction.to ?? contactNumber;
  const from = instruction.from ?? botNumber;
  if (!instruction.body || !exchange.senders.numbers.get(from)?.sms) return;
  if (isBlocked(exchange.phones, to, optOutScope(exchange.senders, from))) return;
  send(exchange, to, from, instruction.body, instruction.statusCallback);
}

function send(
  exchange: Exchange,
  to: string,
  from: string,
  body: string,
  statusCallback: string | null,
): void {
  const form = { to, from, messagingServiceSid: null, body, statusCallback, validitySeconds: null };
  acceptText(exchange, form, 'outbound-reply');
}

function scopeSid(exchange: Exchange, botNumber: string): string | null {
  const scope = optOutScope(exchange.senders, botNumber);
  return scope === botNumber ? null : scope;
}

function inboundForm(
  exchange: Exchange,
  message: Message,
  optOutType: OptOutType | null,
): Record<string, string> {
  const from = placeOf(message.from ?? '');
  const to = placeOf(message.to);
  const form: Record<string, string> = {
    MessageSid: message.sid,
    SmsSid: message.sid,
    SmsMessageSid: message.sid,
    SmsStatus: 'received',
    AccountSid: exchange.options.accountSid,
    ApiVersion: '2010-04-01',
    From: message.from ?? '',
    FromCity: from.city,
    FromState: from.state,
    FromZip: from.zip,
    FromCountry: from.country,
    To: message.to,
    ToCity: to.city,
    ToState: to.state,
    ToZip: to.zip,
    ToCountry: to.country,
    Body: message.body,
    NumMedia: '0',
    NumSegments: String(message.segments),
  };
  if (message.messagingServiceSid) form.MessagingServiceSid = message.messagingServiceSid;
  if (optOutType) form.OptOutType = optOutType;
  return form;
}
