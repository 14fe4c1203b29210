import {
  type AllowedHours,
  DAY_NAMES,
  type DayName,
  DEFAULT_ALLOWED_HOURS,
  minutesOf,
} from './calling-window.ts';
import { isTimeZone } from './window-clock.ts';

/** How a campaign runs (campaign-api §3.3, §7.1). */
export type ExecutionSettings = {
  maxAttempts: number;
  retryDelayMinutes: number;
  concurrentLimit: number;
  rateLimitPerMinute: number;
  allowedHours: AllowedHours;
  timeZone: string;
  contactTimeZone: boolean;
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
  };
}

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
 * Checks the settings somebody sent, of which any may be missing. Numbers may come as text, as forms send them. Either all
 * given settings come back typed, or every problem together.
 */
export function checkSettings(given: Partial<Record<SettingName, unknown>>): CheckedSettings {
  const settings: Partial<ExecutionSettings> = {};
  const problems: SettingProblem[] = [];
  for (const name of SETTING_NAMES) {
    if (given[name] === undefined || given[name] === null) continue;
    const checked = CHECKS[name](given[name]);
    if (typeof checked === 'object' && 'problem' in checked) {
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
type NumberSetting = (typeof NUMBER_SETTINGS)[keyof typeof NUMBER_SETTINGS];

const CHECKS: { [Name in SettingName]: (value: unknown) => ExecutionSettings[Name] | Problem } = {
  maxAttempts: (value) => checkNumber(NUMBER_SETTINGS.maxAttempts, value),
  retryDelayMinutes: (value) => checkNumber(NUMBER_SETTINGS.retryDelayMinutes, value),
  concurrentLimit: (value) => checkNumber(NUMBER_SETTINGS.concurrentLimit, value),
  rateLimitPerMinute: (value) => checkNumber(NUMBER_SETTINGS.rateLimitPerMinute, value),
  allowedHours: checkHours,
  timeZone: (value) =>
    typeof value === 'string' && isTimeZone(value)
      ? value
      : { problem: `“${shown(value)}” is not a time zone; write it like America/New_York or Europe/London.` },
  contactTimeZone: (value) =>
    typeof value === 'boolean' ? value : { problem: 'Say true or false for the contact’s own time zone.' },
};

const FIELDS: Record<SettingName, string> = {
  maxAttempts: NUMBER_SETTINGS.maxAttempts.field,
  retryDelayMinutes: NUMBER_SETTINGS.retryDelayMinutes.field,
  concurrentLimit: NUMBER_SETTINGS.concurrentLimit.field,
  rateLimitPerMinute: NUMBER_SETTINGS.rateLimitPerMinute.field,
  allowedHours: 'allowed_hours',
  timeZone: 'time_zone',
  contactTimeZone: 'contact_time_zone',
};
const SETTING_NAMES = Object.keys(FIELDS) as SettingName[];

function checkNumber({ label, min, max }: NumberSetting, value: unknown): number | Problem {
  const isDigits = typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value);
  const number = isDigits ? Number(value) : value;
  const isInRange = typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max;
  return isInRange
    ? number
    : { problem: `${label}: “${shown(value)}” is not a whole number from ${min} to ${max}.` };
}

function checkHours(value: unknown): AllowedHours | Problem {
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

/** A value as it may stand in a sentence. */
function shown(value: unknown): string {
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 40);
}
