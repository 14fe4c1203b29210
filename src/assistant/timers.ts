import { setTimeout as startTimer } from 'node:timers';
import type { Clock } from '#ports/clock.ts';

/** Takes a wait back; harmless once it is over. */
export type StopTimer = () => void;

/**
 * The waits of a conversation. What people do (speaking, being silent) passes in product time, which a sandbox may run
 * faster; machines have real time.
 */
export type Timers = {
  inProduct(ms: number, then: () => void): StopTimer;
  inReal(ms: number, then: () => void): StopTimer;
};

/** Waits that follow a clock. None of them keeps the process alive. */
export function clockTimers(clock: Clock): Timers {
  const realMsUntil = (at: Date) => clock.toReal(at).getTime() - clock.toReal(clock.now()).getTime();
  return {
    inProduct: (ms, then) => wait(realMsUntil(new Date(clock.now().getTime() + ms)), then),
    inReal: (ms, then) => wait(realMsUntil(clock.realDelay(ms)), then),
  };
}

function wait(ms: number, then: () => void): StopTimer {
  const timer = startTimer(then, Math.max(0, ms));
  timer.unref();
  return () => clearTimeout(timer);
}
