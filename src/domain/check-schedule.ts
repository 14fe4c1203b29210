import { DAY_NAMES, type DayName, minutesOf } from './calling-window.ts';
import { shown, wholeNumber, zoneProblem } from './given-value.ts';
import { dayOfDate, firstInstantAt } from './local-moment.ts';
import { nextRunAt } from './recurrence.ts';
import type { RecurringConfig, Schedule } from './schedule.ts';
import { DAY_MS, isTimeZone, localTime } from './window-clock.ts';

/**
 * What is wrong with one field of a schedule, named as the API names it; `isPast`: nothing is wrong but that its time is
 * over.
 */
export type ScheduleProblem = { field: string; sentence: string; isPast?: boolean };

export type CheckedSchedule = { ok: true; schedule: Schedule } | { ok: false; problems: ScheduleProblem[] };

/** The frequencies with their unit, and the longest interval that still comes within a few years. */
export const FREQUENCIES = {
  daily: { unit: 'day', most: 366 },
  weekly: { unit: 'week', most: 52 },
  monthly: { unit: 'month', most: 24 },
} as const;

/**
 * Reads a schedule as the API spells it (campaign-api §3.1, §7.14, §7.15): `schedule_type`, `scheduled_at` (a local time of
 * `timezone` unless it says its own offset), `timezone`, `recurring_config`. Numbers may come as text, as forms send them.
 * Either the schedule comes back, or every problem together. One that would never run after `now` is a problem.
 */
export function checkSchedule(given: unknown, now: Date): CheckedSchedule {
  const input = recordOf(given);
  const type = input.schedule_type === 'once' ? 'scheduled' : input.schedule_type;
  if (type === 'immediate') return { ok: true, schedule: { type: 'immediate' } };
  if (type !== 'scheduled' && type !== 'recurring')
    return failed('schedule_type', `“${shown(type)}” is no schedule; say immediate, scheduled or recurring.`);
  const zone = input.timezone ?? 'UTC';
  if (typeof zone !== 'string' || !isTimeZone(zone)) return failed('timezone', zoneProblem(zone));
  return type === 'scheduled' ? checkOnce(input.scheduled_at, zone, now) : checkRecurring(input, zone, now);
}

function checkOnce(given: unknown, zone: string, now: Date): CheckedSchedule {
  const at = instantOf(given, zone);
  if (!at) return failed('scheduled_at', NO_INSTANT);
  if (at <= now) return { ok: false, problems: [{ field: 'scheduled_at', sentence: PAST, isPast: true }] };
  return { ok: true, schedule: { type: 'scheduled', at, zone } };
}

function checkRecurring(input: Record<string, unknown>, zone: string, now: Date): CheckedSchedule {
  const { config, problems } = checkConfig(recordOf(input.recurring_config), zone);
  const isGiven = input.scheduled_at !== undefined && input.scheduled_at !== null;
  const earliestAt = isGiven ? instantOf(input.scheduled_at, config.timeZone) : now;
  if (!earliestAt) problems.push({ field: 'scheduled_at', sentence: NO_INSTANT });
  // Somebody who sets up “daily at 09:00, from today” at ten means tomorrow; a date that is over is a slip.
  else if (isGiven && isDateOver(earliestAt, now, config.timeZone))
    problems.push({ field: 'scheduled_at', sentence: PAST, isPast: true });
  if (problems.length > 0 || !earliestAt) return { ok: false, problems };
  const recurrence = { ...config, earliestAt };
  if (!nextRunAt(recurrence, now)) return failed('end_date', NEVER);
  return { ok: true, schedule: { type: 'recurring', recurrence } };
}

/** Each field on its own; what is wrong has a harmless stand-in, so that the others can be read all the same. */
function checkConfig(
  given: Record<string, unknown>,
  zone: string,
): { config: RecurringConfig; problems: ScheduleProblem[] } {
  const problems: ScheduleProblem[] = [];
  const keep = <T>(field: string, value: T | undefined, otherwise: T, sentence: string): T => {
    if (value === undefined) problems.push({ field, sentence });
    return value ?? otherwise;
  };
  const named = FREQUENCY_NAMES.find((name) => name === given.frequency);
  const frequency = keep('frequency', named, 'daily', 'Say how often: daily, weekly or monthly.');
  const { most, unit } = FREQUENCIES[frequency];
  const interval = wholeNumber(given.interval ?? 1, { min: 1, max: most });
  const config: RecurringConfig = {
    frequency,
    interval: keep('interval', interval, 1, `Repeat every 1 to ${most} ${unit}s, as a whole number.`),
    daysOfWeek:
      frequency === 'weekly' ? keep('days_of_week', weekdaysOf(given.days_of_week), [], NO_DAYS) : [],
    dayOfMonth:
      frequency === 'monthly'
        ? keep('day_of_month', wholeNumber(given.day_of_month, { min: 1, max: 31 }), 1, NO_DATE)
        : null,
    time: keep('time', timeOfDay(given.time), '', 'Say the time of day like 09:00.'),
    timeZone: keep('time_zone', zoneOf(given.time_zone ?? zone), zone, zoneProblem(given.time_zone)),
    endDate: keep('end_date', dateOf(given.end_date), null, notADate(given.end_date)),
  };
  return { config, problems };
}

const NO_DAYS = 'Choose at least one day of the week: 1 (Monday) to 7 (Sunday).';
const NO_DATE = 'Say the day of the month, 1 to 31; a shorter month runs on its last day.';
const FREQUENCY_NAMES = Object.keys(FREQUENCIES) as RecurringConfig['frequency'][];
const NO_INSTANT = 'Say when it is to start: a date and a time like 2026-12-24T09:00.';
const PAST = 'That time is past; choose one that is still to come.';
const NEVER = 'It would never run: no run lies before its end date. Choose a later end date.';
const LOCAL = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d{1,6})?)?$/;
const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$/;

/** An instant with its own offset, or a local time of a zone. */
function instantOf(given: unknown, zone: string): Date | null {
  if (typeof given !== 'string') return null;
  const [, date = '', time = '', seconds = '00'] = LOCAL.exec(given) ?? [];
  const [day, minuteOfDay] = [dayOfDate(date), minutesOf(timeOfDay(time) ?? '')];
  if (day !== null && minuteOfDay !== null && Number(seconds) < 60) {
    const at = firstInstantAt(zone, day, minuteOfDay);
    return at && new Date(at.getTime() + Number(seconds) * 1000);
  }
  if (!WITH_OFFSET.test(given) || dayOfDate(given.slice(0, 10)) === null) return null;
  const ms = Date.parse(given.replace(' ', 'T'));
  return Number.isNaN(ms) ? null : new Date(ms);
}

function isDateOver(at: Date, now: Date, zone: string): boolean {
  const [date, today] = [localTime(zone, at), localTime(zone, now)];
  return date && today ? date.day < today.day : at.getTime() < now.getTime() - DAY_MS;
}

function timeOfDay(value: unknown): string | undefined {
  const isTime = typeof value === 'string' && value !== '24:00' && minutesOf(value) !== null;
  return isTime ? value : undefined;
}

function zoneOf(value: unknown): string | undefined {
  return typeof value === 'string' && isTimeZone(value) ? value : undefined;
}

/** Null where none is given. */
function dateOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  return typeof value === 'string' && dayOfDate(value) !== null ? value : undefined;
}

/** Monday is 1, Sunday 7 (campaign-api §3.1). */
function weekdaysOf(value: unknown): DayName[] | undefined {
  const given: unknown[] = Array.isArray(value) ? value : [];
  const numbers = given.map((day) => wholeNumber(day, { min: 1, max: 7 }));
  if (numbers.length === 0 || numbers.includes(undefined)) return undefined;
  return DAY_NAMES.filter((_, day) => numbers.includes(day === 0 ? 7 : day));
}

function failed(field: string, sentence: string): CheckedSchedule {
  return { ok: false, problems: [{ field, sentence }] };
}

function notADate(value: unknown): string {
  return `“${shown(value)}” is not a date like 2026-12-24.`;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
