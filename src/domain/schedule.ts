import type { DayName } from './calling-window.ts';
import type { Hold } from './hold.ts';
import type { Move } from './lifecycle.ts';
import { nextRunAt, type Recurrence, runsBetween } from './recurrence.ts';

/** When a campaign runs (campaign-api §3.1): at once, at one instant, or again and again. */
export type ScheduleType = 'immediate' | 'scheduled' | 'recurring';

/** A recurrence as it is stored; the API writes days as 1 to 7 from Monday on (campaign-api §3.1). `time` is `HH:MM`. */
export type RecurringConfig = {
  frequency: 'daily' | 'weekly' | 'monthly';
  /** Every so many days, weeks or months. */
  interval: number;
  /** Of a weekly one. */
  daysOfWeek: DayName[];
  /** Of a monthly one, 1 to 31; longer than the month means its last day. */
  dayOfMonth: number | null;
  time: string;
  timeZone: string;
  /** The last local date on which it may run, `YYYY-MM-DD`; null: it goes on. */
  endDate: string | null;
};

/** What somebody decided about when a campaign runs; `zone` is the clock they read. */
export type Schedule =
  | { type: 'immediate' }
  | { type: 'scheduled'; at: Date; zone: string }
  | { type: 'recurring'; recurrence: Recurrence };

/** The schedule as a campaign keeps it. */
export type ScheduleColumns = {
  scheduleType: ScheduleType;
  scheduledAt: Date | null;
  scheduleZone: string | null;
  recurringConfig: RecurringConfig | null;
  nextRunAt: Date | null;
};

/** A start that is found so much later than it was due asks first (field-notes §2 row 6). */
export const LATEST_START_MS = 60 * 60_000;

/** How long a start can be taken back before anybody is contacted, in real milliseconds (field-notes §5b row 8). */
export const UNDO_REAL_MS = 10_000;

/** How a schedule is kept, with its first run after `now`. */
export function scheduleColumns(schedule: Schedule, now: Date): ScheduleColumns {
  if (schedule.type === 'immediate')
    return {
      scheduleType: 'immediate',
      scheduledAt: null,
      scheduleZone: null,
      recurringConfig: null,
      nextRunAt: null,
    };
  if (schedule.type === 'scheduled')
    return {
      scheduleType: 'scheduled',
      scheduledAt: schedule.at,
      scheduleZone: schedule.zone,
      recurringConfig: null,
      nextRunAt: schedule.at,
    };
  const { earliestAt, ...recurringConfig } = schedule.recurrence;
  return {
    scheduleType: 'recurring',
    scheduledAt: earliestAt,
    scheduleZone: recurringConfig.timeZone,
    recurringConfig,
    nextRunAt: nextRunAt(schedule.recurrence, now),
  };
}

/** The schedule of a campaign, as it was decided. */
export function scheduleOf(
  campaign: Pick<ScheduleColumns, 'scheduleType' | 'scheduledAt' | 'scheduleZone' | 'recurringConfig'>,
): Schedule {
  const { scheduleType, scheduledAt, scheduleZone, recurringConfig } = campaign;
  if (scheduleType === 'recurring' && recurringConfig && scheduledAt)
    return { type: 'recurring', recurrence: { ...recurringConfig, earliestAt: scheduledAt } };
  if (scheduleType === 'scheduled' && scheduledAt)
    return { type: 'scheduled', at: scheduledAt, zone: scheduleZone ?? 'UTC' };
  return { type: 'immediate' };
}

/** The run of a campaign that follows an instant; null for one that runs once, and when its end date comes first. */
export function followingRunAt(campaign: Parameters<typeof scheduleOf>[0], after: Date): Date | null {
  const schedule = scheduleOf(campaign);
  return schedule.type === 'recurring' ? nextRunAt(schedule.recurrence, after) : null;
}

/** The run that fell due last up to an instant; null where none did. */
function latestRunAt(campaign: Parameters<typeof scheduleOf>[0], until: Date): Date | null {
  const schedule = scheduleOf(campaign);
  if (schedule.type === 'scheduled') return schedule.at;
  if (schedule.type === 'immediate') return null;
  const { recurrence } = schedule;
  return runsBetween(recurrence, new Date(recurrence.earliestAt.getTime() - 1), until).lastAt;
}

/** Whether somebody has been asked about a start that is due, because it was late or not possible. */
export function isAskedAbout(campaign: { status: string; hold: Hold | null }): boolean {
  const code = campaign.hold?.code;
  return campaign.status === 'scheduled' && (code === 'late_start' || code === 'start_refused');
}

/** Whether a recurring campaign rests between two runs: what its contacts show is what the last one came to. */
export function isBetweenRuns(campaign: { status: string; startedAt: Date | null }): boolean {
  return campaign.status === 'scheduled' && campaign.startedAt !== null;
}

/**
 * What is to become of a scheduled start. `wait`: nothing falls due before `until` (null: until somebody decides).
 * `start`: it is due. `ask`: it is found so late that a person has to say whether it is still wanted. `missed` counts the
 * earlier runs of a recurring campaign that nobody started.
 */
export type DueVerdict =
  | { kind: 'wait'; until: Date | null }
  | { kind: 'start' | 'ask'; dueAt: Date; missed: number };

/**
 * Judges a scheduled start. Of several runs that were missed only the newest can still start. `isAsked`: somebody has been
 * asked about the run that is due, so only a newer one can start. `latestMs`: how late it may start.
 */
export function judgeDue(
  campaign: Parameters<typeof scheduleOf>[0] & { nextRunAt: Date | null },
  given: { now: Date; isAsked: boolean; latestMs: number },
): DueVerdict {
  const { now, isAsked, latestMs } = given;
  if (!campaign.nextRunAt) return { kind: 'wait', until: null };
  if (campaign.nextRunAt > now) return { kind: 'wait', until: campaign.nextRunAt };
  const schedule = scheduleOf(campaign);
  const later =
    schedule.type === 'recurring'
      ? runsBetween(schedule.recurrence, campaign.nextRunAt, now)
      : { count: 0, lastAt: null };
  if (isAsked && !later.lastAt) return { kind: 'wait', until: followingRunAt(campaign, now) };
  const dueAt = later.lastAt ?? campaign.nextRunAt;
  const isLate = now.getTime() - dueAt.getTime() > latestMs;
  return { kind: isLate ? 'ask' : 'start', dueAt, missed: later.count };
}

/**
 * What a move does to the schedule of a campaign. While a run goes on, the next one stays noted: what falls due meanwhile
 * is skipped (campaign-api §7.14). A draft has none (campaign-api §3.1).
 */
export function scheduleAfter(move: Move, campaign: ScheduleColumns, now: Date): Partial<ScheduleColumns> {
  const isAhead = campaign.nextRunAt !== null && campaign.nextRunAt > now;
  const ahead = isAhead ? campaign.nextRunAt : followingRunAt(campaign, now);
  switch (move) {
    case 'unschedule':
    case 're_execute':
      return scheduleColumns({ type: 'immediate' }, now);
    case 'start':
    case 'due':
      return { nextRunAt: followingRunAt(campaign, now) };
    case 'resume':
    case 'rest':
      return { nextRunAt: ahead };
    case 'put_back':
      return { nextRunAt: ahead ?? latestRunAt(campaign, now) };
    case 'finish':
    case 'cancel':
    case 'break':
      return { nextRunAt: null };
    default:
      return {};
  }
}
