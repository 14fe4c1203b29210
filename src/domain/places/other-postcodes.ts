import { zonesOfRegion } from './region-zones.ts';
import type { ZipPlace } from './us-zip.ts';

/** Beginnings of postcodes and the region, or the zone within the country, that they lie in. */
type Beginning = { begins: RegExp; region?: string; zone?: string };

/** Countries whose postcodes tell more than the country does (their posts, reviewed 2026-11-22). */
const COUNTRIES: Record<string, { shape: RegExp; beginnings: readonly Beginning[] }> = {
  GB: {
    shape: /^[A-Z]{1,2}\d[A-Z\d]?(\d[A-Z]{2})?$/,
    beginnings: [
      { begins: /^GY/, region: 'GG' },
      { begins: /^JE/, region: 'JE' },
      { begins: /^IM/, region: 'IM' },
    ],
  },
  FR: {
    shape: /^\d{5}$/,
    beginnings: [
      { begins: /^971/, region: 'GP' },
      { begins: /^972/, region: 'MQ' },
      { begins: /^973/, region: 'GF' },
      { begins: /^974/, region: 'RE' },
      { begins: /^975/, region: 'PM' },
      { begins: /^976/, region: 'YT' },
      { begins: /^977/, region: 'BL' },
      { begins: /^978/, region: 'MF' },
      { begins: /^986/, region: 'WF' },
      { begins: /^987/, region: 'PF' },
      { begins: /^988/, region: 'NC' },
    ],
  },
  ES: {
    shape: /^\d{5}$/,
    beginnings: [
      { begins: /^3[58]/, zone: 'Atlantic/Canary' },
      { begins: /^/, zone: 'Europe/Madrid' },
    ],
  },
  PT: {
    shape: /^\d{4}(\d{3})?$/,
    beginnings: [
      { begins: /^9[5-9]/, zone: 'Atlantic/Azores' },
      { begins: /^/, zone: 'Europe/Lisbon' },
    ],
  },
  AU: {
    shape: /^\d{3,4}$/,
    beginnings: [
      { begins: /^0?[89]\d\d$/, region: 'AU-NT' },
      { begins: /^(02|2600|26[01]\d|29[01]\d)/, region: 'AU-ACT' },
      { begins: /^[12]\d\d\d/, region: 'AU-NSW' },
      { begins: /^[38]\d\d\d/, region: 'AU-VIC' },
      { begins: /^[49]\d\d\d/, region: 'AU-QLD' },
      { begins: /^5\d\d\d/, region: 'AU-SA' },
      { begins: /^6\d\d\d/, region: 'AU-WA' },
      { begins: /^7\d\d\d/, region: 'AU-TAS' },
    ],
  },
};

/** Whether a text looks like a postcode of a country; it does where nobody knows what they look like. */
export function isPostcodeOf(text: string, country: string): boolean {
  return COUNTRIES[country]?.shape.test(plain(text)) ?? true;
}

/**
 * Where a postcode of a country is; null when it does not look like one of that country and the country has several zones.
 * Where postcodes say nothing about the zone, the country does.
 */
export function placeOfPostcode(text: string, country: string): ZipPlace | null {
  const known = COUNTRIES[country];
  const code = plain(text);
  const whole = { region: country, zones: zonesOfRegion(country) };
  if (!known) return whole;
  if (!known.shape.test(code)) return whole.zones.length === 1 ? whole : null;
  const found = known.beginnings.find(({ begins }) => begins.test(code));
  if (found?.region) return { region: found.region, zones: zonesOfRegion(found.region) };
  return found?.zone ? { region: country, zones: [found.zone] } : whole;
}

function plain(text: string): string {
  return text.toUpperCase().replaceAll(/[\s-]/g, '');
}
