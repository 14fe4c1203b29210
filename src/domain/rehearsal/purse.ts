import { pricedCountry, rateOf } from '#domain/rates.ts';
import { reserveFor, reserveLeft } from '#domain/reserve.ts';
import type { AssumedEnd } from './assumptions.ts';
import type { Channel, RehearsalInput, RehearsedContact } from './rehearsal.ts';

type Priced = Pick<RehearsalInput, 'rates' | 'maxSeconds' | 'isDetecting'>;
type Attempt = { contact: RehearsedContact; channel: Channel };

/** What must be free in the budget before an attempt, in micro-dollars. */
export function reserveOf(input: Priced, { contact, channel }: Attempt): number {
  return reserveFor(input.rates, plannedOf(input, { contact, channel }));
}

/** What an attempt comes to once it has ended as assumed, at the least and at the most. */
export function costOf(input: Priced, attempt: Attempt, end: AssumedEnd): { low: number; high: number } {
  const { contact, channel } = attempt;
  const wasAnswered = PICKED_UP.includes(end.outcome);
  const high = reserveLeft(input.rates, {
    ...plannedOf(input, attempt),
    state: 'ended',
    outcome: end.outcome,
    providerRef: 'assumed',
    priceMicros: null,
    reservedMicros: 0,
    durationSeconds: wasAnswered ? end.seconds : 0,
    wasAnswered,
    wasSpokenOn: end.outcome === 'answered',
    wasJudged: wasAnswered && input.isDetecting,
  });
  const rate = rateOf(input.rates, channel, pricedCountry(contact.phoneNumber));
  const units = channel === 'sms' ? Math.max(1, contact.segments ?? 1) : minutesOf(end, wasAnswered);
  return { low: Math.max(0, high - units * (rate.high - rate.low)), high };
}

const PICKED_UP: readonly string[] = ['answered', 'voicemail', 'hung_up', 'machine'];

function minutesOf({ seconds }: AssumedEnd, wasAnswered: boolean): number {
  return wasAnswered ? Math.ceil(seconds / 60) : 0;
}

function plannedOf({ maxSeconds, isDetecting }: Priced, { contact, channel }: Attempt) {
  const isCall = channel === 'call';
  return {
    channel,
    phoneNumber: contact.phoneNumber,
    segments: isCall ? null : contact.segments,
    maxSeconds: isCall ? maxSeconds : null,
    isDetecting,
  };
}
