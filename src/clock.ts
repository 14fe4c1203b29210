import type { Clock } from '#ports/clock.ts';

/** Product time is real time. */
export const systemClock: Clock = {
  now: () => new Date(),
  realDelay: (ms) => new Date(Date.now() + ms),
  toReal: (at) => at,
};

/**
 * How a sandbox lets time run: product time began at `productEpochMs` when real time was `realEpochMs`. `haste` is for
 * tests in a hurry: every wait for machines ends so many times sooner, all of them alike, so that a lease still outlives
 * the request it covers.
 */
export type ClockSetting = { realEpochMs: number; productEpochMs: number; speed: number; haste?: number };

/** Product time that began at one instant of real time and runs `speed` times as fast; several processes agree on it. */
export function sandboxClock({ realEpochMs, productEpochMs, speed, haste = 1 }: ClockSetting): Clock {
  const product = (realMs: number) => new Date(Math.round(productEpochMs + (realMs - realEpochMs) * speed));
  return {
    now: () => product(Date.now()),
    realDelay: (ms) => product(Date.now() + ms / haste),
    toReal: (at) => new Date(Math.ceil(realEpochMs + (at.getTime() - productEpochMs) / speed)),
  };
}
