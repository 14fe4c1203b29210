import { DAY_MS, localTime, MINUTE_MS, weekdayOf } from './window-clock.ts';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * An instant as people say it, on the wall clock of a zone: “today at 18:05”, “tomorrow at 08:00”, “on Monday at 08:00”,
 * “on 4 Dec at 08:00”, each with “New York time”. Unknown zones are told in UTC.
 */
export function describeInstant(at: Date, now: Date, zone: string): string {
  const [local, today] = [localTime(zone, at), localTime(zone, now)];
  if (!local || !today) return describeInstant(at, now, 'UTC');
  return `${dayWords(local.day, today.day)} at ${clockWords(local.minuteOfDay)}, ${zoneWords(zone)}`;
}

/** The weekday and wall time of a zone at an instant, for evidence: “Sun 18:05 in Denver”. */
export function describeLocalTime(at: Date, zone: string): string {
  const local = localTime(zone, at);
  if (!local) return `unknown in ${placeName(zone)}`;
  return `${WEEKDAYS[local.weekday]?.slice(0, 3)} ${clockWords(local.minuteOfDay)} in ${placeName(zone)}`;
}

/** A length of time in at most two units: “less than a minute”, “12 minutes”, “3 h 20 min”, “2 days 4 h”. */
export function describeDuration(ms: number): string {
  if (ms < MINUTE_MS) return 'less than a minute';
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 60) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const roundedHours = Math.round(minutes / 60);
  const days = Math.floor(roundedHours / 24);
  const words = days === 1 ? '1 day' : `${days} days`;
  return roundedHours % 24 === 0 ? words : `${words} ${roundedHours % 24} h`;
}

/** What people call a zone: the last part of its name. */
export function placeName(zone: string): string {
  return (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** A zone as a sentence names its clock: “New York time”. */
export function zoneWords(zone: string): string {
  return zone.includes('/') ? `${placeName(zone)} time` : zone;
}

function dayWords(day: number, today: number): string {
  if (day === today) return 'today';
  if (day === today + 1) return 'tomorrow';
  if (day > today && day < today + 7) return `on ${WEEKDAYS[weekdayOf(day)]}`;
  return `on ${dateWords(day)}`;
}

/** A local day within a year: “4 Dec”. */
export function dateWords(day: number): string {
  const date = new Date(day * DAY_MS);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

/** A minute of the day as a clock shows it: “09:05”. */
export function clockWords(minuteOfDay: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}
