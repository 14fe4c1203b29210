import { DAY_MS } from './window-clock.ts';

/** How long the abandoned calls of a campaign are counted for: 30 days (telephony.md §6, 47 CFR 64.1200(a)(7)). */
const ABANDON_DAYS = 30;

/** The largest lawful share of answered calls that may be abandoned (telephony.md §6). */
const MOST_SHARE = 0.03;

/** With fewer answered calls one mishap would already be more than the share; they are reckoned as so many. */
const LEAST_ANSWERED = 100;

/** Silence after the greeting from which on the law calls a call abandoned, in milliseconds (telephony.md §6). */
export const LONGEST_SILENCE_MS = 2_000;

/** From when on abandoned calls count, looked at from `now`. */
export function abandonedSince(now: Date): Date {
  return new Date(now.getTime() - ABANDON_DAYS * DAY_MS);
}

export type Abandonment = { abandoned: number; answered: number };

/** Whether a campaign has abandoned more of the calls that people answered within 30 days than the law allows. */
export function isAbandonedTooOften({ abandoned, answered }: Abandonment): boolean {
  return abandoned > MOST_SHARE * Math.max(answered, LEAST_ANSWERED);
}

/** The abandoned calls in words, for the card; null while there are none. */
export function describeAbandonment({ abandoned, answered }: Abandonment): string | null {
  if (abandoned === 0) return null;
  const share = (abandoned / Math.max(answered, abandoned)) * 100;
  return `${abandoned.toLocaleString('en-US')} of ${answered.toLocaleString('en-US')} answered calls abandoned in ${ABANDON_DAYS} days (${share.toFixed(1)} %; the law allows 3 %)`;
}
