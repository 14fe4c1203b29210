import type { AllowedHours, DayName } from '#domain/calling-window.ts';
import type { FrequencyCap } from '#domain/reach.ts';

/**
 * One row of the law, as data. `key` is the place it holds in: `US`, `US-FL`, `GB`, `EU`; `US-STRICT` is for whoever may be in
 * any state. Its hours are on the clock of whoever is contacted; on the public holidays of `closedOn` there are none. `calls`:
 * it says nothing about texts. `source` and `asOf` say where the row was read and when it was last looked at.
 */
export type LawRow = {
  key: string;
  name: string;
  hours: readonly AllowedHours[];
  closedOn: readonly string[];
  caps: readonly Omit<FrequencyCap, 'key'>[];
  applies: 'calls' | 'calls_and_texts';
  source: string;
  asOf: string;
  note: string | null;
};

/** Hours of one stretch of days. */
export function from(start: string, end: string, days: readonly DayName[]): AllowedHours {
  return { start, end, days: [...days] };
}
