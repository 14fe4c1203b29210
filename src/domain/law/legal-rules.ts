import { isRegion, readCountry, readState } from '#domain/places/regions.ts';
import type { LawRow } from './law-row.ts';
import { ELSEWHERE_KEY, keysOfCountry, OTHER_COUNTRIES } from './other-countries.ts';
import { STRICT_KEY, UNITED_STATES } from './united-states.ts';

/** How the law of the states is kept: each row where it holds, or everywhere the hours that satisfy all of them. */
export type LegalPreset = 'by_state' | 'strict';

/** Every row, by its key. */
export const LAW: ReadonlyMap<string, LawRow> = new Map(
  [...UNITED_STATES, ...OTHER_COUNTRIES].map((row) => [row.key, row]),
);

/** Places whose public holidays the rows need. */
export const LAW_HOLIDAY_PLACES: readonly string[] = [
  ...new Set([...LAW.values()].flatMap(({ closedOn }) => closedOn)),
];

/**
 * The rows that hold for whoever is in one of these countries, and in one of these states of the United States, all
 * together. No state of the United States: nobody knows which, so the row that satisfies every state holds. No country: the
 * row of those without one.
 */
export function legalRules(place: {
  countries: readonly string[];
  states: readonly string[];
  preset: LegalPreset;
  channel: 'call' | 'sms';
}): readonly LawRow[] {
  const { countries, states, preset, channel } = place;
  const key = `${countries} ${states} ${preset} ${channel}`;
  const known = memory.get(key);
  if (known) return known;
  const around = countries.length > 0 ? countries.flatMap(keysOfCountry) : [ELSEWHERE_KEY];
  const keys = new Set([...around, ...stateKeys(place)]);
  const rows = [...keys].flatMap((name) => LAW.get(name) ?? []);
  const found = rows.filter(({ applies }) => channel === 'call' || applies === 'calls_and_texts');
  memory.set(key, found);
  return found;
}

/**
 * The rows that somebody means by a key, a state or a country, by code or name: “Florida”, “US-FL”, “strict”, “Canada”. A
 * state comes before a country with the same letters, and before the row of its country; none for what is neither.
 */
export function rowsNamed(place: string): LawRow[] {
  const wanted = place.trim().toUpperCase();
  const named = [...LAW.values()].filter(
    ({ key, name }) => key === wanted || key === `US-${wanted}` || name.toUpperCase() === wanted,
  );
  const region = readState(place, null);
  const country = region?.slice(0, 2) ?? readCountry(place);
  const around = country === null ? [] : keysOfCountry(country);
  const keys = new Set([...named.map(({ key }) => key), ...around, region ?? '']);
  const rows = [...LAW.values()].filter(({ key }) => keys.has(key));
  return rows.sort((a, b) => b.key.length - a.key.length);
}

/** Asked for each contact of a million; there are not many places. */
const memory = new Map<string, readonly LawRow[]>();

function stateKeys(place: { countries: readonly string[]; states: readonly string[]; preset: LegalPreset }) {
  if (!place.countries.includes('US')) return [];
  const isKnown = place.states.length > 0 && place.states.every((state) => isRegion(`US-${state}`));
  if (place.preset === 'strict' || !isKnown) return [STRICT_KEY];
  return place.states.map((state) => `US-${state}`);
}
