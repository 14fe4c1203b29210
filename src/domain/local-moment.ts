import { DAY_MS, localTime, MINUTE_MS, spanAt } from './window-clock.ts';
import { clockWords } from './window-words.ts';

/** No clock on earth is further from UTC than this. */
const FURTHEST_OFFSET_MS = 16 * 3_600_000;

/**
 * The first instant at which the clock of a zone shows this minute of a local day (counted from 1970-01-01). A minute that
 * daylight saving time leaves out gives the instant after the gap, one that comes twice its first (campaign-api §7.14).
 * Null for an unknown zone.
 */
export function firstInstantAt(zone: string, day: number, minuteOfDay: number): Date | null {
  const local = day * DAY_MS + minuteOfDay * MINUTE_MS;
  let span = spanAt(zone, local - FURTHEST_OFFSET_MS);
  while (span && span.until + span.offsetMs <= local) span = spanAt(zone, span.until);
  return span && new Date(Math.max(span.from, local - span.offsetMs));
}

/** The local day of a date as it is written, `2026-12-24`, counted from 1970-01-01; null when there is no such date. */
export function dayOfDate(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const ms = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(ms) || dateOfDay(ms / DAY_MS) !== date ? null : ms / DAY_MS;
}

/** A local day as it is written: `2026-12-24`. */
export function dateOfDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The date and the time that a zone's clock shows, as forms take them: `2026-12-24` and `09:05`; null for an unknown zone. */
export function localDateTime(at: Date, zone: string): { date: string; time: string } | null {
  const local = localTime(zone, at);
  if (!local) return null;
  return { date: dateOfDay(local.day), time: clockWords(local.minuteOfDay) };
}
