import { countriesBehind } from '#domain/country-zones.ts';
import { placeOfCanadianPostcode } from './canada-postcode.ts';
import { isPostcodeOf, placeOfPostcode } from './other-postcodes.ts';
import { zonesOfRegion } from './region-zones.ts';
import { hasStates, readCountry, readState } from './regions.ts';
import { isAmong } from './same-clock.ts';
import { readZone } from './stated-zone.ts';
import { placeOfZip, type ZipPlace } from './us-zip.ts';

/** What a row says about where somebody is, as it was written; null or blank where it says nothing. */
export type StatedPlace = {
  zone: string | null;
  postcode: string | null;
  state: string | null;
  country: string | null;
  /** The country of their number, which says how a postcode or a state without a country is to be read. */
  numberCountry?: string | null;
};

/**
 * Where somebody is by their own account. `ownZones` null: nothing was said that tells their clock, so the number decides;
 * empty: something was said that cannot be read or contradicts itself, so nobody knows and nobody is contacted
 * (telephony.md §6, field-notes §2.15). `ownRegion` is a country or one of its states: `GB`, `US-FL`.
 */
export type OwnPlace = { ownZones: string[] | null; ownRegion: string | null };

const UNKNOWN: OwnPlace = { ownZones: [], ownRegion: null };

/**
 * Reads where somebody is from the columns that say so. The finest one decides: the zone for their clock, postcode before
 * state before country for the rest. A zone that their postcode or state does not have counts together with theirs, because
 * nobody can tell which of the two is out of date.
 */
export function placeOf(stated: StatedPlace): OwnPlace {
  const said = {
    zone: textOf(stated.zone),
    postcode: textOf(stated.postcode),
    state: textOf(stated.state),
    country: textOf(stated.country),
  };
  const country = said.country === null ? null : readCountry(said.country);
  const zones = said.zone === null ? null : readZone(said.zone);
  if ((said.country !== null && country === null) || (said.zone !== null && zones === null)) return UNKNOWN;
  const finer = finerPlace(said, country, stated.numberCountry ?? null);
  if (finer === 'unreadable') return UNKNOWN;
  const place = finer ?? (country === null ? null : placeOfCountry(country));
  return { ownZones: zonesOfBoth(zones, place, finer !== null), ownRegion: place?.region ?? null };
}

function zonesOfBoth(
  zones: readonly string[] | null,
  place: ZipPlace | null,
  isFine: boolean,
): string[] | null {
  if (!place) return zones && [...zones];
  if (!zones) return place.zones.length > 0 ? [...place.zones] : null;
  const isAtOdds = isFine && !zones.every((zone) => isAmong(zone, place.zones));
  return isAtOdds ? [...new Set([...zones, ...place.zones])] : [...zones];
}

type Said = { postcode: string | null; state: string | null };

/** What postcode and state say together; null when they say nothing. One of the two may be unreadable, not both. */
function finerPlace(
  { postcode, state }: Said,
  country: string | null,
  numberCountry: string | null,
): ZipPlace | 'unreadable' | null {
  const byPostcode = postcode === null ? null : placeByPostcode(postcode, country, numberCountry);
  const byState = state === null ? null : placeByState(state, country, numberCountry);
  if (byPostcode && byState && !agree(byPostcode.region, byState.region)) return 'unreadable';
  if (byPostcode ?? byState) return byPostcode ?? byState;
  const isTold = postcode !== null || (state !== null && tellsPlace(state, country, numberCountry));
  return isTold ? 'unreadable' : null;
}

/** A code without a country is one of the number's country; in North America its shape tells the two apart. */
function placeByPostcode(
  text: string,
  country: string | null,
  numberCountry: string | null,
): ZipPlace | null {
  if (country === 'CA') return placeOfCanadianPostcode(text);
  if (country !== null && TERRITORIES.has(country)) return placeOfZip(text);
  const of = country ?? (isNorthAmerican(numberCountry) ? null : numberCountry);
  if (of === null) return placeOfZip(text) ?? placeOfCanadianPostcode(text);
  return country === null && !isPostcodeOf(text, of) ? null : placeOfPostcode(text, of);
}

function placeByState(text: string, country: string | null, numberCountry: string | null): ZipPlace | null {
  const of = country ?? (isNorthAmerican(numberCountry) ? null : numberCountry);
  const region = readState(text, of !== null && TERRITORIES.has(of) ? 'US' : of);
  return region === null ? null : { region, zones: zonesOfRegion(region) };
}

/**
 * Elsewhere neither laws nor zones hang on a state; the country is as much as has to be known. The name of an American or
 * Canadian one beside a number of somewhere else tells that they are not where their number is.
 */
function tellsPlace(state: string, country: string | null, numberCountry: string | null): boolean {
  const of = country ?? numberCountry;
  if (isNorthAmerican(of) || (of !== null && hasStates(of))) return true;
  return country === null && state.length > LONGEST_STATE_CODE && readState(state, null) !== null;
}

const LONGEST_STATE_CODE = 3;

/** In countries as wide as these the number tells more. */
function placeOfCountry(country: string): ZipPlace {
  return { region: country, zones: country === 'US' || country === 'CA' ? [] : zonesOfRegion(country) };
}

/** Where ZIP codes are used. */
const TERRITORIES = new Set(['US', 'PR', 'VI', 'GU', 'MP', 'AS']);

function isNorthAmerican(country: string | null): boolean {
  return country === null || countriesBehind('1').includes(country);
}

function agree(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}-`) || other.startsWith(`${one}-`);
}

function textOf(value: string | null): string | null {
  const text = value?.trim() ?? '';
  return text === '' ? null : text;
}
