import type { CarrierNumber, MessagingService } from './options.ts';

/** Longer than this a message never waits in a sender's queue (telephony.md §3). */
export const LONGEST_QUEUE_SECONDS = 36_000;

/** Our numbers, the pools they form, and how far ahead each number's queue reaches. */
export type Senders = {
  numbers: Map<string, CarrierNumber>;
  services: Map<string, MessagingService>;
  freeAt: Map<string, number>;
};

export function createSenders(numbers: CarrierNumber[], services: MessagingService[]): Senders {
  return {
    numbers: new Map(numbers.map((number) => [number.phoneNumber, { ...number }])),
    services: new Map(services.map((service) => [service.sid, service])),
    freeAt: new Map(),
  };
}

/** Opt-outs count for the whole messaging service a number belongs to, else for the number alone (telephony.md §3). */
export function optOutScope(senders: Senders, phoneNumber: string): string {
  for (const service of senders.services.values()) {
    if (service.phoneNumbers.includes(phoneNumber)) return service.sid;
  }
  return phoneNumber;
}

/** The pool's number that is free first; null when none of them can text. */
export function chooseSender(senders: Senders, service: MessagingService): string | null {
  const able = service.phoneNumbers.filter((phoneNumber) => senders.numbers.get(phoneNumber)?.sms);
  const freeAt = (phoneNumber: string) => senders.freeAt.get(phoneNumber) ?? 0;
  return able.toSorted((a, b) => freeAt(a) - freeAt(b))[0] ?? null;
}

/** When this number could begin to send; nothing is reserved yet. */
export function senderFreeAt(senders: Senders, phoneNumber: string, now: number): number {
  return Math.max(senders.freeAt.get(phoneNumber) ?? 0, now);
}

export function occupySender(senders: Senders, phoneNumber: string, segments: number, startAt: number): void {
  const rate = senders.numbers.get(phoneNumber)?.segmentsPerSecond ?? usualRate(phoneNumber);
  senders.freeAt.set(phoneNumber, startAt + (segments / rate) * 1_000);
}

/** Toll-free numbers send three segments a second, long codes one (telephony.md §3). */
function usualRate(phoneNumber: string): number {
  return isTollFree(phoneNumber) ? 3 : 1;
}

export function isTollFree(phoneNumber: string): boolean {
  return /^\+18(00|33|44|55|66|77|88)/.test(phoneNumber);
}
