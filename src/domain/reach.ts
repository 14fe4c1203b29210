import type { AllowedHours, CallingWindow } from './calling-window.ts';
import { callingCodeOf, countriesBehind } from './country-zones.ts';
import type { LawRow } from './law/law-row.ts';
import { type LegalPreset, legalRules } from './law/legal-rules.ts';
import { candidateZones, type NumberZones, type TollFreePolicy } from './number-zones.ts';
import { countriesWithZone, zonesOfRegion } from './places/region-zones.ts';
import { isAmong } from './places/same-clock.ts';
import { hoursOf } from './settings.ts';
import { isTimeZone } from './window-clock.ts';

/** At most `limit` attempts to one number within `hours`, over all campaigns. `key`: `workspace`, or the row of the law. */
export type FrequencyCap = { key: string; limit: number; hours: number };

/** Public holidays by place (`US`, `US-FL`), as local dates. A place that was not asked for is missing, not empty. */
export type HolidayDates = ReadonlyMap<string, readonly string[]>;

/** What a workspace decided about whom it contacts and when. `ownHours` only tighten; `overrides` are rows made looser. */
export type ContactPolicy = {
  preset: LegalPreset;
  ownHours: AllowedHours[] | null;
  /** Hours in place of a row's, by its key; its holidays and caps stay. An admin answers for each. */
  overrides: ReadonlyMap<string, AllowedHours[]>;
  /** Whoever may be anywhere in a country: the hours that suit all of it, or nobody is contacted. */
  unknownPlace: 'intersect' | 'skip';
  tollFree: TollFreePolicy;
  frequency: FrequencyCap | null;
  requiresConsent: { call: boolean; sms: boolean };
  holidays: HolidayDates;
};

/** The hours of a campaign, and on which clock: the contact's, or `zone`. Nobody is contacted on `closedDates`. */
export type CampaignHours = {
  windows: AllowedHours[];
  closedDates: string[];
  zone: string;
  followsContact: boolean;
};

/** Whom, and where they say they are: null when nothing was said, an empty list when it could not be read. */
export type Whereabouts = { phoneNumber: string; ownZones: string[] | null; ownRegion: string | null };

/**
 * Where one person may be, which hours count for them, all of them at once, and how often. `hours` carry their names:
 * `campaign`, `workspace`, or the key of a row, with `overridden` behind it where its hours are; `rules` are the keys of the
 * rows of the law.
 */
export type Reach = { zones: NumberZones; hours: CallingWindow[]; rules: string[]; caps: FrequencyCap[] };

/**
 * When a campaign wants to reach people: its windows, without its pause dates and the public holidays that it keeps.
 * Throws when the holidays of one of its places were not read.
 */
export function campaignHoursOf(
  campaign: {
    allowedHours: AllowedHours | null;
    additionalHours: AllowedHours[];
    pauseDates: string[];
    holidayPlaces: string[];
    timeZone: string;
    contactTimeZone: boolean;
  },
  holidays: HolidayDates,
): CampaignHours {
  return {
    windows: [hoursOf(campaign.allowedHours), ...campaign.additionalHours],
    closedDates: [...campaign.pauseDates, ...datesIn(holidays, campaign.holidayPlaces)],
    zone: campaign.timeZone,
    followsContact: campaign.contactTimeZone,
  };
}

/**
 * The zones, hours and caps that count for one person: the campaign's hours where they are, or on the campaign's own clock
 * where it does not follow its contacts; on top, always on the person's clock, the law of every place where they may be
 * (telephony.md §6) and what the workspace keeps to besides. Throws when the holidays of a row were not read.
 */
export function reachOf(input: {
  who: Whereabouts;
  channel: 'call' | 'sms';
  hours: CampaignHours;
  policy: ContactPolicy;
}): Reach {
  const { who, channel, hours, policy } = input;
  const place = placeFor(who, policy.tollFree);
  const { countries, states } = place;
  const rows = legalRules({ countries, states, preset: policy.preset, channel });
  const country = countries.length === 1 ? (countries[0] ?? null) : null;
  return {
    zones: { ...zonesOf(who, place, policy), country, states },
    hours: [campaignWindow(hours), ...lawWindows(rows, policy)],
    rules: rows.map(({ key }) => key),
    caps: capsOf(rows, policy),
  };
}

/** Where the law is looked up, and the zones of the number. */
type LegalPlace = { byNumber: NumberZones; countries: readonly string[]; states: string[] };

/**
 * What was said about the place decides; a country alone is narrowed by the number, where that is of the same one. Whose
 * zone is not one of their number's has moved: their state is unknown, and the law of where that zone is kept counts too.
 */
function placeFor({ phoneNumber, ownZones, ownRegion }: Whereabouts, tollFree: TollFreePolicy): LegalPlace {
  const byNumber = candidateZones(phoneNumber, tollFree);
  const { states } = byNumber;
  const countries = countriesOf(phoneNumber, byNumber);
  const [country, state] = ownRegion?.split('-') ?? [];
  if (country !== undefined) {
    if (state !== undefined) return { byNumber, countries: [country], states: [state] };
    return { byNumber, countries: [country], states: country === byNumber.country ? states : [] };
  }
  const strange = (ownZones ?? []).filter((zone) => !isAmong(zone, byNumber.zones));
  if (strange.length === 0) return { byNumber, countries, states };
  const together = new Set([...countries, ...strange.flatMap(countriesWithZone)]);
  return { byNumber, countries: [...together], states: [] };
}

/** A calling code that several countries share is one of them all, where the number does not say which. */
function countriesOf(phoneNumber: string, { country, basis }: NumberZones): readonly string[] {
  if (country !== null) return [country];
  if (phoneNumber.startsWith('+1')) return basis === 'toll_free' ? ['US'] : ['US', 'CA'];
  return countriesBehind(callingCodeOf(phoneNumber) ?? '');
}

/** Whether other hours than those of a row counted, because an admin answers for them. */
export function isOverridden({ hours }: Pick<Reach, 'hours'>, key: string): boolean {
  return hours.some(({ name }) => name === overridden(key));
}

function overridden(key: string): string {
  return `${key} overridden`;
}

function zonesOf(who: Whereabouts, { byNumber }: LegalPlace, policy: ContactPolicy): NumberZones {
  const { ownZones, ownRegion } = who;
  if (ownZones === null) {
    const zones =
      ownRegion !== null && isElsewhere(byNumber, ownRegion) ? wholeOf(byNumber, ownRegion) : byNumber;
    const isSkipped = policy.unknownPlace === 'skip' && zones.certainty === 'country';
    return isSkipped ? { ...zones, zones: [], certainty: 'unknown' } : zones;
  }
  if (ownZones.length === 0 || !ownZones.every(isTimeZone))
    return { ...byNumber, zones: [], certainty: 'unknown', basis: 'own_zone_unreadable' };
  const certainty = ownZones.length === 1 ? 'exact' : 'ambiguous';
  return { ...byNumber, zones: ownZones, certainty, basis: 'own_zone' };
}

/** Whether a number belongs to another place than the region that somebody says they are in. */
function isElsewhere({ country, states }: NumberZones, region: string): boolean {
  const [ownCountry, ownState] = region.split('-');
  return ownState === undefined
    ? country !== null && country !== ownCountry
    : country !== ownCountry || !states.includes(ownState);
}

/** A number of another place says nothing about the clock of somebody who lives here. */
function wholeOf(byNumber: NumberZones, region: string): NumberZones {
  const zones = [...zonesOfRegion(region)];
  const several = region.includes('-') ? 'ambiguous' : 'country';
  const certainty = zones.length === 0 ? 'unknown' : zones.length === 1 ? 'exact' : several;
  return { ...byNumber, zones, certainty, basis: 'own_region' };
}

const campaignWindows = new WeakMap<CampaignHours, CallingWindow>();

function campaignWindow(hours: CampaignHours): CallingWindow {
  const known = campaignWindows.get(hours);
  if (known) return known;
  const window: CallingWindow = {
    name: 'campaign',
    anyOf: hours.windows,
    ...(hours.closedDates.length > 0 ? { dates: closed(hours.closedDates) } : {}),
    ...(hours.followsContact ? {} : { zones: [hours.zone] }),
  };
  campaignWindows.set(hours, window);
  return window;
}

/** Made once for each policy: a claim judges fifty contacts by one, a pre-flight a million. */
const windowsByPolicy = new WeakMap<ContactPolicy, Map<string, CallingWindow>>();

function lawWindows(rows: readonly LawRow[], policy: ContactPolicy): CallingWindow[] {
  const known = windowsByPolicy.get(policy) ?? new Map<string, CallingWindow>();
  windowsByPolicy.set(policy, known);
  const windowOf = (name: string, make: () => CallingWindow) => {
    const window = known.get(name) ?? make();
    known.set(name, window);
    return window;
  };
  const law = rows.map((row) => windowOf(row.key, () => lawWindow(row, policy)));
  const { ownHours } = policy;
  return ownHours ? [...law, windowOf('workspace', () => ({ name: 'workspace', anyOf: ownHours }))] : law;
}

function lawWindow(row: LawRow, policy: ContactPolicy): CallingWindow {
  const dates = datesIn(policy.holidays, row.closedOn);
  const override = policy.overrides.get(row.key);
  return {
    name: override ? overridden(row.key) : row.key,
    anyOf: override ?? [...row.hours],
    ...(dates.length > 0 ? { dates: closed(dates) } : {}),
  };
}

function capsOf(rows: readonly LawRow[], { frequency }: ContactPolicy): FrequencyCap[] {
  const byLaw = rows.flatMap(({ key, caps }) => caps.map((cap) => ({ key, ...cap })));
  return frequency ? [frequency, ...byLaw] : byLaw;
}

function closed(dates: readonly string[]): Record<string, never[]> {
  return Object.fromEntries(dates.map((date) => [date, []]));
}

function datesIn(holidays: HolidayDates, places: readonly string[]): string[] {
  return places.flatMap((place) => {
    const dates = holidays.get(place);
    if (!dates) throw new Error(`the public holidays of ${place} were not read`);
    return [...dates];
  });
}
