import type { Suppression } from '#domain/gate.ts';
import type { SkipReason } from '#domain/hold.ts';
import type { MixedSettings } from '#domain/mixed.ts';
import type { RateTable } from '#domain/rates.ts';
import type { CampaignHours, ContactPolicy, Whereabouts } from '#domain/reach.ts';
import type { RetryPolicy } from '#domain/retry.ts';
import type { EndOf } from './assumptions.ts';

export type Channel = 'call' | 'sms';

/** Somebody of the campaign who waits, with everything that the gate and the purse ask about them. */
export type RehearsedContact = Whereabouts & {
  /** Milliseconds since 1970. */
  dueAt: number;
  nextChannel: Channel | null;
  firstStatus: string | null;
  /** Attempts used up on the channel in use. */
  used: number;
  suppression: Record<Channel, Suppression | null>;
  hasConsent: Record<Channel, boolean>;
  isHeldForReview: boolean;
  recentAttempts: readonly Date[];
  lastContactAt: Date | null;
  /** Of their text. */
  segments: number | null;
  /** Why what would be sent or said to them cannot be. */
  refused: Partial<Record<Channel, SkipReason>>;
};

/** A campaign as it would run from `now` on, with everything that decides whom it reaches when. */
export type RehearsalInput = {
  now: Date;
  contacts: readonly RehearsedContact[];
  campaignType: 'call' | 'sms' | 'mixed';
  mixedSettings: MixedSettings | null;
  maxAttempts: number;
  retryDelayMinutes: number;
  retryPolicy: RetryPolicy;
  hours: CampaignHours;
  policy: ContactPolicy;
  excludeContactedDays: number | null;
  textExpiresAt: Date | null;
  endOfDay: 'continue' | 'stop';
  rateLimitsPerMinute: readonly number[];
  callsPerSecond: number;
  concurrentLimit: number;
  /** The first so many attempts after which it holds and asks; null: it does not. */
  canaryLeft: number | null;
  /** What may still be spent, in micro-dollars; null: there is no budget. */
  leftMicros: number | null;
  rates: RateTable;
  /** How long a call may last, and whether a machine is looked for. */
  maxSeconds: number;
  isDetecting: boolean;
  endOf: EndOf;
};

/** One attempt that would be made, in milliseconds and micro-dollars; `index` is the contact's place in the list. */
export type RehearsedAttempt = {
  at: number;
  index: number;
  channel: Channel;
  outcome: string;
  lowMicros: number;
  highMicros: number;
};

/** Where it would stop and ask. After a canary the plan goes on as if somebody had said so; a budget ends it. */
export type RehearsedStop = { at: number; kind: 'canary' | 'budget'; attempts: number };

/**
 * What would happen. `ended` counts contacts by the status they end with. `undecided`: people about whom somebody has to
 * decide first. `left`: contacts not reached when the budget or the horizon of a year ended it.
 */
export type Rehearsal = {
  attempts: RehearsedAttempt[];
  skips: Map<SkipReason, number>;
  ended: Map<string, number>;
  stops: RehearsedStop[];
  undecided: number;
  left: number;
  /** When the last attempt would be over; null when nobody would be contacted or it does not come to an end. */
  finishesAt: number | null;
};
