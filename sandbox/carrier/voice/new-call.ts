import { delayIn, type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import type { Call, Instructions } from './call-book.ts';
import { newSid } from './call-forms.ts';

export const NO_INSTRUCTIONS: Instructions = {
  url: null,
  method: 'POST',
  twiml: null,
  fallbackUrl: null,
  fallbackMethod: 'POST',
};

/** What every call begins with. */
export function newCall(
  exchange: Exchange,
  ends: Pick<Call, 'to' | 'from' | 'direction'>,
): Omit<Call, 'order' | 'settings'> {
  const now = nowOf(exchange);
  return {
    ...ends,
    sid: newSid('CA'),
    parentCallSid: null,
    status: 'queued',
    createdAt: now,
    updatedAt: now,
    startedAt: null,
    answeredAt: null,
    endedAt: null,
    listedAt: now + delayIn(exchange, exchange.options.latency.listed),
    queueMs: 0,
    answeredBy: null,
    sipCode: null,
    price: null,
    sequence: 0,
    lines: [],
    isRecording: false,
    isConversing: false,
    isTwin: false,
  };
}
