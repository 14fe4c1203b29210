import { DETECTION_SECONDS, RING_SECONDS } from './call.ts';

/** When the provider is asked about an attempt that its reports left open (telephony.md §2, §3). */

/** Product time after which a text without a receipt is asked about. */
export const FIRST_RECEIPT_LOOK_MS = 2 * 60_000;

/** Real time after which a text whose answer was lost is looked for: before that the provider's list may not show it. */
export const FIRST_UNKNOWN_LOOK_REAL_MS = 60_000;

/** Product time after a text's end at which its price is asked for: it comes some time later (telephony.md §2). */
export const FIRST_PRICE_LOOK_MS = 10 * 60_000;

/** Product time after a call's end at which its price is asked for (telephony.md §2). */
export const FIRST_CALL_PRICE_LOOK_MS = 5 * 60_000;

/** What a report may take on top of the longest that a call can last. */
const CALL_MARGIN_SECONDS = 60;

/**
 * Milliseconds after which a call of which nothing terminal was reported is asked about: it has rung, been judged and
 * lasted as long as it may (telephony.md §2).
 */
export function sweepAfterMs(maxSeconds: number): number {
  return (RING_SECONDS + DETECTION_SECONDS + maxSeconds + CALL_MARGIN_SECONDS) * 1_000;
}

/** Product time between looks at the price of an ended call; after the last, a day after its end, the estimate stands. */
export const CALL_PRICE_LOOKS_MS: readonly number[] = [25 * 60_000, 3.5 * 60 * 60_000, 20 * 60 * 60_000];
