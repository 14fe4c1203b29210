import { type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';

/** Does something after so many milliseconds of product time; returns how to call it off. */
export function after(exchange: Exchange, ms: number, task: () => void): () => void {
  const entry: { task: (() => void) | null } = { task };
  exchange.timers.add(nowOf(exchange) + ms, () => {
    const due = entry.task;
    entry.task = null;
    due?.();
  });
  return () => {
    entry.task = null;
  };
}

/** Settles after so many milliseconds of product time, or as soon as the signal is aborted. */
export function pause(exchange: Exchange, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) return Promise.resolve();
  const settle = () => {
    signal.removeEventListener('abort', settle);
    cancel();
    resolve();
  };
  const cancel = after(exchange, ms, settle);
  signal.addEventListener('abort', settle);
  return promise;
}

/** How long it takes to say this, at fourteen characters a second (telephony.md §4). */
export function speakingMs(exchange: Exchange, text: string): number {
  return naturalSpeakingMs(text) * exchange.options.latency.pace;
}

export function naturalSpeakingMs(text: string): number {
  return (text.length / CHARACTERS_PER_SECOND) * 1_000;
}

const CHARACTERS_PER_SECOND = 14;
