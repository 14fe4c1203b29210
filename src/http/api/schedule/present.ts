import type { z } from '@hono/zod-openapi';
import { DAY_NAMES, type DayName } from '#domain/calling-window.ts';
import type { RecurringConfig, ScheduleColumns } from '#domain/schedule.ts';
import { instant } from '#http/instant.ts';
import type { Schedule } from './schemas.ts';

/** A campaign's schedule in the reference's words (campaign-api §3.1). */
export function presentSchedule(campaign: ScheduleColumns): z.output<typeof Schedule> {
  const { scheduleType, scheduledAt, recurringConfig, scheduleZone, nextRunAt } = campaign;
  return {
    schedule_type: scheduleType,
    scheduled_at: instant(scheduledAt),
    recurring_config: recurringConfig && presentRecurrence(recurringConfig),
    timezone: scheduleZone ?? recurringConfig?.timeZone ?? null,
    next_run_at: instant(nextRunAt),
  };
}

function presentRecurrence(config: RecurringConfig) {
  return {
    frequency: config.frequency,
    interval: config.interval,
    days_of_week: config.daysOfWeek.map(numberOf).sort((a, b) => a - b),
    day_of_month: config.dayOfMonth,
    time: config.time,
    time_zone: config.timeZone,
    end_date: config.endDate,
  };
}

/** Monday is 1, Sunday 7. */
function numberOf(day: DayName): number {
  return DAY_NAMES.indexOf(day) || 7;
}
