import type { TextStatusName } from '#domain/attempt.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { Sender } from '#domain/sender.ts';

/**
 * One text to one person. `token` names the attempt in the callback address; the provider is asked exactly once. A text
 * that the provider has queued for longer than `validForSeconds` must not go out any more: the person's hours have ended.
 */
export type TextRequest = {
  token: string;
  to: string;
  from: Sender;
  body: string;
  validForSeconds: number;
};

/** Why the provider said no, in our classes. `fix` is a sentence for the person who can mend it. */
export type ProviderRefusal = { class: FailureClass; code: string; fix: string };

/**
 * What became of one request (telephony.md §1): accepted; rejected, so nothing was placed; throttled, so it was never
 * processed; or unknown (timeout, reset, 5xx), so it may have been placed and must be looked up, never repeated.
 */
export type PlaceResult =
  | { kind: 'accepted'; ref: string }
  | { kind: 'rejected'; refusal: ProviderRefusal }
  | { kind: 'throttled'; retryAfterMs: number; code: string }
  | { kind: 'unknown'; cause: string };

/** How far a text is, ranked: statuses only move forward, the first terminal one wins (telephony.md §3). */
export type TextStatus = TextStatusName;

/** A report about a text we sent. `token` is absent when it came from a look-up and not from our callback address. */
export type TextStatusEvent = {
  kind: 'text_status';
  token: string | null;
  ref: string;
  status: TextStatus;
  refusal: ProviderRefusal | null;
  segments: number | null;
  price: { amount: string; currency: string } | null;
};

/** A text somebody sent to one of our numbers. `optOut` is the provider's own keyword verdict, when it gave one. */
export type TextInboundEvent = {
  kind: 'text_inbound';
  ref: string;
  from: string;
  to: string;
  body: string;
  mediaCount: number;
  optOut: 'stop' | 'start' | 'help' | null;
};

export type ProviderEvent = TextStatusEvent | TextInboundEvent;

/** A text found in the provider's own list when we look for one whose answer was lost. */
export type FoundText = {
  ref: string;
  body: string;
  createdAt: Date;
  status: TextStatus;
  refusal: ProviderRefusal | null;
};

/** What a carrier must be able to do. Nothing here throws for an answer of the provider; look-ups throw when they cannot look. */
export type Telephony = {
  provider: string;
  /** Asks the provider once, with a deadline of about 10 s of real time, without any retry. */
  sendText(request: TextRequest): Promise<PlaceResult>;
  /** Texts to this number created since an instant, newest first. Throws `LookupFailed` when the list cannot be had. */
  findTexts(query: { to: string; from: Sender; since: Date }): Promise<FoundText[]>;
  /** The present state of one text, with its price once known. Throws `LookupFailed`. */
  fetchText(ref: string): Promise<TextStatusEvent>;
  /** Whether this account may send from this number. Throws `LookupFailed`. */
  ownsNumber(phoneNumber: string): Promise<boolean>;
};

/** The provider could not be asked; nothing is known, so nothing may be concluded. */
export class LookupFailed extends Error {
  override name = 'LookupFailed';
}
