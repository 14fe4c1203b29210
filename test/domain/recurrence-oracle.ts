/**
 * When a recurrence runs, found the slow and obvious way, sharing nothing with the product: walk over the calendar day by
 * day, and on each day of runs over the minutes until the clock on the wall of the zone shows the time, or is past it.
 */
export type Wanted = {
  frequency: 'daily' | 'weekly' | 'monthly';
  interval: number;
  daysOfWeek: readonly string[];
  dayOfMonth: number | null;
  time: string;
  timeZone: string;
  endDate: string | null;
  earliestAt: Date;
};

const MINUTE_MS = 60_000;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const formats = new Map<string, Intl.DateTimeFormat>();

/** The first `count` runs after an instant that lie within so many days of it. */
export function runsByWalking(wanted: Wanted, after: Date, count: number, days: number): Date[] {
  const found: Date[] = [];
  let date = startOfMonth(wallClock(wanted.timeZone, wanted.earliestAt.getTime()).slice(0, 10));
  const anchor = wallClock(wanted.timeZone, wanted.earliestAt.getTime()).slice(0, 10);
  const last = addDays(wallClock(wanted.timeZone, after.getTime()).slice(0, 10), days);
  for (; date <= last && found.length < count; date = addDays(date, 1)) {
    if (wanted.endDate !== null && date > wanted.endDate) break;
    if (!runsOn(wanted, anchor, date)) continue;
    if (date < addDays(wallClock(wanted.timeZone, after.getTime()).slice(0, 10), -2)) continue;
    const at = firstMinute(wanted.timeZone, `${date} ${wanted.time}`);
    const isNew = at > (found.at(-1)?.getTime() ?? after.getTime());
    if (isNew && at >= wanted.earliestAt.getTime()) found.push(new Date(at));
  }
  return found;
}

function runsOn(wanted: Wanted, anchor: string, date: string): boolean {
  const weekday = WEEKDAYS[utc(date).getUTCDay()] ?? '';
  if (wanted.frequency === 'daily') return date >= anchor && daysApart(anchor, date) % wanted.interval === 0;
  if (wanted.frequency === 'weekly') {
    const weeks = daysApart(mondayOf(anchor), mondayOf(date)) / 7;
    return weeks >= 0 && weeks % wanted.interval === 0 && wanted.daysOfWeek.includes(weekday);
  }
  let [months, month] = [0, startOfMonth(anchor)];
  while (month < startOfMonth(date)) {
    months += 1;
    month = startOfMonth(addDays(month, 31));
  }
  const isLastOfMonth = addDays(date, 1).slice(0, 7) !== date.slice(0, 7);
  const dayOfMonth = Number(date.slice(8));
  const isDay = dayOfMonth === wanted.dayOfMonth || (isLastOfMonth && dayOfMonth < (wanted.dayOfMonth ?? 0));
  return month === startOfMonth(date) && months % wanted.interval === 0 && isDay;
}

function firstMinute(zone: string, wanted: string): number {
  const start = utc(wanted.slice(0, 10)).getTime() - 16 * 60 * MINUTE_MS;
  let t = start;
  while (wallClock(zone, t) < wanted) t += MINUTE_MS;
  return t;
}

/** Date and time on the wall, as `2026-11-01 01:30`. */
function wallClock(zone: string, ms: number): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  return format.format(ms);
}

function utc(date: string): Date {
  return new Date(`${date}T00:00:00Z`);
}

function addDays(date: string, days: number): string {
  const moved = utc(date);
  moved.setUTCDate(moved.getUTCDate() + days);
  return moved.toISOString().slice(0, 10);
}

function startOfMonth(date: string): string {
  return `${date.slice(0, 7)}-01`;
}

function mondayOf(date: string): string {
  let monday = date;
  while (utc(monday).getUTCDay() !== 1) monday = addDays(monday, -1);
  return monday;
}

function daysApart(from: string, until: string): number {
  return Math.round((utc(until).getTime() - utc(from).getTime()) / 86_400_000);
}
