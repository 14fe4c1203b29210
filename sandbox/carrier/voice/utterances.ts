import type { Exchange } from '#sandbox/carrier/exchange.ts';
import { addLine, changeLine } from './lines.ts';
import type { LiveCall } from './live-call.ts';
import { naturalSpeakingMs, pause } from './timers.ts';

/** Typed words are spoken faster: the typing took its time already. */
const LONGEST_TYPED_MS = 1_200;

/**
 * The contact says something, after what they were still saying. `isTyped`: a person on the page. Machine detection
 * listens unless it was told of the whole greeting before.
 */
export function speak(
  exchange: Exchange,
  live: LiveCall,
  text: string,
  how: { isTyped: boolean; isGreeting: boolean } = { isTyped: false, isGreeting: false },
): Promise<void> {
  if (!how.isGreeting) live.detection?.hear(naturalSpeakingMs(text), false);
  live.speech = live.speech.then(() => utter(exchange, live, text, how));
  return live.speech;
}

export function pressKey(exchange: Exchange, live: LiveCall, digit: string): void {
  addLine(exchange, live.call, { who: 'keys', text: digit });
  live.ear?.key(digit);
}

async function utter(
  exchange: Exchange,
  live: LiveCall,
  text: string,
  { isTyped }: { isTyped: boolean },
): Promise<void> {
  const { signal } = live.ending;
  if (signal.aborted) return;
  const line = addLine(exchange, live.call, { who: 'contact', text, isSpeaking: true });
  live.ear?.speechStarts(text);
  const naturalMs = naturalSpeakingMs(text);
  const lengthMs = isTyped ? Math.min(naturalMs, LONGEST_TYPED_MS) : naturalMs;
  await pause(exchange, lengthMs * exchange.options.latency.pace, signal);
  changeLine(exchange, live.call, line, { isSpeaking: false, isCut: signal.aborted });
  if (!signal.aborted) live.ear?.speechEnds(text);
}
