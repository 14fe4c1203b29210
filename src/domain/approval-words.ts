import { SPEAKING } from './assistant.ts';
import type { TransferTarget } from './call.ts';
import { MACHINE_RECOGNITION } from './call-settings.ts';
import { describeRetries } from './call-words.ts';
import type { AllowedHours } from './calling-window.ts';
import { TYPE_WORDS } from './campaign-templates.ts';
import { DEFAULT_MIXED, describeMixed, type MixedSettings } from './mixed.ts';
import { formatMicroDollars } from './money.ts';
import { type RecurringConfig, type ScheduleType, scheduleOf } from './schedule.ts';
import { describeRun, describeSchedule } from './schedule-words.ts';
import { END_OF_DAY, hoursOf } from './settings.ts';
import { VOICES, type VoiceName } from './voices.ts';
import { describeWeek } from './week-hours.ts';
import { zoneWords } from './window-words.ts';

/** What stands for a value that there is none of. */
export const NONE = 'none';

/**
 * A field of what an approval covers as people say it, from its canonical text; some are said with the help of others. A
 * field that nobody has words for is shown as the value it has, and a text that is no canonical one as it is.
 */
export function describeField(content: Readonly<Record<string, string>>, field: string): string {
  const text = content[field];
  if (text === undefined) return NONE;
  const value = readValue(text);
  const say = Object.hasOwn(WORDS, field) ? WORDS[field] : undefined;
  if (!say || (value === text && typeof value === 'string')) return plainWords(value);
  return say(value, (name) => readValue(content[name] ?? 'null')) ?? NONE;
}

/** Another field of the same content. */
type Read = (field: string) => unknown;

const WORDS: Record<string, (value: unknown, read: Read) => string | null> = {
  contacts: (value) => Number(value).toLocaleString('en-US'),
  campaignType: (value) => wordsIn(TYPE_WORDS, value),
  allowedHours: (value) => describeWeek([hoursOf(value as AllowedHours | null)]),
  additionalHours: (value) => {
    const hours = value as AllowedHours[];
    return hours.length === 0 ? null : describeWeek(hours);
  },
  timeZone: (value) => zoneWords(String(value)),
  endOfDay: (value) => wordsIn(END_OF_DAY, value),
  scheduleType: (_, read) => describeSchedule(scheduleFrom(read)),
  scheduledAt: (value, read) =>
    value === null ? null : describeRun(new Date(String(value)), String(read('scheduleZone') ?? 'UTC')),
  scheduleZone: (value) => (value === null ? null : zoneWords(String(value))),
  recurringConfig: (value, read) => (value === null ? null : describeSchedule(scheduleFrom(read))),
  budgetLimitMicros: (value) => (value === null ? null : formatMicroDollars(Number(value))),
  breakerPercent: (value) => `${value} %`,
  enableVoicemailDetection: (value, read) => (isCalling(read) ? plainWords(value) : null),
  detectionMode: (value, read) => {
    if (!isCalling(read)) return null;
    return wordsIn(MACHINE_RECOGNITION, read('enableVoicemailDetection') === false ? 'off' : value);
  },
  leaveVoicemail: (value, read) => (isCalling(read) ? plainWords(value) : null),
  retryPolicy: (value, read) =>
    isCalling(read)
      ? describeRetries({
          retryPolicy: value as Parameters<typeof describeRetries>[0]['retryPolicy'],
          maxAttempts: Number(read('maxAttempts')),
          retryDelayMinutes: Number(read('retryDelayMinutes')),
        })
      : null,
  mixedSettings: (value, read) =>
    read('campaignType') === 'mixed' ? describeMixed((value as MixedSettings | null) ?? DEFAULT_MIXED) : null,
  assistantId: (value, read) => (value === null ? null : plainWords(read('assistant.name') ?? value)),
  'assistant.isScripted': (value) => SPEAKING[value === true ? 'script' : 'model'],
  'assistant.voice': (value) => VOICES[value as VoiceName]?.label ?? String(value),
  'assistant.transferTargets': (value) =>
    (value as TransferTarget[]).map(({ label, phoneNumber }) => `${label} (${phoneNumber})`).join(', ') ||
    null,
};

function wordsIn(words: Readonly<Record<string, string>>, value: unknown): string {
  const key = String(value);
  return (Object.hasOwn(words, key) ? words[key] : undefined) ?? key;
}

function isCalling(read: Read): boolean {
  return read('campaignType') !== 'sms';
}

function scheduleFrom(read: Read) {
  const scheduledAt = read('scheduledAt');
  return scheduleOf({
    scheduleType: read('scheduleType') as ScheduleType,
    scheduledAt: scheduledAt === null ? null : new Date(String(scheduledAt)),
    scheduleZone: read('scheduleZone') as string | null,
    recurringConfig: read('recurringConfig') as RecurringConfig | null,
  });
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function plainWords(value: unknown): string {
  if (value === null || value === undefined || value === '') return NONE;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(plainWords).join(', ') || NONE;
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([name, one]) => `${spelled(name)}: ${plainWords(one)}`);
  return entries.join('; ') || NONE;
}

/** A name from the code as words: “retryDelayMinutes” as “retry delay minutes”. */
export function spelled(name: string): string {
  return name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
}
