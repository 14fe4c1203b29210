import { signal } from '@preact/signals';
import type { BotStatus } from '#sandbox/page-protocol.ts';
import { tables } from './tables.ts';

/** Moves a few times a second; components that show the running time read it. */
export const clockTick = signal(0);

const tickMs = 250;

export function startClock(): () => void {
  const timer = setInterval(() => {
    clockTick.value += 1;
  }, tickMs);
  return () => clearInterval(timer);
}

export function botStatus(): BotStatus | undefined {
  return tables.bot.find('bot');
}

/** The product's time now: it passes `speed` times as fast as the wall clock's. */
export function productNow(): number {
  const bot = botStatus();
  return bot ? bot.productAt + (Date.now() - bot.realAt) * bot.speed : Date.now();
}
