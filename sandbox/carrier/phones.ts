import type { PersonaRule } from './persona-rule.ts';
import { personaOf } from './personas.ts';

export type PhoneState = {
  phoneNumber: string;
  isTaken: boolean;
  /** Texts that reached the network for this phone. */
  tries: number;
  repliedAt: number | null;
};

/** One phone's word about one scope (a number or a messaging service of ours). */
export type OptOut = { phoneNumber: string; scope: string; isStopped: boolean };

/** Contacts' phones, and whom they told to stop or to go on. */
export type PhoneBook = {
  seed: string;
  phones: Map<string, PhoneState>;
  words: Map<string, Map<string, boolean>>;
};

export function createPhoneBook(seed: string): PhoneBook {
  return { seed, phones: new Map(), words: new Map() };
}

export function phoneOf(book: PhoneBook, phoneNumber: string): PhoneState {
  const known = book.phones.get(phoneNumber);
  if (known) return known;
  const fresh = { phoneNumber, isTaken: false, tries: 0, repliedAt: null };
  book.phones.set(phoneNumber, fresh);
  return fresh;
}

export function personaIn(book: PhoneBook, phoneNumber: string): PersonaRule {
  return personaOf(phoneNumber, book.seed);
}

export function isBlocked(book: PhoneBook, phoneNumber: string, scope: string): boolean {
  const word = book.words.get(phoneNumber)?.get(scope);
  return word ?? personaIn(book, phoneNumber).isOptedOut === true;
}

/** Whether something of ours may not text this phone. */
export function hasOptedOut(book: PhoneBook, phoneNumber: string): boolean {
  const words = [...(book.words.get(phoneNumber)?.values() ?? [])];
  return words.length > 0 ? words.includes(true) : personaIn(book, phoneNumber).isOptedOut === true;
}

export function recordOptOut(book: PhoneBook, { phoneNumber, scope, isStopped }: OptOut): void {
  const words = book.words.get(phoneNumber) ?? new Map<string, boolean>();
  words.set(scope, isStopped);
  book.words.set(phoneNumber, words);
}

export function optOutsOf(book: PhoneBook): OptOut[] {
  return [...book.words].flatMap(([phoneNumber, words]) =>
    [...words].map(([scope, isStopped]) => ({ phoneNumber, scope, isStopped })),
  );
}

export function restorePhones(book: PhoneBook, phones: PhoneState[], optOuts: OptOut[]): void {
  book.phones.clear();
  book.words.clear();
  for (const phone of phones) book.phones.set(phone.phoneNumber, { ...phone });
  for (const optOut of optOuts) recordOptOut(book, optOut);
}
