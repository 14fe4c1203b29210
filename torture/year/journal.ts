import type { Contacted } from './carrier.ts';
import type { Person } from './people.ts';

/** Hours as people write them: `HH:MM`, days in lower-case English. */
export type WrittenHours = { start: string; end: string; days: string[] };

/** A campaign as its makers know it; what the judge holds it to. */
export type YearCampaign = {
  id: number;
  name: string;
  /** Every campaign of the year has a number of its own, so that what the carrier saw names it. */
  from: string;
  type: 'sms' | 'call' | 'mixed';
  people: Person[];
  hours: WrittenHours[];
  zone: string;
  followsContact: boolean;
  pauseDates: string[];
  holidayPlaces: ('US' | 'GB' | 'DE')[];
  maxAttempts: number;
  retryDelayMinutes: number;
  budgetMicros: number | null;
  excludeDays: number | null;
  textExpiryHours: number | null;
  endOfDay: 'continue' | 'stop';
  canarySize: number | null;
  /** Nothing else happens to its people, so everybody must be reached exactly once each time it is due. */
  isCalm: boolean;
};

export type Channel = 'all' | 'voice' | 'sms';

export type YearPolicy = {
  preset: 'by_state' | 'strict';
  ownHours: WrittenHours[] | null;
  unknownPlace: 'intersect' | 'skip';
  tollFree: 'skip' | 'contiguous';
  frequency: { limit: number; hours: number } | null;
  requiresCallConsent: boolean;
  requiresTextConsent: boolean;
  requiresApproval: boolean;
};

/** The policy of a workspace that nobody has set up. */
export const FIRST_POLICY: YearPolicy = {
  preset: 'by_state',
  ownHours: null,
  unknownPlace: 'intersect',
  tollFree: 'skip',
  frequency: { limit: 3, hours: 24 },
  requiresCallConsent: false,
  requiresTextConsent: false,
  requiresApproval: false,
};

/** What people did, noted by the test itself at the moment at which the verb had done it. */
export type Fact =
  | { kind: 'campaign_made'; campaign: YearCampaign }
  /** It may begin a run at each of these instants. */
  | { kind: 'due'; campaignId: number; instants: number[] }
  | { kind: 'paused' | 'resumed' | 'cancelled'; campaignId: number }
  | { kind: 'approved' | 'edited'; campaignId: number }
  | { kind: 'budget_raised'; campaignId: number; budgetMicros: number }
  /** An instant at which it was due and did not begin, because nobody was there to begin it. */
  | { kind: 'missed'; campaignId: number; instant: number }
  | { kind: 'policy'; change: Partial<YearPolicy> }
  /** By the person's own STOP or START, or by somebody of ours; a START takes back only what a STOP had set. */
  | {
      kind: 'suppressed' | 'lifted';
      phone: string;
      channel: Channel;
      campaignId: number | null;
      by: 'person' | 'staff';
    }
  | { kind: 'prefix_suppressed' | 'prefix_lifted'; prefix: string; channel: Channel }
  | { kind: 'consent_given' | 'consent_withdrawn'; phone: string; channel: Channel }
  | { kind: 'law_overridden'; key: string; hours: WrittenHours[] }
  | { kind: 'override_revoked'; key: string };

/** Everything in the order in which it came about: what people did and whom the carrier contacted. */
export type Entry = { at: number } & (Fact | { kind: 'contacted'; contacted: Contacted });

export type Journal = { entries: Entry[]; note(fact: Fact): void };
