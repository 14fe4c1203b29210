import { minutesOf } from './calling-window.ts';
import { dayOfDate, firstInstantAt } from './local-moment.ts';
import type { RecurringConfig } from './schedule.ts';
import { dayNameOf } from './week-hours.ts';
import { DAY_MS, localTime, weekdayOf } from './window-clock.ts';

/** A recurrence with its earliest first run, from whose local date its intervals are counted (campaign-api §7.14). */
export type Recurrence = RecurringConfig & { earliestAt: Date };

/**
 * The first run after an instant, never before the earliest; null when its end date comes first. Days 29 to 31 mean the
 * last day of a shorter month, weeks are counted from Monday on, a time inside a gap of daylight saving time means the
 * instant after the gap, a doubled one its first, and the end date itself is still a day of runs (campaign-api §7.14).
 */
export function nextRunAt(recurrence: Recurrence, after: Date): Date | null {
  const minuteOfDay = minutesOf(recurrence.time);
  const anchor = localTime(recurrence.timeZone, recurrence.earliestAt);
  const from = localTime(recurrence.timeZone, after > recurrence.earliestAt ? after : recurrence.earliestAt);
  if (minuteOfDay === null || !anchor || !from) return null;
  const lastDay = recurrence.endDate === null ? null : dayOfDate(recurrence.endDate);
  for (const day of runDays(recurrence, anchor.day, from.day)) {
    if (lastDay !== null && day > lastDay) return null;
    const at = firstInstantAt(recurrence.timeZone, day, minuteOfDay);
    if (at && at > after && at >= recurrence.earliestAt) return at;
  }
  return null;
}

/** The first `count` runs after an instant, fewer when the end date comes first. */
export function nextRuns(recurrence: Recurrence, from: Date, count: number): Date[] {
  const runs: Date[] = [];
  let at = nextRunAt(recurrence, from);
  while (at && runs.length < count) {
    runs.push(at);
    at = nextRunAt(recurrence, at);
  }
  return runs;
}

/** Runs after `after` and up to `until`, of which only the newest counts: how many there are, and that one. */
export function runsBetween(
  recurrence: Recurrence,
  after: Date,
  until: Date,
): { count: number; lastAt: Date | null } {
  let count = 0;
  let lastAt: Date | null = null;
  for (let at = nextRunAt(recurrence, after); at && at <= until; at = nextRunAt(recurrence, at)) {
    count += 1;
    lastAt = at;
  }
  return { count, lastAt };
}

/** Enough periods for every day of the one that is under way to be past and the next one to have begun. */
const PERIODS_AHEAD = 4;

/** The days on which it runs, in order: those of the period that is under way on `fromDay`, and of the next ones. */
function runDays(config: RecurringConfig, anchorDay: number, fromDay: number): number[] {
  const { periodOf, daysOf } = PERIODS[config.frequency];
  const first = periodOf(anchorDay);
  const interval = Math.max(1, config.interval);
  const gone = Math.max(0, Math.floor((periodOf(fromDay - 1) - first) / interval));
  return Array.from({ length: PERIODS_AHEAD }, (_, i) =>
    daysOf(first + (gone + i) * interval, config),
  ).flat();
}

type Periods = {
  /** Which day, week or month a local day belongs to, counted from 1970. */
  periodOf: (day: number) => number;
  /** The days of one of them on which it runs, in order. */
  daysOf: (period: number, config: RecurringConfig) => number[];
};

/** 1970-01-01 was a Thursday: three days after the Monday of its week. */
const MONDAY_OFFSET = 3;

const PERIODS: Record<RecurringConfig['frequency'], Periods> = {
  daily: { periodOf: (day) => day, daysOf: (day) => [day] },
  weekly: {
    periodOf: (day) => Math.floor((day + MONDAY_OFFSET) / 7),
    daysOf: (week, { daysOfWeek }) =>
      Array.from({ length: 7 }, (_, i) => week * 7 - MONDAY_OFFSET + i).filter((day) =>
        daysOfWeek.includes(dayNameOf(weekdayOf(day))),
      ),
  },
  monthly: { periodOf: monthOf, daysOf: (month, { dayOfMonth }) => [dayInMonth(month, dayOfMonth ?? 1)] },
};

function monthOf(day: number): number {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function dayInMonth(month: number, dayOfMonth: number): number {
  const [year, monthOfYear] = [Math.floor(month / 12), month % 12];
  const lastDate = new Date(Date.UTC(year, monthOfYear + 1, 0)).getUTCDate();
  return Date.UTC(year, monthOfYear, Math.min(dayOfMonth, lastDate)) / DAY_MS;
}
