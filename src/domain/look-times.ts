/** When the provider is asked about an attempt that its reports left open (telephony.md §2, §3). */

/** Product time after which a text without a receipt is asked about. */
export const FIRST_RECEIPT_LOOK_MS = 2 * 60_000;

/** Real time after which a text whose answer was lost is looked for: before that the provider's list may not show it. */
export const FIRST_UNKNOWN_LOOK_REAL_MS = 60_000;

/** Product time after a text's end at which its price is asked for: it comes some time later (telephony.md §2). */
export const FIRST_PRICE_LOOK_MS = 10 * 60_000;
