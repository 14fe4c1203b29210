import type { FrequencyCap } from './reach.ts';

/**
 * How much longer than its hours a cap reaches back, in milliseconds: between the last look at it and the moment the
 * provider rings or sends pass seconds, which differ from one attempt to the next.
 */
export const CAP_MARGIN_MS = 60_000;

/** How far back attempts must be known to judge by these caps, in milliseconds; 0 where there are none. */
export function longestCapMs(caps: readonly FrequencyCap[]): number {
  return Math.max(0, ...caps.map(capMs));
}

/** How many of these attempts count against a cap at an instant. */
export function countedBy(cap: FrequencyCap, attempts: readonly Date[], at: Date): number {
  const since = at.getTime() - capMs(cap);
  return attempts.filter((tried) => tried.getTime() > since).length;
}

/**
 * From when on one more attempt fits under every cap; null when one fits now. Attempts beyond the limit of a cap fall out
 * of its hours one after the other, so the one that makes room is the limit-th from the newest.
 */
export function cappedUntil(caps: readonly FrequencyCap[], attempts: readonly Date[], at: Date): Date | null {
  const newestFirst = attempts.map((tried) => tried.getTime()).sort((a, b) => b - a);
  const freeAt = caps.map((cap) => {
    const last = newestFirst[cap.limit - 1];
    return last === undefined ? 0 : last + capMs(cap);
  });
  const latest = Math.max(0, ...freeAt);
  return latest > at.getTime() ? new Date(latest) : null;
}

function capMs({ hours }: FrequencyCap): number {
  return hours * 3_600_000 + CAP_MARGIN_MS;
}
