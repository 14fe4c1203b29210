import type { AllowedHours, CallingWindow } from './calling-window.ts';
import { countedBy } from './frequency-caps.ts';
import type { GateFacts } from './gate.ts';
import { LAW } from './law/legal-rules.ts';
import { localDateTime } from './local-moment.ts';
import { type FrequencyCap, isOverridden } from './reach.ts';

/**
 * What a verdict was based on, kept with the attempt (design §4, field-notes §5b row 7). Attempts of an older version lack
 * what is optional here. `at`: when it was judged, which is also when the do-not-call list was read.
 */
export type GateEvidence = {
  at: string;
  zones: string[];
  certainty: string;
  basis: string;
  hours: (AllowedHours | CallingWindow)[];
  closesAt: string | null;
  suppressionId: number | null;
  isHeldForReview: boolean;
  /** What the clocks of the zones showed, `YYYY-MM-DD HH:MM`. */
  localTimes?: Record<string, string>;
  /** The rows of the law that counted, when each was last looked at, and whether an admin answered for other hours. */
  rules?: { key: string; asOf: string; isOverridden?: boolean }[];
  /** Each cap with the attempts that counted against it before this one. */
  caps?: (FrequencyCap & { counted: number })[];
  consentId?: number | null;
  /** Who agreed to the campaign as it was, and who stood in for its contacts’ consent when it was launched. */
  approval?: { id: number; by: string | null } | null;
  attestedBy?: string | null;
  /** The campaign as it was: of another version of it, nobody is contacted. */
  campaignVersion?: number;
  /** They asked to be called back. */
  isPromised?: boolean;
};

/** What speaks for contacting somebody now, as it will be kept. */
export function evidenceOf(facts: GateFacts, closesAt: Date): GateEvidence {
  const { at, reach, recentAttempts, consent } = facts;
  const { zones, certainty, basis } = reach.zones;
  const clocks = zones.map((zone) => [zone, localDateTime(at, zone)] as const);
  const dates = new Set(clocks.flatMap(([, clock]) => clock?.date ?? []));
  return {
    at: at.toISOString(),
    zones,
    certainty,
    basis,
    hours: reach.hours.map((window) => onDates(window, dates)),
    closesAt: closesAt.toISOString(),
    suppressionId: null,
    isHeldForReview: facts.isHeldForReview,
    localTimes: Object.fromEntries(
      clocks.map(([zone, clock]) => [zone, clock ? `${clock.date} ${clock.time}` : '']),
    ),
    rules: reach.rules.map((key) => ({
      key,
      asOf: LAW.get(key)?.asOf ?? '',
      ...(isOverridden(reach, key) ? { isOverridden: true } : {}),
    })),
    caps: reach.caps.map((cap) => ({ ...cap, counted: countedBy(cap, recentAttempts, at) })),
    consentId: consent.id,
  };
}

/** A window without the holidays of other days: two years of them would be kept with every attempt. */
function onDates(window: CallingWindow, dates: ReadonlySet<string>): CallingWindow {
  if (!window.dates) return window;
  const { dates: all, ...rest } = window;
  const own = Object.entries(all).filter(([date]) => dates.has(date));
  return own.length === 0 ? rest : { ...rest, dates: Object.fromEntries(own) };
}
