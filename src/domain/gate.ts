import { windowVerdict } from './calling-window.ts';
import { isPast, type LastDay } from './end-of-day.ts';
import { cappedUntil } from './frequency-caps.ts';
import { evidenceOf, type GateEvidence } from './gate-evidence.ts';
import type { SkipReason } from './hold.ts';
import type { Reach } from './reach.ts';
import { DAY_MS } from './window-clock.ts';

/** An entry of the do-not-call list that is in force: of the number itself or, with `prefix`, of a range of numbers. */
export type Suppression = { id: number; channel: string; source: string; prefix?: string };

/** What the gate knows about one contact at one instant. Everything unknown counts against contacting. */
export type GateFacts = {
  at: Date;
  channel: 'sms' | 'call';
  suppression: Suppression | null;
  isHeldForReview: boolean;
  /** Another attempt to this number is open, in whichever campaign. */
  isInFlight: boolean;
  reach: Reach;
  consent: { isRequired: boolean; id: number | null };
  /** When any campaign of the workspace contacted this number lately, at least as far back as the longest cap. */
  recentAttempts: readonly Date[];
  /** When another campaign contacted it last; read only where `excludeContactedDays` is set. */
  lastContactAt: Date | null;
  excludeContactedDays: number | null;
  /** From when on the text would be stale; null for calls and for texts that keep. */
  expiresAt: Date | null;
  /** The last day of a campaign that stops at the end of it; null: it goes on tomorrow. */
  lastDay: LastDay | null;
};

export type GateVerdict =
  | { kind: 'go'; closesAt: Date; evidence: GateEvidence }
  | { kind: 'skip'; reason: SkipReason }
  | { kind: 'wait'; why: 'outside_hours' | 'frequency_cap'; until: Date }
  | { kind: 'wait'; why: 'number_in_flight' | 'held_for_review'; until: null };

/**
 * Whether this contact may be contacted now, must wait, or must not be contacted at all. Order matters: what is final
 * comes before what passes, so that nobody waits for a window that would not help (design §4, telephony.md §6). A cap
 * puts off and never leaves out; only when no instant comes that suits hours, expiry and day is somebody left out.
 */
export function judgeContact(facts: GateFacts): GateVerdict {
  const against = standingAgainst(facts);
  if (against) return { kind: 'skip', reason: against };
  const turn = nextTurn(facts);
  if (!turn) return { kind: 'skip', reason: 'no_window' };
  if (facts.expiresAt && facts.expiresAt <= turn.at) return { kind: 'skip', reason: 'text_expired' };
  if (facts.lastDay && isPast(facts.lastDay, turn.at, facts.reach.zones.zones))
    return { kind: 'skip', reason: 'day_ended' };
  if (facts.isHeldForReview) return { kind: 'wait', why: 'held_for_review', until: null };
  if (turn.why) return { kind: 'wait', why: turn.why, until: turn.at };
  if (facts.isInFlight) return { kind: 'wait', why: 'number_in_flight', until: null };
  const closesAt = earlier(turn.closesAt, facts.expiresAt);
  return { kind: 'go', closesAt, evidence: evidenceOf(facts, closesAt) };
}

/** What no waiting would change. */
function standingAgainst(facts: GateFacts): SkipReason | null {
  const { suppression, reach, consent, lastContactAt, excludeContactedDays } = facts;
  if (suppression) return suppression.source === 'opt_out' ? 'opted_out' : 'do_not_call';
  if (reach.zones.certainty === 'unknown' || reach.zones.zones.length === 0) return 'no_time_zone';
  if (consent.isRequired && consent.id === null) return 'no_consent';
  if (excludeContactedDays !== null && lastContactAt !== null) {
    const freeAt = lastContactAt.getTime() + excludeContactedDays * DAY_MS;
    if (freeAt > facts.at.getTime()) return 'contacted_recently';
  }
  return null;
}

type Turn = { why: null; at: Date; closesAt: Date } | { why: 'outside_hours' | 'frequency_cap'; at: Date };

/** The first instant that hours and caps allow, with what it is waited for; null when none comes within the search. */
function nextTurn({ at, reach, recentAttempts }: GateFacts): Turn | null {
  const freeAt = cappedUntil(reach.caps, recentAttempts, at) ?? at;
  const now = openingFrom(reach, at);
  if (freeAt <= at) {
    if (now?.closesAt) return { why: null, at, closesAt: now.closesAt };
    return now && { why: 'outside_hours', at: now.at };
  }
  if (now && now.at >= freeAt) return { why: 'outside_hours', at: now.at };
  const then = openingFrom(reach, freeAt);
  return then && { why: 'frequency_cap', at: then.at };
}

/** The first open instant from `at` on; `closesAt` when that is `at` itself. */
function openingFrom({ zones, hours }: Reach, at: Date): { at: Date; closesAt: Date | null } | null {
  const window = windowVerdict({ at, zones: zones.zones, hours });
  if (window.open) return { at, closesAt: window.closesAt };
  return window.opensAt && { at: window.opensAt, closesAt: null };
}

function earlier(one: Date, other: Date | null): Date {
  return other && other < one ? other : one;
}
