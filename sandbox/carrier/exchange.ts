import { Agenda } from './agenda.ts';
import { createFaults, type FaultSwitches } from './faults.ts';
import { createFeed, type Feed, tell } from './feed.ts';
import { createMessageBook, type Message, type MessageBook, type MessageStatus } from './messages.ts';
import type { CarrierOptions, Span } from './options.ts';
import { createPhoneBook, type PhoneBook, phoneOf } from './phones.ts';
import { createRandom } from './random.ts';
import { phoneRow, textRow } from './rows.ts';
import { createSenders, type Senders } from './senders.ts';
import { type Call, type CallBook, createCallBook } from './voice/call-book.ts';
import type { LiveCall } from './voice/live-call.ts';
import { createRecordingBook, type RecordingBook } from './voice/recording-book.ts';
import type { WebhookPoster } from './webhook-poster.ts';

/** What will happen to a message, a contact or a call; data, because it outlives the process. */
export type Due =
  | { kind: 'advance'; sid: string; from: MessageStatus }
  | { kind: 'price'; sid: string }
  | { kind: 'call_price'; sid: string }
  | { kind: 'recording_ready'; sid: string }
  | { kind: 'reply'; contactNumber: string; botNumber: string; body: string };

/** What Twilio's debugger would show about a call: nobody is told unless they look. */
export type Alert = { at: number; callSid: string; code: number; text: string };

/** Calls that wait for their turn, and when the next one may be dialled. */
export type CallQueue = { waiting: Call[]; freeAt: number; isArmed: boolean };

/** Everything the carrier knows and runs on; its verbs take it as their first argument. */
export type Exchange = {
  options: CarrierOptions;
  random: () => number;
  messages: MessageBook;
  phones: PhoneBook;
  senders: Senders;
  faults: FaultSwitches;
  feed: Feed;
  agenda: Agenda<Due>;
  /** What happens on calls under way; it ends with them, and with the process. */
  timers: Agenda<() => void>;
  calls: CallBook;
  live: Map<string, LiveCall>;
  queue: CallQueue;
  recordings: RecordingBook;
  alerts: Alert[];
  poster: WebhookPoster;
  /** The last callback of a message or call that is being posted: the next one waits for its first try. */
  lastCallbacks: Map<string, Promise<unknown>>;
  /** Callbacks held back to arrive after their successor. */
  heldCallbacks: Map<string, () => Promise<unknown>>;
  closing: AbortController;
};

export function createExchange(
  options: CarrierOptions,
  agendaFor: (exchange: () => Exchange) => Agenda<Due>,
  posterFor: (exchange: () => Exchange) => WebhookPoster,
): Exchange {
  const random = createRandom(options.seed);
  const feed = createFeed(options.trafficKept);
  const exchange: Exchange = {
    options,
    random,
    messages: createMessageBook(),
    phones: createPhoneBook(options.seed),
    senders: createSenders(options.numbers, options.services),
    faults: createFaults(random, (row) => tell(feed, 'faults', () => row)),
    feed,
    agenda: agendaFor(() => exchange),
    timers: new Agenda(options.clock, (task) => task()),
    calls: createCallBook(),
    live: new Map(),
    queue: { waiting: [], freeAt: 0, isArmed: false },
    recordings: createRecordingBook(),
    alerts: [],
    poster: posterFor(() => exchange),
    lastCallbacks: new Map(),
    heldCallbacks: new Map(),
    closing: new AbortController(),
  };
  return exchange;
}

export function nowOf(exchange: Exchange): number {
  return exchange.options.clock.now();
}

/** A delay inside a span, chosen by the seed. */
export function delayIn(exchange: Exchange, [least, most]: Span): number {
  return least === most ? least : least + exchange.random() * (most - least);
}

export function tellText(exchange: Exchange, message: Message): void {
  tell(exchange.feed, 'texts', () => textRow(message));
}

export function tellPhone(exchange: Exchange, phoneNumber: string): void {
  tell(exchange.feed, 'phones', () => phoneRow(exchange.phones, phoneOf(exchange.phones, phoneNumber)));
}
