import type { Segmentation } from './segments.ts';

export type MessageStatus =
  | 'accepted'
  | 'queued'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'undelivered'
  | 'failed'
  | 'received';

export type Message = {
  sid: string;
  /** Counts up; the list shows the highest first. */
  order: number;
  direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  to: string;
  /** Null until a messaging service has chosen. */
  from: string | null;
  messagingServiceSid: string | null;
  body: string;
  encoding: Segmentation['encoding'];
  segments: number;
  status: MessageStatus;
  errorCode: number | null;
  /** Negative, as Twilio bills. */
  price: string | null;
  createdAt: number;
  updatedAt: number;
  sentAt: number | null;
  /** From when on the list shows it. */
  listedAt: number;
  statusCallback: string | null;
  validitySeconds: number;
};

export type MessageFilter = {
  to: string | null;
  from: string | null;
  /** Milliseconds; only messages with a date sent inside, when either is given. */
  sentFrom: number | null;
  sentUntil: number | null;
  now: number;
};

/** Every message of the account, in the order in which they came. */
export type MessageBook = { all: Message[]; bySid: Map<string, Message>; byTo: Map<string, Message[]> };

export function createMessageBook(): MessageBook {
  return { all: [], bySid: new Map(), byTo: new Map() };
}

export function addMessage(book: MessageBook, fresh: Omit<Message, 'order'>): Message {
  const message = { ...fresh, order: book.all.length };
  keep(book, message);
  return message;
}

export function restoreMessages(book: MessageBook, messages: Message[]): void {
  book.all.length = 0;
  book.bySid.clear();
  book.byTo.clear();
  for (const message of messages) keep(book, { ...message });
}

/** The newest text of ours to this number, whose sender an answer goes to. */
export function lastOutboundTo(book: MessageBook, to: string): Message | null {
  return book.byTo.get(to)?.findLast((message) => message.direction !== 'inbound' && message.from) ?? null;
}

/** Newest first, from below `before`; one more than `count`, so that the caller sees whether there is a next page. */
export function findMessages(
  book: MessageBook,
  filter: MessageFilter,
  before: number,
  count: number,
): Message[] {
  const candidates = filter.to === null ? book.all : (book.byTo.get(filter.to) ?? []);
  const found: Message[] = [];
  for (let index = candidates.length - 1; index >= 0 && found.length <= count; index -= 1) {
    const message = candidates[index];
    if (message && message.order < before && passes(message, filter)) found.push(message);
  }
  return found;
}

export function isOver(message: Message): boolean {
  return OVER.has(message.status);
}

const OVER = new Set<MessageStatus>(['delivered', 'undelivered', 'failed', 'received']);

function keep(book: MessageBook, message: Message): void {
  book.all.push(message);
  book.bySid.set(message.sid, message);
  const toSame = book.byTo.get(message.to);
  if (toSame) toSame.push(message);
  else book.byTo.set(message.to, [message]);
}

function passes(message: Message, filter: MessageFilter): boolean {
  if (message.listedAt > filter.now) return false;
  if (filter.from !== null && message.from !== filter.from) return false;
  if (filter.sentFrom === null && filter.sentUntil === null) return true;
  if (message.sentAt === null) return false;
  return (
    message.sentAt >= (filter.sentFrom ?? 0) &&
    message.sentAt < (filter.sentUntil ?? Number.POSITIVE_INFINITY)
  );
}
