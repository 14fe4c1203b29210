import type { InputBlock } from '@slack/types';
import { DAY_NAMES, type DayName } from '#domain/calling-window.ts';
import { FREQUENCIES } from '#domain/check-schedule.ts';
import { localDateTime } from '#domain/local-moment.ts';
import { type RecurringConfig, type Schedule, scheduleOf } from '#domain/schedule.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { input, option } from '#slack/blocks/kit.ts';
import { type FormState, readChoice, readChoices, readDate, readText, readTime } from './state.ts';

/** What stands in the form, by block; the blocks are named as the API names the fields (campaign-api §3.1). */
export type ScheduleForm = {
  schedule_type: 'scheduled' | 'recurring';
  /** Of a recurring one the first day on which it may run. */
  scheduled_at: string;
  time: string;
  timezone: string;
  frequency: keyof typeof FREQUENCIES;
  interval: string;
  days_of_week: string[];
  day_of_month: string;
  end_date: string;
};

const WEEK: DayName[] = [...DAY_NAMES.slice(1), 'sunday'];
const DAY_MS = 86_400_000;

/** The form as the campaign is scheduled, or for tomorrow at nine on its own clock. */
export function formOf(campaign: CampaignDetail, now: Date): ScheduleForm {
  const schedule = scheduleOf(campaign);
  const timezone = zoneOf(schedule) ?? campaign.timeZone;
  const next = campaign.nextRunAt && campaign.nextRunAt > now ? campaign.nextRunAt : null;
  const first = localDateTime(next ?? new Date(now.getTime() + DAY_MS), timezone);
  const form: ScheduleForm = {
    ...USUAL,
    scheduled_at: first?.date ?? '',
    time: next && first ? first.time : USUAL.time,
    timezone,
  };
  return schedule.type === 'recurring' ? { ...form, ...repeatOf(schedule.recurrence) } : form;
}

const USUAL: ScheduleForm = {
  schedule_type: 'scheduled',
  scheduled_at: '',
  time: '09:00',
  timezone: 'UTC',
  frequency: 'weekly',
  interval: '1',
  days_of_week: ['1', '2', '3', '4', '5'],
  day_of_month: '1',
  end_date: '',
};

function repeatOf(recurrence: RecurringConfig): Partial<ScheduleForm> {
  const { frequency, interval, daysOfWeek, dayOfMonth, time, endDate } = recurrence;
  return {
    schedule_type: 'recurring',
    frequency,
    interval: String(interval),
    ...(frequency === 'weekly' ? { days_of_week: daysOfWeek.map(dayNumber) } : {}),
    day_of_month: String(dayOfMonth ?? USUAL.day_of_month),
    time,
    end_date: endDate ?? '',
  };
}

/** What was typed over what stood there; fields that are not shown keep what they had. */
export function typedForm(state: FormState, before: ScheduleForm): ScheduleForm {
  const has = (block: string) => Object.hasOwn(state, block);
  const isType = (value: string | null) => value === 'scheduled' || value === 'recurring';
  const type = readChoice(state, 'schedule_type');
  const frequency = readChoice(state, 'frequency');
  return {
    schedule_type: isType(type) ? (type as ScheduleForm['schedule_type']) : before.schedule_type,
    scheduled_at: has('scheduled_at') ? (readDate(state, 'scheduled_at') ?? '') : before.scheduled_at,
    time: has('time') ? (readTime(state, 'time') ?? '') : before.time,
    timezone: readChoice(state, 'timezone') ?? before.timezone,
    frequency:
      frequency && Object.hasOwn(FREQUENCIES, frequency)
        ? (frequency as ScheduleForm['frequency'])
        : before.frequency,
    interval: has('interval') ? readText(state, 'interval') : before.interval,
    days_of_week: has('days_of_week') ? readChoices(state, 'days_of_week') : before.days_of_week,
    day_of_month: has('day_of_month') ? readText(state, 'day_of_month') : before.day_of_month,
    end_date: has('end_date') ? (readDate(state, 'end_date') ?? '') : before.end_date,
  };
}

/** The form as the API spells a schedule (campaign-api §3.1). */
export function scheduleIn(form: ScheduleForm): object {
  const { schedule_type, scheduled_at, time, timezone } = form;
  if (schedule_type === 'scheduled')
    return { schedule_type, scheduled_at: `${scheduled_at}T${time}`, timezone };
  return {
    schedule_type,
    scheduled_at: `${scheduled_at}T00:00`,
    timezone,
    recurring_config: {
      frequency: form.frequency,
      interval: form.interval,
      days_of_week: form.days_of_week,
      day_of_month: form.day_of_month,
      time,
      time_zone: timezone,
      end_date: form.end_date,
    },
  };
}

/** The fields of this kind of schedule; every change is told, so that the runs shown below follow it. */
export function scheduleFields(form: ScheduleForm): InputBlock[] {
  const isOnce = form.schedule_type === 'scheduled';
  return [
    choice('schedule_type', 'How often', TYPES, form.schedule_type),
    ...(isOnce ? [] : repeatFields(form)),
    date('scheduled_at', isOnce ? 'Date' : 'First day on which it may run', form.scheduled_at, false),
    told({
      blockId: 'time',
      label: 'Time',
      element: { type: 'timepicker', action_id: REDRAW, ...(form.time ? { initial_time: form.time } : {}) },
    }),
    told({
      blockId: 'timezone',
      label: 'Time zone',
      element: {
        type: 'external_select',
        action_id: actionId('form.time_zone'),
        min_query_length: 0,
        initial_option: option(form.timezone.replaceAll('_', ' '), form.timezone),
      },
    }),
    ...(isOnce ? [] : [date('end_date', 'Last day on which it may run', form.end_date, true)]),
  ];
}

const REDRAW = actionId('schedule.redraw');
const TYPES = [
  { text: 'Once', value: 'scheduled' },
  { text: 'Again and again', value: 'recurring' },
];
const FREQUENCY_CHOICES = [
  { text: 'Daily', value: 'daily' },
  { text: 'Weekly', value: 'weekly' },
  { text: 'Monthly', value: 'monthly' },
];

function repeatFields(form: ScheduleForm): InputBlock[] {
  const { unit, most } = FREQUENCIES[form.frequency];
  return [
    choice('frequency', 'Repeats', FREQUENCY_CHOICES, form.frequency),
    wholeNumber('interval', `Every so many ${unit}s`, { min: 1, max: most }, form.interval),
    ...(form.frequency === 'weekly' ? [daysField(form.days_of_week)] : []),
    ...(form.frequency === 'monthly'
      ? [wholeNumber('day_of_month', 'Day of the month', { min: 1, max: 31 }, form.day_of_month)]
      : []),
  ];
}

function daysField(chosen: readonly string[]): InputBlock {
  const options = WEEK.map((day) => option(`${day.charAt(0).toUpperCase()}${day.slice(1)}`, dayNumber(day)));
  const initial = options.filter(({ value }) => chosen.includes(value ?? ''));
  return told({
    blockId: 'days_of_week',
    label: 'On',
    element: {
      type: 'checkboxes',
      action_id: REDRAW,
      options,
      ...(initial.length > 0 ? { initial_options: initial } : {}),
    },
  });
}

type Choice = { text: string; value: string };

function choice(blockId: string, label: string, choices: Choice[], initial: string): InputBlock {
  const options = choices.map(({ text, value }) => option(text, value));
  const chosen = options.find(({ value }) => value === initial);
  return told({
    blockId,
    label,
    element: {
      type: 'static_select',
      action_id: REDRAW,
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  });
}

function date(blockId: string, label: string, value: string, optional: boolean): InputBlock {
  const element = {
    type: 'datepicker',
    action_id: REDRAW,
    ...(value ? { initial_date: value } : {}),
  } as const;
  return told({ blockId, label, optional, element });
}

function wholeNumber(
  blockId: string,
  label: string,
  { min, max }: { min: number; max: number },
  value: string,
): InputBlock {
  return told({
    blockId,
    label,
    hint: `${min} to ${max}`,
    element: {
      type: 'number_input',
      action_id: REDRAW,
      is_decimal_allowed: false,
      min_value: String(min),
      max_value: String(max),
      ...(value ? { initial_value: value } : {}),
      dispatch_action_config: { trigger_actions_on: ['on_character_entered'] },
    },
  });
}

function told(field: Parameters<typeof input>[0]): InputBlock {
  return { ...input(field), dispatch_action: true };
}

/** Monday is 1, Sunday 7 (campaign-api §3.1). */
function dayNumber(day: DayName): string {
  return String(WEEK.indexOf(day) + 1);
}

function zoneOf(schedule: Schedule): string | null {
  if (schedule.type === 'immediate') return null;
  return schedule.type === 'scheduled' ? schedule.zone : schedule.recurrence.timeZone;
}
