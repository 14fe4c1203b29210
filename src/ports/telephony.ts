import type { TextStatusName } from '#domain/attempt.ts';
import type { BytePart, ByteRange } from '#domain/byte-range.ts';
import type { AnsweredBy, CallStatusName } from '#domain/call.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { Sender } from '#domain/sender.ts';
import type { CallStep } from './call-flow.ts';

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

/**
 * A report about a call. `sequence` counts the reports of one call where the provider numbers them; `durationSeconds` is
 * how long people were connected; `answeredBy` stands on the last report where detection ran.
 */
export type CallStatusEvent = {
  kind: 'call_status';
  token: string | null;
  ref: string;
  status: CallStatusName;
  sequence: number | null;
  durationSeconds: number | null;
  sipCode: number | null;
  answeredBy: AnsweredBy | null;
  refusal: ProviderRefusal | null;
  price: { amount: string; currency: string } | null;
};

/** Who picked up, told while the call already runs. */
export type CallVerdictEvent = {
  kind: 'call_verdict';
  token: string | null;
  ref: string;
  answeredBy: AnsweredBy;
};

/** How a recording stands; `ref` is the call's id. */
export type RecordingEvent = {
  kind: 'recording';
  token: string | null;
  ref: string;
  recordingRef: string;
  status: 'in_progress' | 'completed' | 'absent';
  durationSeconds: number | null;
  channels: number | null;
};

export type ProviderEvent =
  | TextStatusEvent
  | TextInboundEvent
  | CallStatusEvent
  | CallVerdictEvent
  | RecordingEvent;

/**
 * One call to one person. `ringSeconds`: 25 to 30 is usual, at least 15 (telephony.md §2). `maxSeconds` ends it whatever
 * happens. `detection`: whether a machine is recognised, and whether the person hears silence until then.
 */
export type CallRequest = {
  token: string;
  to: string;
  from: string;
  ringSeconds: number;
  maxSeconds: number;
  detection: 'off' | 'async' | 'sync';
};

/** A call in the provider's own list. */
export type FoundCall = { ref: string; createdAt: Date; status: CallStatusName };

/** What became of a change to a call: `too_late` when it is not in the state any more in which that can be done. */
export type CallChange = { kind: 'done' } | { kind: 'too_late' } | { kind: 'unknown'; cause: string };

/** What a carrier must be able to do with calls. Nothing throws for an answer of the provider; look-ups throw `LookupFailed`. */
export type CallTelephony = {
  /** Calls the account may start per second; what is over that is queued by some providers for a day (telephony.md §2). */
  callsPerSecond: number;
  /** Asks the provider once, with a deadline of about 10 s of real time, without any retry. */
  placeCall(request: CallRequest): Promise<PlaceResult>;
  /** Calls to this number created since an instant, newest first, queued ones included. */
  findCalls(query: { to: string; from: string; since: Date }): Promise<FoundCall[]>;
  fetchCall(ref: string): Promise<CallStatusEvent>;
  /** Takes back a call that nobody has answered yet. */
  cancelCall(ref: string): Promise<CallChange>;
  /** Ends a call that is under way. */
  hangUp(ref: string): Promise<CallChange>;
  /** Gives a call that is under way new instructions; a conversation on it ends. */
  redirectCall(call: { ref: string; token: string; steps: CallStep[] }): Promise<CallChange>;
  /**
   * The audio of a recording as MP3, or a part of it where one is asked for and the provider hands out parts. Throws
   * `LookupFailed`, and when it is not ready yet. Whoever does not read the stream ends it with `return`.
   */
  fetchRecording(recordingRef: string, range?: ByteRange | null): Promise<RecordingAudio>;
  /** Stops a running recording. */
  stopRecording(call: { ref: string; recordingRef: string }): Promise<CallChange>;
  /** Deletes a recording at the provider; `done` also when it is gone already. */
  deleteRecording(recordingRef: string): Promise<CallChange>;
};

/**
 * Audio as it comes from the provider. `size` is that of the whole recording; `part` is what the stream brings of it: the
 * whole where there is none, and nothing where the range that was asked for lies beyond its end.
 */
export type RecordingAudio = {
  size: number | null;
  part?: BytePart | 'beyond';
  stream: AsyncIterable<Uint8Array>;
};

/** A text found in the provider's own list when we look for one whose answer was lost. */
export type FoundText = {
  ref: string;
  body: string;
  createdAt: Date;
  status: TextStatus;
  refusal: ProviderRefusal | null;
};

/** What a carrier must be able to do. Nothing here throws for an answer of the provider; look-ups throw when they cannot look. */
export type Telephony = CallTelephony & {
  provider: string;
  /** Asks the provider once, with a deadline of about 10 s of real time, without any retry. */
  sendText(request: TextRequest): Promise<PlaceResult>;
  /** Texts to this number created since an instant, newest first. Throws `LookupFailed` when the list cannot be had. */
  findTexts(query: { to: string; from: Sender; since: Date }): Promise<FoundText[]>;
  /** The present state of one text, with its price once known. Throws `LookupFailed`. */
  fetchText(ref: string): Promise<TextStatusEvent>;
  /** Whether this account may text, or call, from this number. Throws `LookupFailed`. */
  ownsNumber(phoneNumber: string, channel?: 'sms' | 'call'): Promise<boolean>;
  /** Every number that is ours at the provider, in any order. Throws `LookupFailed`. */
  listNumbers(): Promise<OurNumber[]>;
};

/** One of our numbers, with what it can do. `name` is what somebody called it at the provider. */
export type OurNumber = {
  phoneNumber: string;
  name: string;
  isActive: boolean;
  voice: boolean;
  sms: boolean;
  mms: boolean;
};

/** The provider could not be asked; nothing is known, so nothing may be concluded. */
export class LookupFailed extends Error {
  override name = 'LookupFailed';
}
