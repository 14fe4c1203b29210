import type { InputBlock } from '@slack/types';
import { type AllowedHours, DAY_NAMES, type DayName } from '#domain/calling-window.ts';
import { formatDates, parseDates } from '#domain/days-off.ts';
import { END_OF_DAY, hoursOf } from '#domain/settings.ts';
import { formatWeek, parseWeek, WEEK, type WeekLines } from '#domain/week-hours.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import { actionId } from '#slack/action-ids.ts';
import { type Block, context, input, option } from '#slack/blocks/kit.ts';
import { choiceField, textField, timeField } from './fields.ts';
import { type FormValues, listIn, textIn } from './form-values.ts';

const LAST_MINUTE = '23:59';
const MODES = [
  { text: 'The same on every chosen day', value: 'same' },
  { text: 'Several windows a day, or different days', value: 'week' },
];

/** The blocks of the hours that hold several choices. */
export const HOUR_LISTS = ['days', 'contactTimeZone', 'holidayPlaces'] as const;

/** The hours of a campaign as the form shows them. */
export function savedHours(campaign: CampaignDetail): FormValues {
  const hours = hoursOf(campaign.allowedHours);
  const week = formatWeek([hours, ...campaign.additionalHours]);
  return {
    hoursMode: campaign.additionalHours.length === 0 ? 'same' : 'week',
    ...sameHours(hours),
    ...linesAsValues(week),
    timeZone: campaign.timeZone,
    contactTimeZone: campaign.contactTimeZone ? ['contact'] : [],
    holidayPlaces: campaign.holidayPlaces,
    pauseDates: formatDates(campaign.pauseDates),
    endOfDay: campaign.endOfDay,
  };
}

/** The typed hours in the other way of giving them, where it was chosen anew: nothing has to be typed twice. */
export function translateHours(saved: FormValues, typed: FormValues): FormValues {
  const isWeek = textIn(typed, 'hoursMode') === 'week';
  if (isWeek && 'start' in typed) {
    const { start, end } = { start: textIn(typed, 'start'), end: textIn(typed, 'end') };
    const hours = { start, end, days: listIn(typed, 'days') as DayName[] };
    return { ...saved, ...typed, ...linesAsValues(formatWeek([hours])) };
  }
  if (!isWeek && lineBlock('monday') in typed) {
    const parsed = parseWeek(linesIn(typed));
    const [first] = parsed.ok ? parsed.hours : [];
    return { ...saved, ...typed, ...(first ? sameHours(first) : {}) };
  }
  return { ...saved, ...typed };
}

/** Either one window for the chosen days or one line a day, on whose clock. */
export function hourFields(values: FormValues): Block[] {
  const isWeek = textIn(values, 'hoursMode') === 'week';
  return [
    choiceField('hoursMode', 'Hours', MODES, isWeek ? 'week' : 'same', undefined, true),
    ...(isWeek ? weekFields(values) : dayFields(values)),
    zoneField(textIn(values, 'timeZone')),
    contactZoneField(listIn(values, 'contactTimeZone').includes('contact')),
  ];
}

/** Days on which nobody is contacted, and what happens at the end of one. `places`: names of those chosen. */
export function dayOffFields(values: FormValues, places: ReadonlyMap<string, string>): InputBlock[] {
  const ends = Object.entries(END_OF_DAY).map(([value, text]) => ({ text, value }));
  return [
    holidayField(listIn(values, 'holidayPlaces'), places),
    textField({
      blockId: 'pauseDates',
      label: 'Other days off',
      hint: 'Dates like 2026-12-24, 2026-12-27 to 2027-01-02. Nobody is contacted on them.',
      value: textIn(values, 'pauseDates'),
      optional: true,
    }),
    choiceField(
      'endOfDay',
      'When a day’s hours end and contacts are still waiting',
      ends,
      textIn(values, 'endOfDay'),
    ),
  ];
}

export type ReadHours =
  | { ok: true; settings: Record<string, unknown> }
  | { ok: false; errors: Record<string, string> };

/** The hours as verbs take them, or what is wrong under the field that it is about; a field not shown changes nothing. */
export function readHours(values: FormValues): ReadHours {
  const week = textIn(values, 'hoursMode') === 'week' ? parseWeek(linesIn(values)) : null;
  const dates = 'pauseDates' in values ? parseDates(textIn(values, 'pauseDates')) : null;
  const errors = {
    ...(week && !week.ok
      ? Object.fromEntries(week.problems.map(({ day, sentence }) => [lineBlock(day), sentence]))
      : {}),
    ...(dates && !dates.ok ? { pauseDates: dates.problem } : {}),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const [allowedHours, ...additionalHours] = week?.ok ? week.hours : [typedWindow(values)];
  return {
    ok: true,
    settings: {
      allowedHours,
      additionalHours,
      timeZone: textIn(values, 'timeZone'),
      contactTimeZone: listIn(values, 'contactTimeZone').includes('contact'),
      ...('holidayPlaces' in values ? { holidayPlaces: listIn(values, 'holidayPlaces') } : {}),
      ...(dates?.ok ? { pauseDates: dates.dates } : {}),
      ...('endOfDay' in values ? { endOfDay: textIn(values, 'endOfDay') } : {}),
    },
  };
}

function typedWindow(values: FormValues) {
  return { start: textIn(values, 'start'), end: textIn(values, 'end'), days: listIn(values, 'days') };
}

function sameHours({ start, end, days }: AllowedHours): FormValues {
  return { start, end: end === '24:00' ? LAST_MINUTE : end, days };
}

/** Under which block a day’s windows are typed. */
export function lineBlock(day: DayName): string {
  return `week.${day}`;
}

function linesAsValues(lines: WeekLines): FormValues {
  return Object.fromEntries(DAY_NAMES.map((day) => [lineBlock(day), lines[day]]));
}

function linesIn(values: FormValues): WeekLines {
  return Object.fromEntries(DAY_NAMES.map((day) => [day, textIn(values, lineBlock(day))])) as WeekLines;
}

function dayFields(values: FormValues): InputBlock[] {
  return [
    timeField('start', 'From', textIn(values, 'start')),
    timeField('end', 'Until', textIn(values, 'end')),
    daysField(listIn(values, 'days')),
  ];
}

function weekFields(values: FormValues): Block[] {
  return [
    context('One line a day, like `09:00-12:00, 14:00-18:00`. Leave a day empty to reach nobody on it.'),
    ...WEEK.map((day) =>
      textField({
        blockId: lineBlock(day),
        label: capital(day),
        value: textIn(values, lineBlock(day)),
        placeholder: 'Nobody is contacted',
        optional: true,
        max: 200,
      }),
    ),
  ];
}

function daysField(days: readonly string[]): InputBlock {
  const options = WEEK.map((day) => option(capital(day), day));
  const chosen = options.filter(({ value }) => days.includes(value ?? ''));
  return input({
    blockId: 'days',
    label: 'On',
    element: {
      type: 'checkboxes',
      action_id: actionId('form.input'),
      options,
      ...(chosen.length > 0 ? { initial_options: chosen } : {}),
    },
  });
}

function zoneField(timeZone: string): InputBlock {
  return input({
    blockId: 'timeZone',
    label: 'Time zone',
    element: {
      type: 'external_select',
      action_id: actionId('form.time_zone'),
      min_query_length: 0,
      initial_option: option(timeZone.replaceAll('_', ' '), timeZone),
    },
  });
}

function contactZoneField(isOn: boolean): InputBlock {
  const own = option('Hours count in each contact’s own time zone', 'contact');
  return input({
    blockId: 'contactTimeZone',
    label: 'Whose clock',
    hint: 'Otherwise they count in the time zone above.',
    optional: true,
    element: {
      type: 'checkboxes',
      action_id: actionId('form.input'),
      options: [own],
      ...(isOn ? { initial_options: [own] } : {}),
    },
  });
}

function holidayField(chosen: readonly string[], places: ReadonlyMap<string, string>): InputBlock {
  const initial = chosen.map((place) => option(places.get(place) ?? place, place));
  return input({
    blockId: 'holidayPlaces',
    label: 'Public holidays off',
    hint: 'Countries or states whose public holidays are kept free, on the clock chosen above.',
    optional: true,
    element: {
      type: 'multi_external_select',
      action_id: actionId('form.holidays'),
      min_query_length: 0,
      max_selected_items: 20,
      ...(initial.length > 0 ? { initial_options: initial } : {}),
    },
  });
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
