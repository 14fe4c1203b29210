import {
  type AllowedHours,
  DAY_NAMES,
  type DayName,
  DEFAULT_ALLOWED_HOURS,
  minutesOf,
} from './calling-window.ts';
import { datesProblem, isPlace } from './days-off.ts';
import { numberProblem, shown, wholeNumber, zoneProblem } from './given-value.ts';
import { BREAKER_SETTINGS, budgetProblem, type LimitSettings, NO_LIMITS, OPTIONAL_LIMITS } from './limits.ts';
import { isTimeZone } from './window-clock.ts';

/** How a campaign runs (campaign-api §3.3, §7.1), the days it keeps to and the limits it is held to. */
export type ExecutionSettings = LimitSettings & {
  maxAttempts: number;
  retryDelayMinutes: number;
  concurrentLimit: number;
  rateLimitPerMinute: number;
  allowedHours: AllowedHours;
  timeZone: string;
  contactTimeZone: boolean;
  /** Windows beside `allowedHours`. */
  additionalHours: AllowedHours[];
  /** Whose public holidays it keeps: `US`, `US-FL`. */
  holidayPlaces: string[];
  /** Local dates on which nobody is contacted. */
  pauseDates: string[];
  /** What happens to those who still wait when a day's hours end. */
  endOfDay: 'continue' | 'stop';
};
export type SettingName = keyof ExecutionSettings;

/** Ranges and defaults of the settings that are whole numbers; forms, the API and help read them from here. */
export const NUMBER_SETTINGS = {
  maxAttempts: { field: 'max_attempts', label: 'Attempts per contact', min: 1, max: 10, standard: 3 },
  retryDelayMinutes: {
    field: 'retry_delay_minutes',
    label: 'Minutes before a retry',
    min: 5,
    max: 1440,
    standard: 30,
  },
  concurrentLimit: { field: 'concurrent_limit', label: 'Attempts at once', min: 1, max: 500, standard: 5 },
  rateLimitPerMinute: {
    field: 'rate_limit_per_minute',
    label: 'Starts per minute',
    min: 1,
    max: 6000,
    standard: 10,
  },
} as const;

/** The settings of a campaign nobody has set up, in the workspace's time zone. */
export function defaultSettings(timeZone: string): ExecutionSettings {
  return {
    maxAttempts: NUMBER_SETTINGS.maxAttempts.standard,
    retryDelayMinutes: NUMBER_SETTINGS.retryDelayMinutes.standard,
    concurrentLimit: NUMBER_SETTINGS.concurrentLimit.standard,
    rateLimitPerMinute: NUMBER_SETTINGS.rateLimitPerMinute.standard,
    allowedHours: DEFAULT_ALLOWED_HOURS,
    timeZone,
    contactTimeZone: true,
    additionalHours: [],
    holidayPlaces: [],
    pauseDates: [],
    endOfDay: 'continue',
    ...NO_LIMITS,
  };
}

/** What may happen when a day's hours end, in words for forms. */
export const END_OF_DAY = {
  continue: 'Go on when the hours open again',
  stop: 'Stop: leave out whoever is still waiting',
} as const satisfies Record<ExecutionSettings['endOfDay'], string>;

/** The hours of a campaign, or the default when it has none of its own. */
export function hoursOf(allowedHours: AllowedHours | null): AllowedHours {
  return allowedHours ?? DEFAULT_ALLOWED_HOURS;
}

/** What is wrong with one field, named as the API names it, as a sentence that says how to put it right. */
export type SettingProblem = { setting: SettingName | 'name'; field: string; sentence: string };

export type CheckedSettings =
  | { ok: true; settings: Partial<ExecutionSettings> }
  | { ok: false; problems: SettingProblem[] };

/**
 * Checks the settings somebody sent, of which any may be missing. Numbers may come as text, as forms send them; null, or
 * an empty text, takes away a limit that nobody has to set. Either all given settings come back typed, or every problem
 * together.
 */
export function checkSettings(given: Partial<Record<SettingName, unknown>>): CheckedSettings {
  const settings: Partial<ExecutionSettings> = {};
  const problems: SettingProblem[] = [];
  for (const name of SETTING_NAMES) {
    if (given[name] === undefined || (given[name] === null && !UNSET.includes(name))) continue;
    const checked = CHECKS[name](given[name]);
    if (typeof checked === 'object' && checked !== null && 'problem' in checked) {
      problems.push({ setting: name, field: FIELDS[name], sentence: checked.problem });
    } else Object.assign(settings, { [name]: checked });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/** What is wrong with a campaign's name, or null: 1 to 200 characters once spaces at its ends are gone. */
export function nameProblem(name: unknown): SettingProblem | null {
  const length = typeof name === 'string' ? [...name.trim()].length : 0;
  if (length === 0) return { setting: 'name', field: 'name', sentence: 'Give the campaign a name.' };
  if (length <= MAX_NAME) return null;
  const sentence = `The name has ${length} characters; use at most ${MAX_NAME}.`;
  return { setting: 'name', field: 'name', sentence };
}

const MAX_NAME = 200;

type Problem = { problem: string };
type NumberSetting = { label: string; min: number; max: number };

/** Limits that null takes away. */
const UNSET: readonly SettingName[] = [
  'textExpiryHours',
  'excludeContactedDays',
  'budgetLimitMicros',
  'canarySize',
];

const CHECKS: { [Name in SettingName]: (value: unknown) => ExecutionSettings[Name] | Problem } = {
  maxAttempts: (value) => checkNumber(NUMBER_SETTINGS.maxAttempts, value),
  retryDelayMinutes: (value) => checkNumber(NUMBER_SETTINGS.retryDelayMinutes, value),
  concurrentLimit: (value) => checkNumber(NUMBER_SETTINGS.concurrentLimit, value),
  rateLimitPerMinute: (value) => checkNumber(NUMBER_SETTINGS.rateLimitPerMinute, value),
  allowedHours: checkHours,
  timeZone: (value) =>
    typeof value === 'string' && isTimeZone(value) ? value : { problem: zoneProblem(value) },
  contactTimeZone: (value) =>
    typeof value === 'boolean' ? value : { problem: 'Say true or false for the contact’s own time zone.' },
  additionalHours: checkMoreHours,
  holidayPlaces: checkPlaces,
  pauseDates: (value) => {
    const problem = datesProblem(value);
    return problem === null ? [...new Set(value as string[])].sort() : { problem };
  },
  endOfDay: (value) =>
    value === 'continue' || value === 'stop'
      ? value
      : { problem: 'At the end of a day: write continue (go on when the hours open again) or stop.' },
  textExpiryHours: (value) => checkOptional(OPTIONAL_LIMITS.textExpiryHours, value),
  excludeContactedDays: (value) => checkOptional(OPTIONAL_LIMITS.excludeContactedDays, value),
  budgetLimitMicros: (value) => {
    const problem = value === null ? null : budgetProblem(value);
    return problem === null ? (value as number | null) : { problem };
  },
  canarySize: (value) => checkOptional(OPTIONAL_LIMITS.canarySize, value),
  breakerAttempts: (value) => checkNumber(BREAKER_SETTINGS.breakerAttempts, value),
  breakerPercent: (value) => checkNumber(BREAKER_SETTINGS.breakerPercent, value),
};

const FIELDS: Record<SettingName, string> = {
  maxAttempts: NUMBER_SETTINGS.maxAttempts.field,
  retryDelayMinutes: NUMBER_SETTINGS.retryDelayMinutes.field,
  concurrentLimit: NUMBER_SETTINGS.concurrentLimit.field,
  rateLimitPerMinute: NUMBER_SETTINGS.rateLimitPerMinute.field,
  allowedHours: 'allowed_hours',
  timeZone: 'time_zone',
  contactTimeZone: 'contact_time_zone',
  additionalHours: 'additional_hours',
  holidayPlaces: 'holiday_places',
  pauseDates: 'pause_dates',
  endOfDay: 'end_of_day',
  textExpiryHours: OPTIONAL_LIMITS.textExpiryHours.field,
  excludeContactedDays: OPTIONAL_LIMITS.excludeContactedDays.field,
  budgetLimitMicros: 'budget_limit',
  canarySize: OPTIONAL_LIMITS.canarySize.field,
  breakerAttempts: BREAKER_SETTINGS.breakerAttempts.field,
  breakerPercent: BREAKER_SETTINGS.breakerPercent.field,
};
const SETTING_NAMES = Object.keys(FIELDS) as SettingName[];

function checkNumber(range: NumberSetting, value: unknown): number | Problem {
  return wholeNumber(value, range) ?? { problem: numberProblem(range.label, range, value) };
}

function checkOptional(range: NumberSetting, value: unknown): number | null | Problem {
  return value === null || value === '' ? null : checkNumber(range, value);
}

function checkMoreHours(value: unknown): AllowedHours[] | Problem {
  if (!Array.isArray(value))
    return { problem: 'Additional hours are a list of windows like the calling hours.' };
  if (value.length > MOST_WINDOWS) return { problem: `Give at most ${MOST_WINDOWS} additional windows.` };
  const checked = value.map(checkHours);
  return checked.find((one) => 'problem' in one) ?? checked.filter((one) => 'start' in one);
}

function checkPlaces(value: unknown): string[] | Problem {
  const given: unknown[] | null = Array.isArray(value) ? value : null;
  const odd = given?.find((place) => !isPlace(place));
  if (given && odd === undefined && given.length <= MOST_PLACES)
    return [...new Set(given.filter(isPlace))].sort();
  if (given && odd === undefined) return { problem: `Keep the holidays of at most ${MOST_PLACES} places.` };
  return { problem: `Holidays: “${shown(odd ?? value)}” is not a country or state like US or US-FL.` };
}

/** Seven days with as many windows as a form takes for each. */
const MOST_WINDOWS = 42;
const MOST_PLACES = 20;

/** Hours of some weekdays with their days in order and once each, or what is wrong with them. */
export function checkHours(value: unknown): AllowedHours | Problem {
  if (typeof value !== 'object' || value === null)
    return { problem: 'Calling hours need a start, an end and days.' };
  const { start, end, days } = value as Record<string, unknown>;
  const from = typeof start === 'string' ? minutesOf(start) : null;
  const until = typeof end === 'string' ? minutesOf(end) : null;
  if (from === null)
    return { problem: `Calling hours: the start “${shown(start)}” is not a time like 09:00.` };
  if (until === null) return { problem: `Calling hours: the end “${shown(end)}” is not a time like 17:00.` };
  if (from >= until) {
    return { problem: `Calling hours must start before they end on the same day, not ${start} to ${end}.` };
  }
  const chosen = checkDays(days);
  return 'problem' in chosen ? chosen : { start: start as string, end: end as string, days: chosen };
}

function checkDays(days: unknown): DayName[] | Problem {
  const given: unknown[] = Array.isArray(days) ? days : [];
  if (given.length === 0) return { problem: 'Calling hours need at least one day, like monday.' };
  const odd = given.find((day) => !DAY_NAMES.includes(day as DayName));
  if (odd !== undefined)
    return { problem: `Calling hours: “${shown(odd)}” is not a day; write monday to sunday.` };
  return DAY_NAMES.filter((day) => given.includes(day));
}
