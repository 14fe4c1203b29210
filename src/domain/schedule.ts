import type { DayName } from './calling-window.ts';

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
