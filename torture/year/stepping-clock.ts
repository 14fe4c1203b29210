import type { Clock } from '#ports/clock.ts';

/** Time that jumps from one happening to the next; waits for machines last as long as they say, in the same time. */
export type SteppingClock = Clock & { jumpTo(ms: number): void };

export function steppingClock(startMs: number): SteppingClock {
  let nowMs = startMs;
  return {
    now: () => new Date(nowMs),
    realDelay: (ms) => new Date(nowMs + ms),
    toReal: (at) => at,
    jumpTo(ms) {
      nowMs = Math.max(nowMs, ms);
    },
  };
}
