import type { AttemptOutcome } from '#domain/attempt.ts';
import type { FailureClass } from '#domain/failure.ts';

/** What an attempt is taken to come to: its outcome, and for how many seconds it is under way until then. */
export type AssumedEnd = { outcome: AttemptOutcome; failureClass: FailureClass | null; seconds: number };

/** An end with how often it comes, relative to the others of its channel. */
type Share = AssumedEnd & { weight: number };

/** What is taken to come of calls and texts. */
export type Assumptions = { call: readonly Share[]; sms: readonly Share[] };

/**
 * What is taken to come of attempts where nothing else is said: of a hundred calls some 35 are answered and 28 reach a
 * machine, as in usual lists of customers, and texts arrive but for a few numbers that are no mobile phones. An
 * assumption, not a promise; the plan says so.
 */
export const USUAL: Assumptions = {
  call: [
    { outcome: 'answered', failureClass: null, seconds: 75, weight: 35 },
    { outcome: 'voicemail', failureClass: null, seconds: 35, weight: 28 },
    { outcome: 'no_answer', failureClass: null, seconds: 30, weight: 25 },
    { outcome: 'busy', failureClass: null, seconds: 5, weight: 5 },
    { outcome: 'hung_up', failureClass: null, seconds: 15, weight: 4 },
    { outcome: 'invalid', failureClass: null, seconds: 2, weight: 2 },
    { outcome: 'carrier_failed', failureClass: null, seconds: 3, weight: 1 },
  ],
  sms: [
    { outcome: 'delivered', failureClass: null, seconds: 5, weight: 97 },
    { outcome: 'undelivered', failureClass: 'invalid_number', seconds: 5, weight: 3 },
  ],
};

/** How attempts end. */
export type EndOf = (attempt: { phoneNumber: string; channel: 'call' | 'sms'; n: number }) => AssumedEnd;

/** Ends in the shares of a table, always the same for the same attempt, so that two rehearsals are alike. */
export function endsBy(assumptions: Assumptions): EndOf {
  return ({ phoneNumber, channel, n }) => {
    const shares = assumptions[channel];
    const total = shares.reduce((sum, { weight }) => sum + weight, 0);
    let left = fractionOf(`${phoneNumber} ${channel} ${n}`) * total;
    for (const { weight, ...end } of shares) {
      if (left < weight) return end;
      left -= weight;
    }
    throw new RangeError(`nothing is assumed about the ${channel} channel`);
  };
}

/** A fraction below 1 that is spread evenly over texts (FNV-1a, stirred once more because texts differ in their last signs). */
function fractionOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
}
