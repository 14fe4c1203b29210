import type { DayName } from './calling-window.ts';
import { FREQUENCIES } from './check-schedule.ts';
import type { Hold } from './hold.ts';
import type { CampaignStatus } from './lifecycle.ts';
import { capitalized, listWords } from './phrases.ts';
import type { Recurrence } from './recurrence.ts';
import { isAskedAbout, type Schedule, type ScheduleColumns, scheduleOf } from './schedule.ts';
import { dayNameOf, shortDay, WEEK, WEEKDAYS } from './week-hours.ts';
import { DAY_MS, localTime, weekdayOf } from './window-clock.ts';
import { clockWords, dateWords, zoneWords } from './window-words.ts';

/** A schedule as people say it: “every 2 weeks on Monday and Friday at 09:00, New York time, until Thu 24 Dec 2026”. */
export function describeSchedule(schedule: Schedule): string {
  if (schedule.type === 'immediate') return 'as soon as somebody starts it';
  if (schedule.type === 'scheduled') return `once, on ${describeRun(schedule.at, schedule.zone)}`;
  const { time, timeZone, endDate } = schedule.recurrence;
  const until = endDate === null ? '' : `, until ${fullDate(Date.parse(endDate) / DAY_MS)}`;
  return `${periodWords(schedule.recurrence)} at ${time}, ${zoneWords(timeZone)}${until}`;
}

/** One run with its weekday and year, so that nothing is left to guess: “Tue 24 Nov 2026 at 09:00, New York time”. */
export function describeRun(at: Date, zone: string): string {
  const local = localTime(zone, at);
  if (!local) return describeRun(at, 'UTC');
  return `${fullDate(local.day)} at ${clockWords(local.minuteOfDay)}, ${zoneWords(zone)}`;
}

/** What was decided and what is next, as sentences: “every week on Monday at 09:00, …. Next run: Mon 30 Nov 2026 at …”. */
export function scheduleWords(campaign: ScheduleColumns): string {
  const schedule = scheduleOf(campaign);
  const words = `${describeSchedule(schedule)}.`;
  if (schedule.type !== 'recurring' || !campaign.nextRunAt) return words;
  return `${words} Next run: ${describeRun(campaign.nextRunAt, schedule.recurrence.timeZone)}.`;
}

/**
 * When a campaign that is not over runs, as its card tells it; null for one that starts when somebody starts it. While
 * somebody is asked about a start, its hold tells which.
 */
export function scheduleLine(
  campaign: ScheduleColumns & { status: CampaignStatus; hold: Hold | null },
): string | null {
  const isOver = ['draft', 'completed', 'cancelled', 'failed'].includes(campaign.status);
  const isAsked = isAskedAbout(campaign);
  const isPast = campaign.scheduleType === 'scheduled' && (campaign.status !== 'scheduled' || isAsked);
  if (campaign.scheduleType === 'immediate' || isOver || isPast) return null;
  return `Runs ${scheduleWords(isAsked ? { ...campaign, nextRunAt: null } : campaign)}`;
}

function fullDate(day: number): string {
  const weekday = shortDay(dayNameOf(weekdayOf(day)));
  return `${weekday} ${dateWords(day)} ${new Date(day * DAY_MS).getUTCFullYear()}`;
}

function periodWords({ frequency, interval, daysOfWeek, dayOfMonth }: Recurrence): string {
  const { unit } = FREQUENCIES[frequency];
  const every = interval === 1 ? `every ${unit}` : `every ${interval} ${unit}s`;
  if (frequency === 'daily') return every;
  if (frequency === 'weekly') return `${every} on ${daysWords(daysOfWeek)}`;
  const shorter = (dayOfMonth ?? 1) > 28 ? ' (the last day of a shorter month)' : '';
  return `${every} on day ${dayOfMonth ?? 1}${shorter}`;
}

function daysWords(days: readonly DayName[]): string {
  const isWorkWeek = days.length === WEEKDAYS.length && WEEKDAYS.every((day) => days.includes(day));
  if (isWorkWeek) return 'Monday to Friday';
  if (days.length === WEEK.length) return 'every day';
  const named = WEEK.filter((day) => days.includes(day)).map(capitalized);
  return listWords(named) || 'no day';
}
