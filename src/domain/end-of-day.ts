import { windowVerdict } from './calling-window.ts';
import { localDateTime } from './local-moment.ts';
import type { CampaignHours } from './reach.ts';

/**
 * The only day of a campaign that stops at its end: a date, `YYYY-MM-DD`, and the clock that shows it. `zone` null: the clock
 * of whoever is contacted, as the campaign's hours are.
 */
export type LastDay = { date: string; zone: string | null };

/**
 * The day after which a campaign that stops at the end of its day contacts nobody: the first on which its own hours are
 * open since it was started or resumed. One that is started in the evening has the next morning for its day; whoever
 * resumes one on another day wants that day.
 */
export function lastDayOf(hours: CampaignHours, since: Date): LastDay | null {
  const { windows, closedDates, zone, followsContact } = hours;
  const dates = Object.fromEntries(closedDates.map((date) => [date, []]));
  const window = windowVerdict({ at: since, zones: [zone], hours: [{ anyOf: windows, dates }] });
  const day = window.open ? since : (window.opensAt ?? since);
  const date = localDateTime(day, zone)?.date;
  return date === undefined ? null : { date, zone: followsContact ? null : zone };
}

/** Whether an instant is past that day for somebody who may be in any of these zones. */
export function isPast({ date, zone }: LastDay, at: Date, theirs: readonly string[]): boolean {
  const clocks = zone === null ? theirs : [zone];
  return clocks.some((clock) => (localDateTime(at, clock)?.date ?? date) > date);
}
