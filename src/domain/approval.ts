import { type AllowedHours, DEFAULT_ALLOWED_HOURS } from './calling-window.ts';
import { describeWeek } from './week-hours.ts';

/** What an approval covers: each field with its value in words. The hash over all of it is what the approval is bound to. */
export type ApprovalContent = Record<string, string>;

/** What a workspace demands of people before a campaign may contact anybody, and how far that is. */
export type LaunchDemands = {
  approval: 'not_demanded' | 'missing' | 'asked' | 'standing';
  attestation: 'not_demanded' | 'missing' | 'standing';
};

/** One field that is not as it was; null where it did not exist. */
export type ContentChange = { field: string; before: string | null; after: string | null };

/**
 * Columns of a campaign that say how far it is, not what it does. Everything else counts as content, also what is added
 * to campaigns one day: a setting that nobody thought of must not slip past an approval.
 */
export const STATE_COLUMNS = [
  'id',
  'workspaceId',
  'status',
  'version',
  'runNumber',
  'channelId',
  'hold',
  'claimAfterAt',
  'claimAfterId',
  'resultsDueAt',
  'creationKey',
  'variableMappings',
  'availableVariables',
  'lastImportFileName',
  'lastImportAt',
  'lastImportRowCount',
  'createdBy',
  'createdAt',
  'updatedAt',
  'startedAt',
  'resumedAt',
  'completedAt',
  'nextRunAt',
  'undoUntil',
  'estimateLowMicros',
  'estimateHighMicros',
  'estimateContacts',
  'canaryLeft',
  'approvalId',
  'attestedBy',
  'attestedAt',
] as const;

const STATE = new Set<string>(STATE_COLUMNS);

/** Columns of an assistant that change nothing of what people hear from it. */
const ASSISTANT_STATE = new Set([
  'id',
  'workspaceId',
  'isActive',
  'version',
  'creationKey',
  'createdBy',
  'createdAt',
  'updatedAt',
]);

/**
 * What an approval of a campaign covers: its messages, settings, limits and schedule, the assistant as it speaks, the
 * company it speaks for, and the contacts, by number and by a digest that does not depend on their order.
 */
export function approvalContent(input: {
  campaign: Record<string, unknown>;
  assistant: Record<string, unknown> | null;
  /** What people are told who contacts them: one setting for the whole workspace. */
  company: string;
  audience: { contacts: number; digest: string };
}): ApprovalContent {
  const { campaign, assistant, company, audience } = input;
  return {
    ...wordsOf(campaign, STATE, ''),
    company,
    ...(assistant ? wordsOf(assistant, ASSISTANT_STATE, 'assistant.') : {}),
    contacts: audience.contacts.toLocaleString('en-US'),
    [DIGEST]: audience.digest,
  };
}

/** The content as one text, the same for the same content whatever its order: what is hashed. */
export function canonicalContent(content: ApprovalContent): string {
  return JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What differs between what was approved before and what stands now, in a steady order; all of it when nothing was. */
export function contentChanges(before: ApprovalContent | null, after: ApprovalContent): ContentChange[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after)])].sort(byImportance);
  return fields.flatMap((field) => {
    const [was, is] = [before?.[field] ?? null, after[field] ?? null];
    return was === is || isSaidBy(field, before, after) ? [] : [{ field, before: was, after: is }];
  });
}

/** A change as one line: what it is about, what it was and what it is. */
export function describeChange({ field, before, after }: ContentChange): string {
  const label = labelOf(field);
  if (field === DIGEST) return 'Contacts: as many as before, but not the same people or values.';
  if (before === null) return `${label}: ${after ?? NONE}`;
  return `${label}: ${clipped(before)} → ${clipped(after ?? NONE)}`;
}

/** What a field of an approval is called. */
export function labelOf(field: string): string {
  if (field.startsWith('assistant.')) return `Assistant’s ${spelled(field.slice(10))}`;
  const label = LABELS[field] ?? spelled(field);
  return label.charAt(0).toUpperCase() + label.slice(1);
}

const DIGEST = 'contacts_digest';
const NONE = 'none';
const LONGEST = 300;

const LABELS: Record<string, string> = {
  campaignType: 'kind',
  company: 'company that people hear of',
  smsMessageTemplate: 'text message',
  welcomeMessageTemplate: 'welcome',
  agendaTemplate: 'agenda',
  endCallMessageTemplate: 'closing',
  voicemailMessage: 'voicemail message',
  fallbackValues: 'values where a contact has none',
  maxAttempts: 'attempts per contact',
  retryDelayMinutes: 'minutes before a retry',
  concurrentLimit: 'attempts at once',
  rateLimitPerMinute: 'starts per minute',
  allowedHours: 'hours',
  additionalHours: 'more hours',
  contactTimeZone: 'hours on the contact’s own clock',
  fromNumber: 'number it comes from',
  assistantId: 'assistant’s number',
  enableVoicemailDetection: 'machines are recognised',
  leaveVoicemail: 'voicemails are left',
  retryPolicy: 'what is tried again',
  mixedSettings: 'order of calls and texts',
  scheduleType: 'schedule',
  scheduledAt: 'scheduled for',
  scheduleZone: 'time zone of the schedule',
  recurringConfig: 'recurrence',
  holidayPlaces: 'public holidays kept',
  pauseDates: 'dates without calls',
  endOfDay: 'when a day’s hours end',
  textExpiryHours: 'hours until texts expire',
  excludeContactedDays: 'days since somebody was contacted by another campaign',
  budgetLimitMicros: 'budget',
  canarySize: 'first contacts on trial',
  breakerAttempts: 'attempts watched for failures',
  breakerPercent: 'per cent of failures that pause it',
};

/** What people read first; everything else follows in the order of the alphabet. */
const FIRST = [
  'contacts',
  'contacts_digest',
  'name',
  'campaignType',
  'smsMessageTemplate',
  'welcomeMessageTemplate',
  'agendaTemplate',
  'endCallMessageTemplate',
  'voicemailMessage',
  'scheduleType',
  'scheduledAt',
  'recurringConfig',
];

function wordsOf(row: Record<string, unknown>, left: ReadonlySet<string>, prefix: string): ApprovalContent {
  const fields = Object.entries(row).filter(([name]) => !left.has(name));
  return Object.fromEntries(fields.map(([name, value]) => [`${prefix}${name}`, valueWords(name, value)]));
}

const WORDS: Record<string, (value: unknown) => string> = {
  allowedHours: (value) => describeWeek([(value as AllowedHours | null) ?? DEFAULT_ALLOWED_HOURS]),
  additionalHours: (value) => describeWeekOrNone(value as AllowedHours[]),
  budgetLimitMicros: (value) => (value === null ? NONE : `$${(Number(value) / 1_000_000).toFixed(2)}`),
};

function describeWeekOrNone(hours: AllowedHours[]): string {
  return hours.length === 0 ? NONE : describeWeek(hours);
}

function valueWords(name: string, value: unknown): string {
  const say = WORDS[name];
  if (say) return say(value);
  if (value === null || value === undefined || value === '') return NONE;
  if (value instanceof Date) return `${value.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(', ') || NONE;
  return typeof value === 'object' ? sortedJson(value) : String(value);
}

/** Keys in one order: the database and the code may write the same object in two. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return NONE;
  return entries.map(([name, one]) => `${spelled(name)}: ${sortedJson(one)}`).join('; ');
}

/** The digest says something only where the number of contacts does not. */
function isSaidBy(field: string, before: ApprovalContent | null, after: ApprovalContent): boolean {
  return field === DIGEST && (before === null || before.contacts !== after.contacts);
}

function byImportance(a: string, b: string): number {
  const place = (field: string) => (FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

function clipped(text: string): string {
  return text.length <= LONGEST ? `“${text}”` : `“${text.slice(0, LONGEST)}…”`;
}

function spelled(name: string): string {
  return name.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
}
