import { describeField, NONE, spelled } from './approval-words.ts';
import type { AllowedHours } from './calling-window.ts';
import { capitalized } from './phrases.ts';
import { hoursOf } from './settings.ts';

/**
 * What an approval covers: each field with its value as canonical JSON. The hash over all of it is what the approval is
 * bound to, so no words are in it: those are found when it is shown, and other words void nothing.
 */
export type ApprovalContent = Record<string, string>;

/** What a workspace demands of people before a campaign may contact anybody, and how far that is. */
export type LaunchDemands = {
  approval: 'not_demanded' | 'missing' | 'asked' | 'standing';
  attestation: 'not_demanded' | 'missing' | 'standing';
};

/** One field that is not as it was, in words; null where it did not exist. */
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

/** Fields that came when approvals had been given already: where one says nothing, the content is what it was without it. */
const ADDED = new Set(['assistant.welcomeMessage', 'assistant.endCallMessage']);

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
    ...fieldsOf(campaign, STATE, ''),
    allowedHours: canonicalText(hoursOf((campaign.allowedHours ?? null) as AllowedHours | null)),
    company: canonicalText(company),
    ...(assistant ? fieldsOf(assistant, ASSISTANT_STATE, 'assistant.') : {}),
    contacts: canonicalText(audience.contacts),
    [DIGEST]: canonicalText(audience.digest),
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
    if (before?.[field] === after[field] || isSaidBy(field, before, after)) return [];
    return [{ field, before: wordsOf(before, field), after: wordsOf(after, field) }];
  });
}

/** A change as one line: what it is about, what it was and what it is. */
export function describeChange({ field, before, after }: ContentChange): string {
  const label = labelOf(field);
  if (field === DIGEST) return 'Contacts: as many as before, but not the same people or values.';
  if (before === null) return `${label}: ${after ?? NONE}`;
  if (before === after) return `${label}: changed, though it is said with the same words.`;
  return `${label}: ${clipped(before)} → ${clipped(after ?? NONE)}`;
}

/** What a field of an approval is called. */
export function labelOf(field: string): string {
  if (field.startsWith('assistant.')) return `Assistant’s ${nameOf(field.slice(10))}`;
  return capitalized(nameOf(field));
}

const DIGEST = 'contacts_digest';
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
  assistantId: 'assistant',
  enableVoicemailDetection: 'machines are recognised',
  detectionMode: 'answering machines',
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
  breakerPercent: 'share of failures that pauses it',
  isScripted: 'way of speaking',
  phoneNumbers: 'numbers',
  transferTargets: 'people to put through to',
  isRecording: 'calls are recorded',
  recordingDays: 'days that recordings are kept',
  maxCallSeconds: 'longest call in seconds',
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

/** Nothing typed and nothing there are one. */
function fieldsOf(row: Record<string, unknown>, left: ReadonlySet<string>, prefix: string): ApprovalContent {
  const fields = Object.entries(row).filter(([name]) => !left.has(name));
  const texts = fields.map(([name, value]) => [
    `${prefix}${name}`,
    canonicalText(value === '' ? null : value),
  ]);
  return Object.fromEntries(texts.filter(([field = '', text]) => text !== 'null' || !ADDED.has(field)));
}

/** The same text for the same value, keys in one order: the database and the code may write one object in two. */
function canonicalText(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonicalText(one)}`).join(',')}}`;
}

/** Fields whose words are part of another one’s line. */
const SAID_BY: Record<string, string> = {
  scheduledAt: 'scheduleType',
  scheduleZone: 'scheduleType',
  recurringConfig: 'scheduleType',
  'assistant.name': 'assistantId',
};

/** The digest says something only where the number of contacts does not, and a part where the line it belongs to is not told. */
function isSaidBy(field: string, before: ApprovalContent | null, after: ApprovalContent): boolean {
  const whole = SAID_BY[field];
  if (whole) return before?.[whole] !== after[whole];
  return field === DIGEST && (before === null || before.contacts !== after.contacts);
}

function wordsOf(content: ApprovalContent | null, field: string): string | null {
  return content?.[field] === undefined ? null : describeField(content, field);
}

function nameOf(field: string): string {
  return LABELS[field] ?? spelled(field);
}

function byImportance(a: string, b: string): number {
  const place = (field: string) => (FIRST.includes(field) ? FIRST.indexOf(field) : FIRST.length);
  return place(a) - place(b) || (a < b ? -1 : 1);
}

function clipped(text: string): string {
  return text.length <= LONGEST ? `“${text}”` : `“${text.slice(0, LONGEST)}…”`;
}
