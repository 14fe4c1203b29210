import { placeOf } from '#domain/places/place-of.ts';
import { isNothing, readConsentCell, readConsentChannel } from './consent-cell.ts';
import type { KnownField } from './header-aliases.ts';

/**
 * Whether the values of a column fit what its header says it holds. A column called “state” may hold “open” and “closed”, and
 * taken for places those would keep everybody from being contacted. Most of the values have to fit.
 */
export function fitsRole(field: KnownField, values: readonly string[], defaultCountry: string): boolean {
  const fits = FITS[field];
  if (!fits) return true;
  const told = values.filter((value) => !isNothing(value));
  return told.length > 0 && told.filter((value) => fits(value, defaultCountry)).length > told.length / 2;
}

/**
 * Whether a column about consent says yes and no, or when: its values tell better than its header, and a file may have
 * both. Any other field is what it is.
 */
export function consentRole(
  field: KnownField,
  values: readonly string[],
  defaultCountry: string,
): KnownField {
  if (field !== 'consent_at' && field !== 'consent_given') return field;
  return fitsRole('consent_given', values, defaultCountry) ? 'consent_given' : 'consent_at';
}

/** After any day that stands in a file. */
const FAR_OFF = new Date(Date.UTC(2200, 0, 1));
const NOTHING_SAID = { zone: null, postcode: null, state: null, country: null };

const FITS: Partial<Record<KnownField, (value: string, defaultCountry: string) => boolean>> = {
  time_zone: (zone) => isPlace({ ...NOTHING_SAID, zone }),
  postcode: (postcode, numberCountry) => isPlace({ ...NOTHING_SAID, postcode, numberCountry }),
  state: (state, numberCountry) => isPlace({ ...NOTHING_SAID, state, numberCountry }),
  country: (country) => placeOf({ ...NOTHING_SAID, country }).ownRegion !== null,
  consent_at: (value, country) => readConsentCell(value, country, FAR_OFF)?.kind !== 'unreadable',
  consent_given: isYesOrNo,
  consent_channel: (value) => readConsentChannel(value) !== null,
};

function isYesOrNo(value: string, country: string): boolean {
  const cell = readConsentCell(value, country, FAR_OFF);
  return cell?.kind === 'refused' || (cell?.kind === 'given' && cell.givenAt === null);
}

function isPlace(stated: Parameters<typeof placeOf>[0]): boolean {
  const { ownZones } = placeOf(stated);
  return ownZones !== null && ownZones.length > 0;
}
