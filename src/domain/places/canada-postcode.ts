import { zonesOfRegion } from './region-zones.ts';
import type { ZipPlace } from './us-zip.ts';

/** Provinces by the first letter of a postal code (Canada Post, reviewed 2026-11-22). X serves two territories. */
const BY_LETTER: Record<string, string> = {
  A: 'CA-NL',
  B: 'CA-NS',
  C: 'CA-PE',
  E: 'CA-NB',
  G: 'CA-QC',
  H: 'CA-QC',
  J: 'CA-QC',
  K: 'CA-ON',
  L: 'CA-ON',
  M: 'CA-ON',
  N: 'CA-ON',
  P: 'CA-ON',
  R: 'CA-MB',
  S: 'CA-SK',
  T: 'CA-AB',
  V: 'CA-BC',
  X: 'CA-NT',
  Y: 'CA-YT',
};

/**
 * Beginnings that surely lie in one zone of a province with several: the island of Newfoundland, Quebec but for its coast,
 * Ontario but for its north-west, Regina and Saskatoon, the coast of British Columbia.
 */
const SURE: [beginning: RegExp, zone: string][] = [
  [/^A1/, 'America/St_Johns'],
  [/^(G[1-35-9]|[HJ])/, 'America/Toronto'],
  [/^([KLMN]|P[1-7])/, 'America/Toronto'],
  [/^S[467]/, 'America/Regina'],
  [/^V[3-8]/, 'America/Vancouver'],
];

/** Where a Canadian postal code is, or null when it is none; its first half is enough. */
export function placeOfCanadianPostcode(text: string): ZipPlace | null {
  const code = text.toUpperCase().replaceAll(/[\s-]/g, '');
  if (!/^[A-Z]\d[A-Z](\d[A-Z]\d)?$/.test(code)) return null;
  const region = /^X0[ABC]/.test(code) ? 'CA-NU' : BY_LETTER[code.charAt(0)];
  if (region === undefined) return null;
  const sure = SURE.find(([beginning]) => beginning.test(code));
  return { region, zones: sure ? [sure[1]] : zonesOfRegion(region) };
}
