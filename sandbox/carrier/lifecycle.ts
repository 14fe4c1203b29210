import { randomUUID } from 'node:crypto';
import type { CreateForm } from './create-checks.ts';
import { delayIn, type Exchange, nowOf, tellPhone, tellText } from './exchange.ts';
import { strikes } from './faults.ts';
import { addMessage, isOver, type Message, type MessageStatus } from './messages.ts';
import { type PhoneState, personaIn, phoneOf } from './phones.ts';
import { type Segmentation, segmentsOf } from './segments.ts';
import { chooseSender, LONGEST_QUEUE_SECONDS, occupySender, senderFreeAt } from './senders.ts';
import { postStatus } from './status-callbacks.ts';

/** A persona answers again only after half a day, so that two machines never talk to each other without end. */
const REPLY_PAUSE_MS = 12 * 60 * 60 * 1_000;
const PRICE_PER_SEGMENT = 0.0083;

/** Takes a text on: from here it is sent whatever becomes of the answer to the create. */
export function acceptText(exchange: Exchange, form: CreateForm, direction: Message['direction']): Message {
  const { sid: serviceSid, statusCallback } = serviceOf(exchange, form);
  const isRouted = serviceSid !== null;
  const message = addMessage(exchange.messages, {
    ...newMessage(exchange, form.body),
    direction,
    to: form.to,
    from: form.from,
    messagingServiceSid: serviceSid,
    status: isRouted ? 'accepted' : 'queued',
    statusCallback: form.statusCallback ?? statusCallback,
    validitySeconds: form.validitySeconds ?? LONGEST_QUEUE_SECONDS,
  });
  phoneOf(exchange.phones, form.to);
  tellPhone(exchange, form.to);
  tellText(exchange, message);
  if (isRouted) later(exchange, message, delayIn(exchange, exchange.options.latency.route));
  else enqueue(exchange, message);
  return message;
}

/** What every message begins with, sent or received. */
export function newMessage(exchange: Exchange, body: string) {
  const now = nowOf(exchange);
  const segmentation: Segmentation = segmentsOf(body);
  return {
    sid: `SM${randomUUID().replaceAll('-', '')}`,
    body,
    ...segmentation,
    errorCode: null,
    price: null,
    createdAt: now,
    updatedAt: now,
    sentAt: null,
    listedAt: now + delayIn(exchange, exchange.options.latency.listed),
  };
}

/** One step of a message: accepted → queued → sending → sent → delivered or undelivered. Stale steps change nothing. */
export function advance(exchange: Exchange, sid: string, from: MessageStatus): void {
  const message = exchange.messages.bySid.get(sid);
  if (!message || message.status !== from) return;
  STEPS[from]?.(exchange, message);
}

/** The whole way of a message at once, for callbacks that overtake the answer to the create. */
export async function rush(exchange: Exchange, message: Message): Promise<void> {
  const last = personaIn(exchange.phones, message.to).hasNoReceipt ? 'sent' : null;
  while (!isOver(message) && message.status !== last) advance(exchange, message.sid, message.status);
  await exchange.lastCallbacks.get(message.sid);
}

export function setPrice(exchange: Exchange, sid: string): void {
  const message = exchange.messages.bySid.get(sid);
  if (!message) return;
  message.price = (-PRICE_PER_SEGMENT * message.segments).toFixed(5);
  tellText(exchange, message);
}

const STEPS: Partial<Record<MessageStatus, (exchange: Exchange, message: Message) => void>> = {
  accepted: (exchange, message) => {
    const service = exchange.senders.services.get(message.messagingServiceSid ?? '');
    message.from ??= service ? chooseSender(exchange.senders, service) : null;
    if (!message.from) return finish(exchange, message, 'failed', 21703);
    move(exchange, message, 'queued');
    enqueue(exchange, message);
  },
  queued: (exchange, message) => {
    move(exchange, message, 'sending');
    later(exchange, message, delayIn(exchange, exchange.options.latency.handOver));
  },
  sending: (exchange, message) => {
    message.sentAt = nowOf(exchange);
    phoneOf(exchange.phones, message.to).tries += 1;
    move(exchange, message, 'sent');
    const { price, receipt } = exchange.options.latency;
    exchange.agenda.add(message.sentAt + delayIn(exchange, price), { kind: 'price', sid: message.sid });
    if (!personaIn(exchange.phones, message.to).hasNoReceipt)
      later(exchange, message, delayIn(exchange, receipt));
  },
  sent: (exchange, message) => {
    const phone = phoneOf(exchange.phones, message.to);
    const errorCode = deliveryError(exchange, phone);
    finish(exchange, message, errorCode ? 'undelivered' : 'delivered', errorCode);
    if (!errorCode) answer(exchange, message, phone);
  },
};

/** Waits for the sender's rate; a wait beyond the validity or the queue ends the message (30036, 30001). */
function enqueue(exchange: Exchange, message: Message): void {
  const sender = message.from ?? '';
  const startAt = senderFreeAt(exchange.senders, sender, nowOf(exchange));
  if (startAt - message.createdAt > message.validitySeconds * 1_000) {
    finish(exchange, message, 'failed', message.validitySeconds < LONGEST_QUEUE_SECONDS ? 30036 : 30001);
    return;
  }
  occupySender(exchange.senders, sender, message.segments, startAt);
  later(exchange, message, startAt - nowOf(exchange) + delayIn(exchange, exchange.options.latency.send));
}

function deliveryError(exchange: Exchange, phone: PhoneState): number | null {
  if (strikes(exchange.faults, 'deliveries_failing')) return 30008;
  const failure = personaIn(exchange.phones, phone.phoneNumber).deliveryError;
  if (!failure || (failure.tries === 'first' && phone.tries > 1)) return null;
  return failure.code;
}

function answer(exchange: Exchange, message: Message, phone: PhoneState): void {
  const { reply } = personaIn(exchange.phones, phone.phoneNumber);
  const now = nowOf(exchange);
  const hasJustAnswered = phone.repliedAt !== null && now - phone.repliedAt < REPLY_PAUSE_MS;
  if (message.direction !== 'outbound-api' || !message.from) return;
  if (!reply || phone.isTaken || hasJustAnswered) return;
  phone.repliedAt = now;
  const dueAt = now + reply.patience * delayIn(exchange, exchange.options.latency.reply);
  const due = { contactNumber: message.to, botNumber: message.from, body: reply.body };
  exchange.agenda.add(dueAt, { kind: 'reply', ...due });
}

function finish(exchange: Exchange, message: Message, status: MessageStatus, errorCode: number | null): void {
  message.errorCode = errorCode;
  move(exchange, message, status);
}

function move(exchange: Exchange, message: Message, status: MessageStatus): void {
  message.status = status;
  message.updatedAt = nowOf(exchange);
  tellText(exchange, message);
  postStatus(exchange, message);
}

function later(exchange: Exchange, message: Message, delayMs: number): void {
  exchange.agenda.add(nowOf(exchange) + delayMs, { kind: 'advance', sid: message.sid, from: message.status });
}

function serviceOf(
  exchange: Exchange,
  form: CreateForm,
): { sid: string | null; statusCallback: string | null } {
  const service = exchange.senders.services.get(form.messagingServiceSid ?? '');
  return { sid: service?.sid ?? null, statusCallback: service?.statusCallback ?? null };
}
