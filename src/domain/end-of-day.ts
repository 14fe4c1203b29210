import { windowVerdict } from './calling-window.ts';
import { localDateTime } from './local-moment.ts';
import type { CampaignHours } from './reach.ts';

/**
 * The local date, `YYYY-MM-DD`, after which a campaign that stops at the end of its day contacts nobody: the first day on
 * which its own hours are open since it was started or resumed. One that is started in the evening has the next morning
 * for its day; whoever resumes one on another day wants that day.
 */
export function lastDateOf({ windows, closedDates, zone }: CampaignHours, since: Date): string | null {
  const dates = Object.fromEntries(closedDates.map((date) => [date, []]));
  const window = windowVerdict({ at: since, zones: [zone], hours: [{ anyOf: windows, dates }] });
  const day = window.open ? since : (window.opensAt ?? since);
  return localDateTime(day, zone)?.date ?? null;
}
