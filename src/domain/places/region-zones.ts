import { getCountries } from 'libphonenumber-js/max';
import { allAreaCodes, areaCode } from '#domain/area-codes.ts';
import { zonesOfCountry } from '#domain/country-zones.ts';
import { isTimeZone } from '#domain/window-clock.ts';
import { isAmong } from './same-clock.ts';

/** States whose zones the area codes do not tell: one code serves three territories, and Australia has none. */
const BY_HAND: Record<string, string> = {
  'US-PR': 'America/Puerto_Rico',
  'US-VI': 'America/St_Thomas',
  'US-GU': 'Pacific/Guam',
  'US-MP': 'Pacific/Saipan',
  'US-AS': 'Pacific/Pago_Pago',
  'CA-YT': 'America/Whitehorse',
  'CA-NT': 'America/Inuvik America/Edmonton',
  'CA-NU': 'America/Edmonton America/Winnipeg America/Toronto America/Atikokan',
  'AU-NSW': 'Australia/Sydney Australia/Adelaide Australia/Lord_Howe',
  'AU-VIC': 'Australia/Sydney',
  'AU-TAS': 'Australia/Sydney',
  'AU-ACT': 'Australia/Sydney',
  'AU-QLD': 'Australia/Brisbane',
  'AU-SA': 'Australia/Adelaide',
  'AU-NT': 'Australia/Darwin',
  'AU-WA': 'Australia/Perth Australia/Eucla',
};

/** Every zone of a state, such as `US-FL`, or of a country, such as `GB`; none for an unknown one. */
export function zonesOfRegion(region: string): readonly string[] {
  return BY_REGION.get(region) ?? zonesOfCountry(region);
}

/**
 * The countries in which people keep a zone. One that no table names goes by another name of the same clock, which more
 * countries may keep; none where nobody does.
 */
export function countriesWithZone(zone: string): readonly string[] {
  const known = BY_ZONE.get(zone);
  if (known) return known;
  const alike = [...BY_ZONE].flatMap(([other, countries]) => (isAmong(zone, [other]) ? countries : []));
  const found = [...new Set(alike)];
  if (isTimeZone(zone)) BY_ZONE.set(zone, found);
  return found;
}

const BY_REGION = new Map<string, string[]>();
for (const code of allAreaCodes()) {
  const place = areaCode(code);
  if (!place) continue;
  for (const state of place.states) add(`${place.country}-${state}`, place.zones);
  add(place.country, place.zones);
}
for (const [region, zones] of Object.entries(BY_HAND)) BY_REGION.set(region, zones.split(' '));

function add(region: string, zones: readonly string[]): void {
  BY_REGION.set(region, [...new Set([...(BY_REGION.get(region) ?? []), ...zones])]);
}

const BY_ZONE = new Map<string, string[]>();
for (const country of getCountries()) {
  for (const zone of zonesOfRegion(country)) BY_ZONE.set(zone, [...(BY_ZONE.get(zone) ?? []), country]);
}
