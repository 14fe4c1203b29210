import { getCountries } from 'libphonenumber-js/max';
import type { AllowedHours } from './calling-window.ts';
import { numberProblem, shown, wholeNumber, zoneProblem } from './given-value.ts';
import type { LegalPreset } from './law/legal-rules.ts';
import type { TollFreePolicy } from './number-zones.ts';
import { ROLES, type Role } from './rights.ts';
import { checkHours } from './settings.ts';
import { describeWeek } from './week-hours.ts';
import { isTimeZone } from './window-clock.ts';

/** What admins set for a whole workspace. A limit of null leaves only what the law says, or nobody to watch over it. */
export type WorkspaceSettings = {
  companyName: string | null;
  defaultCountry: string;
  timeZone: string;
  defaultRole: Role;
  concurrentLimit: number;
  rateLimitPerMinute: number;
  legalPreset: LegalPreset;
  ownHours: AllowedHours[] | null;
  unknownPlace: 'intersect' | 'skip';
  tollFree: TollFreePolicy;
  frequencyLimit: number | null;
  frequencyHours: number;
  requiresCallConsent: boolean;
  requiresTextConsent: boolean;
  requiresAttestation: boolean;
  requiresApproval: boolean;
  nationalListDays: number | null;
};
export type WorkspaceSettingName = keyof WorkspaceSettings;

type Described = {
  /** As the API names it. */
  field: string;
  label: string;
  /** What it does, as a sentence. */
  hint: string;
  /** The values and what each means, where it is one of a few. */
  choices?: Record<string, string>;
  /** The range of a whole number; `isOptional`: it may be left empty. */
  range?: { min: number; max: number; isOptional?: boolean };
};

/** Every setting with what it does; the form, the audit log and the API read them from here. */
export const WORKSPACE_SETTINGS: Record<WorkspaceSettingName, Described> = {
  companyName: {
    field: 'company_name',
    label: 'Company name',
    hint: 'Calls say that they come from it. Empty: the name of the Slack workspace.',
  },
  defaultCountry: {
    field: 'default_country',
    label: 'Country of numbers without a country code',
    hint: 'Two letters, such as US, CA or GB.',
  },
  timeZone: {
    field: 'time_zone',
    label: 'Time zone of new campaigns',
    hint: 'Contacts keep their own; this is where campaigns count otherwise.',
  },
  defaultRole: {
    field: 'default_role',
    label: 'What everybody here may do',
    hint: 'Whoever has no role of their own or of a group has this one. /campaign roles gives others.',
    choices: Object.fromEntries(ROLES.map((role) => [role, role])),
  },
  concurrentLimit: {
    field: 'concurrent_limit',
    label: 'Attempts at once, over all campaigns',
    hint: 'So many calls and texts are under way at the same time at most.',
    range: { min: 1, max: 2000 },
  },
  rateLimitPerMinute: {
    field: 'rate_limit_per_minute',
    label: 'Starts per minute, over all campaigns',
    hint: 'So many calls and texts begin within a minute at most.',
    range: { min: 1, max: 60_000 },
  },
  legalPreset: {
    field: 'legal_preset',
    label: 'Legal hours',
    hint: '/campaign law shows every row with its source and date.',
    choices: {
      by_state: 'The law of where each person is',
      strict: 'For everybody the hours that satisfy every law',
    },
  },
  ownHours: {
    field: 'own_hours',
    label: 'Own hours',
    hint: 'They only make the law’s hours shorter. Empty on all days: the law alone.',
  },
  unknownPlace: {
    field: 'unknown_place',
    label: 'People whose place is not certain',
    hint: 'A number may belong to several zones or states, or to none that is known.',
    choices: {
      intersect: 'Only at hours that suit every place it may be',
      skip: 'They are left out',
    },
  },
  tollFree: {
    field: 'toll_free',
    label: 'Toll-free numbers',
    hint: 'Nobody can tell where their owners are.',
    choices: {
      skip: 'They are left out',
      contiguous: 'At hours that suit all contiguous states',
    },
  },
  frequencyLimit: {
    field: 'frequency_limit',
    label: 'Attempts to one number, over all campaigns',
    hint: 'So many within the hours below. Empty: only what the law says.',
    range: { min: 1, max: 100, isOptional: true },
  },
  frequencyHours: {
    field: 'frequency_hours',
    label: 'Within so many hours',
    hint: 'Whoever has had all attempts waits until the first of them is that old.',
    range: { min: 1, max: 720 },
  },
  requiresCallConsent: {
    field: 'requires_call_consent',
    label: 'Nobody is called without a consent on record',
    hint: 'Consents come with the import, or from /campaign consent.',
  },
  requiresTextConsent: {
    field: 'requires_text_consent',
    label: 'Nobody is texted without a consent on record',
    hint: 'Consents come with the import, or from /campaign consent.',
  },
  requiresAttestation: {
    field: 'requires_attestation',
    label: 'Somebody answers for the contacts before a campaign starts',
    hint: 'They state that everybody may lawfully be contacted; it is kept as evidence.',
  },
  requiresApproval: {
    field: 'requires_approval',
    label: 'A second person approves every campaign',
    hint: 'Any change ends the approval. Running campaigns without one wait at once.',
  },
  nationalListDays: {
    field: 'national_list_days',
    label: 'Days until the national do-not-call list is stale',
    hint: 'Nobody is contacted with an older one. Empty: nobody watches over it.',
    range: { min: 1, max: 365, isOptional: true },
  },
};

export const WORKSPACE_SETTING_NAMES = Object.keys(WORKSPACE_SETTINGS) as WorkspaceSettingName[];

/** What is wrong with one setting, named as the code and as the API name it. */
export type WorkspaceProblem = { setting: WorkspaceSettingName; field: string; sentence: string };

export type CheckedWorkspace =
  | { ok: true; settings: Partial<WorkspaceSettings> }
  | { ok: false; problems: WorkspaceProblem[] };

/**
 * Checks the settings somebody sent, of which any may be missing. Numbers may come as text and empty texts mean none where
 * that is possible, as forms send them. Either all come back typed, or every problem together.
 */
export function checkWorkspaceSettings(
  given: Partial<Record<WorkspaceSettingName, unknown>>,
): CheckedWorkspace {
  const settings: Partial<WorkspaceSettings> = {};
  const problems: WorkspaceProblem[] = [];
  for (const setting of WORKSPACE_SETTING_NAMES) {
    if (given[setting] === undefined) continue;
    const checked = checkOne(setting, given[setting]);
    if (checked.ok) Object.assign(settings, { [setting]: checked.value });
    else
      problems.push({
        setting,
        field: WORKSPACE_SETTINGS[setting].field,
        sentence: checked.sentence,
      });
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/** A value of a setting in words, for the audit log. */
export function workspaceValueWords(setting: WorkspaceSettingName, value: unknown): string {
  if (value === null || value === undefined || value === '') return 'none';
  if (setting === 'ownHours') return describeWeek(value as AllowedHours[]);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return WORKSPACE_SETTINGS[setting].choices?.[String(value)] ?? String(value);
}

type Checked = { ok: true; value: unknown } | { ok: false; sentence: string };

const MAX_NAME = 100;
const COUNTRIES = new Set<string>(getCountries());

function checkOne(setting: WorkspaceSettingName, value: unknown): Checked {
  const own = CHECKS[setting];
  if (own) return own(value);
  const { label, choices, range } = WORKSPACE_SETTINGS[setting];
  if (range) return checkNumber(label, range, value);
  if (choices) return checkChoice(label, choices, value);
  return typeof value === 'boolean' ? fine(value) : wrong(`${label}: say true or false.`);
}

const CHECKS: Partial<Record<WorkspaceSettingName, (value: unknown) => Checked>> = {
  companyName: (value) => {
    const name = typeof value === 'string' ? value.trim() : '';
    if (value !== null && typeof value !== 'string') return wrong('The company name is a text.');
    return [...name].length <= MAX_NAME
      ? fine(name || null)
      : wrong(`The company name has ${[...name].length} characters; use at most ${MAX_NAME}.`);
  },
  defaultCountry: (value) => {
    const code = typeof value === 'string' ? value.trim().toUpperCase() : '';
    return COUNTRIES.has(code)
      ? fine(code)
      : wrong(`“${shown(value)}” is no country; write two letters, like US or GB.`);
  },
  timeZone: (value) =>
    typeof value === 'string' && isTimeZone(value) ? fine(value) : wrong(zoneProblem(value)),
  ownHours: (value) => {
    if (value === null || (Array.isArray(value) && value.length === 0)) return fine(null);
    const hours = Array.isArray(value) ? value.map(checkHours) : [];
    return hours.length > 0 && hours.every((one) => 'start' in one)
      ? fine(hours)
      : wrong('Own hours are windows with a start before their end, such as 09:00 to 17:00, and days.');
  },
};

function checkNumber(label: string, range: NonNullable<Described['range']>, value: unknown): Checked {
  if (range.isOptional && (value === null || value === '')) return fine(null);
  const number = wholeNumber(value, range);
  return number === undefined ? wrong(numberProblem(label, range, value)) : fine(number);
}

function checkChoice(label: string, choices: Record<string, string>, value: unknown): Checked {
  return typeof value === 'string' && Object.hasOwn(choices, value)
    ? fine(value)
    : wrong(`${label}: “${shown(value)}” is none of ${Object.keys(choices).join(', ')}.`);
}

function fine(value: unknown): Checked {
  return { ok: true, value };
}

function wrong(sentence: string): Checked {
  return { ok: false, sentence };
}
