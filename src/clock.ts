import type { Clock } from '#ports/clock.ts';

/** Product time is real time. */
export const systemClock: Clock = {
  now: () => new Date(),
  realDelay: (ms) => new Date(Date.now() + ms),
  toReal: (at) => at,
};

/** How a sandbox lets time run: product time began at `productEpochMs` when real time was `realEpochMs`. */
export type ClockSetting = { realEpochMs: number; productEpochMs: number; speed: number };

/** Product time that began at one instant of real time and runs `speed` times as fast; several processes agree on it. */
export function sandboxClock({ realEpochMs, productEpochMs, speed }: ClockSetting): Clock {
  const product = (realMs: number) => new Date(Math.round(productEpochMs + (realMs - realEpochMs) * speed));
  return {
    now: () => product(Date.now()),
    realDelay: (ms) => product(Date.now() + ms),
    toReal: (at) => new Date(Math.ceil(realEpochMs + (at.getTime() - productEpochMs) / speed)),
  };
}
