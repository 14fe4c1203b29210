import {
  type AllowedHours,
  type CallingWindow,
  DEFAULT_ALLOWED_HOURS,
  windowVerdict,
} from './calling-window.ts';
import type { SkipReason } from './hold.ts';
import { candidateZones, type NumberZones } from './number-zones.ts';

/** What the gate knows about one contact at one instant. Everything unknown counts against contacting. */
export type GateFacts = {
  at: Date;
  channel: 'sms' | 'call';
  suppression: { id: number; channel: string; source: string } | null;
  isHeldForReview: boolean;
  /** Another attempt to this number is open, in whichever campaign. */
  isInFlight: boolean;
  zones: NumberZones;
  hours: (AllowedHours | CallingWindow)[];
};

/** The verdict with what it was based on, kept with the attempt as evidence (design §4). */
export type GateEvidence = {
  at: string;
  zones: string[];
  certainty: string;
  basis: string;
  hours: (AllowedHours | CallingWindow)[];
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
  if (facts.zones.certainty === 'unknown' || facts.zones.zones.length === 0)
    return { kind: 'skip', reason: 'no_time_zone' };
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
    basis: facts.zones.basis,
    hours: facts.hours,
    closesAt: closesAt.toISOString(),
    suppressionId: null,
    isHeldForReview: facts.isHeldForReview,
  };
}

/**
 * The zones and hours that count for one number: the campaign's hours where the person is, or on the campaign's own clock
 * where it does not follow its contacts, and on top, always, 08:00 to 21:00 where the person is (47 CFR 64.1200(c)(1),
 * applied to texts too: telephony.md §6).
 */
export function reachOf(campaign: {
  phoneNumber: string;
  hours: AllowedHours;
  zone: string;
  followsContact: boolean;
}) {
  const zones = candidateZones(campaign.phoneNumber);
  const own = campaign.followsContact ? campaign.hours : { anyOf: [campaign.hours], zones: [campaign.zone] };
  return { zones, hours: [own, DEFAULT_ALLOWED_HOURS] };
}
