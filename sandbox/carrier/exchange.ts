import type { Agenda } from './agenda.ts';
import { createFaults, type FaultSwitches } from './faults.ts';
import { createFeed, type Feed, tell } from './feed.ts';
import { createMessageBook, type Message, type MessageBook, type MessageStatus } from './messages.ts';
import type { CarrierOptions, Span } from './options.ts';
import { createPhoneBook, type PhoneBook, phoneOf } from './phones.ts';
import { createRandom } from './random.ts';
import { phoneRow, textRow } from './rows.ts';
import { createSenders, type Senders } from './senders.ts';
import type { WebhookPoster } from './webhook-poster.ts';

/** What will happen to a message or a contact; data, because it outlives the process. */
export type Due =
  | { kind: 'advance'; sid: string; from: MessageStatus }
  | { kind: 'price'; sid: string }
  | { kind: 'reply'; contactNumber: string; botNumber: string; body: string };

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
  poster: WebhookPoster;
  /** The last callback of a message that is being posted: the next one waits for its first try. */
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
