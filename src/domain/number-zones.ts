import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { areaCode, CONTIGUOUS_ZONES, mainlandZones, placelessCode } from './area-codes.ts';
import { callingCodeOf, countriesBehind, SHARED_CALLING_CODES, zonesOfCountry } from './country-zones.ts';
import { ownerOf, callingCodeOf as planBehind } from './phone-plan.ts';

/**
 * Every zone in which the owner of a number may be, and how sure that is. `exact`: one zone. `ambiguous`: the area code
 * serves several, all of them count. `country`: nothing smaller than the country is known, all its zones count.
 * `unknown`: no zone, so nobody may be contacted. `basis` names the evidence; `country` and `states` are where the number
 * belongs, for the laws of that place, also when the zones come from elsewhere.
 */
export type NumberZones = {
  zones: string[];
  certainty: 'exact' | 'ambiguous' | 'country' | 'unknown';
  basis:
    | 'own_zone'
    | 'own_zone_unreadable'
    | 'own_region'
    | 'area_code'
    | 'country'
    | 'toll_free'
    | 'non_geographic'
    | 'not_a_number';
  country: string | null;
  states: string[];
};

/** What is done about toll-free numbers, whose owners may be anywhere: left out, or taken for the contiguous states. */
export type TollFreePolicy = 'skip' | 'contiguous';

/**
 * The zones of a number in E.164. Area codes decide within the North American plan and calling codes elsewhere; numbers
 * move with their owners, so every zone of the code counts, never the likeliest one (telephony.md §6).
 */
export function candidateZones(phoneNumber: string, tollFree: TollFreePolicy = 'skip'): NumberZones {
  if (!/^\+[1-9]\d{6,14}$/.test(phoneNumber)) return placeless('not_a_number');
  return phoneNumber.startsWith('+1') ? northAmericanZones(phoneNumber, tollFree) : countryZones(phoneNumber);
}

/**
 * With how many of its characters a number says where it belongs, by how it begins: all numbers that begin alike have the
 * same zones, country and law. Within a shared calling code islands have blocks of their own (+61 8 9164 is Christmas Island).
 */
export const PLACE_LENGTHS: readonly { beginnings: readonly string[]; length: number }[] = [
  { beginnings: ['+1'], length: 5 },
  { beginnings: SHARED_CALLING_CODES.map((code) => `+${code}`), length: 9 },
  { beginnings: ['+'], length: 4 },
];

/** Answers are made once for each area code or calling code and shared: nobody changes them. */
const byAreaCode = new Map<string, NumberZones>();
const byCountries = new Map<string, NumberZones>();

function northAmericanZones(phoneNumber: string, tollFree: TollFreePolicy): NumberZones {
  const code = phoneNumber.slice(2, 5);
  const kind = placelessCode(code);
  if (kind === 'toll_free' && tollFree === 'contiguous') {
    return { ...placeless(kind), zones: [...CONTIGUOUS_ZONES], certainty: 'country' };
  }
  if (kind) return placeless(kind);
  return remembered(byAreaCode, code, () => zonesOfAreaCode(code));
}

/** A code that is not in the table is newer than it, or an example: it may be anywhere on the mainland. */
function zonesOfAreaCode(code: string): NumberZones {
  const place = areaCode(code);
  if (!place) return located(mainlandZones(), 'country', null, []);
  return located(place.zones, 'area_code', place.country, place.states);
}

function countryZones(phoneNumber: string): NumberZones {
  const callingCode = callingCodeOf(phoneNumber);
  const behind = callingCode ? countriesBehind(callingCode) : [];
  if (behind.length === 0) return placeless('non_geographic');
  const country = behind.length === 1 ? behind[0] : ownerAmongSeveral(phoneNumber);
  const countries = country ? [country] : behind;
  return remembered(byCountries, countries.join(), () => {
    const zones = [...new Set(countries.flatMap(zonesOfCountry))];
    return located(zones, 'country', country ?? null, []);
  });
}

/** The library takes twenty times as long and knows more: numbers with a national prefix that does not belong there. */
function ownerAmongSeveral(phoneNumber: string): string | undefined {
  const digits = phoneNumber.slice(1);
  const code = planBehind(digits);
  const owner = code && ownerOf(digits.slice(code.code.length), code)?.country;
  return owner ?? parsePhoneNumberFromString(phoneNumber)?.country;
}

function located(
  zones: readonly string[],
  basis: 'area_code' | 'country',
  country: string | null,
  states: readonly string[],
): NumberZones {
  const several = basis === 'area_code' ? 'ambiguous' : 'country';
  const certainty = zones.length === 0 ? 'unknown' : zones.length === 1 ? 'exact' : several;
  return { zones: [...zones], certainty, basis, country, states: [...states] };
}

function placeless(basis: 'toll_free' | 'non_geographic' | 'not_a_number'): NumberZones {
  return { zones: [], certainty: 'unknown', basis, country: null, states: [] };
}

function remembered(memory: Map<string, NumberZones>, key: string, find: () => NumberZones): NumberZones {
  const known = memory.get(key);
  if (known) return known;
  const found = find();
  memory.set(key, found);
  return found;
}
