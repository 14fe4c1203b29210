import type { NumberZones } from './number-zones.ts';
import type { SkipReason } from './hold.ts';
import { type AllowedHours, windowVerdict } from './calling-window.ts';

/** What the gate knows about one contact at one instant. Everything unknown counts against contacting. */
export type GateFacts = {
  at: Date;
  channel: 'sms' | 'call';
  suppression: { id: number; channel: string; source: string } | null;
  isHeldForReview: boolean;
  /** Another attempt to this number is open, in whichever campaign. */
  isInFlight: boolean;
  zones: NumberZones;
  hours: AllowedHours[];
};

/** The verdict with what it was based on, kept with the attempt as evidence (design §4). */
export type GateEvidence = {
  at: string;
  zones: string[];
  certainty: string;
  hours: AllowedHours[];
  closesAt: string | null;
  suppressionId: number | null;
  isHeldForReview: boolean;
};

export type GateVerdict =
  | { kind: 'go'; closesAt: Date; evidence: GateEvidence }
  | { kind: 'skip'; reason: SkipReason }
  | { kind: 'wait'; why: 'outside_hours'; until: Date }
  | { kind: 'wait'; why: 'number_in_flight' | 'held_for_review'; until: null };

/**
 * Whether this contact may be contacted now, must wait, or must not be contacted at all. Order matters: what is final
 * comes before what passes, so that nobody waits for a window that would not help (design §4, telephony.md §6).
 */
export function judgeContact(facts: GateFacts): GateVerdict {
  if (facts.suppression) {
    return { kind: 'skip', reason: facts.suppression.source === 'opt_out' ? 'opted_out' : 'do_not_call' };
  }
  if (facts.zones.certainty === 'unknown' || facts.zones.zones.length === 0) return { kind: 'skip', reason: 'no_time_zone' };
  if (facts.isHeldForReview) return { kind: 'wait', why: 'held_for_review', until: null };
  const window = windowVerdict({ at: facts.at, zones: facts.zones.zones, hours: facts.hours });
  if (!window.open) {
    return window.opensAt
      ? { kind: 'wait', why: 'outside_hours', until: window.opensAt }
      : { kind: 'skip', reason: 'no_window' };
  }
  if (facts.isInFlight) return { kind: 'wait', why: 'number_in_flight', until: null };
  return { kind: 'go', closesAt: window.closesAt, evidence: evidenceOf(facts, window.closesAt) };
}

function evidenceOf(facts: GateFacts, closesAt: Date): GateEvidence {
  return {
    at: facts.at.toISOString(),
    zones: facts.zones.zones,
    certainty: facts.zones.certainty,
    hours: facts.hours,
    closesAt: closesAt.toISOString(),
    suppressionId: null,
    isHeldForReview: facts.isHeldForReview,
  };
}
