import { type AssistantRow, readAssistant } from '#db/assistants.ts';
import type { CampaignRow } from '#db/campaigns.ts';
import type { Executor } from '#db/client.ts';
import { type CallSettingName, checkCallSettings } from '#domain/call-settings.ts';
import { CAMPAIGN_TEMPLATES, type CampaignTemplate } from '#domain/campaign-templates.ts';
import { PHONE_PROBLEMS, toE164 } from '#domain/phone.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkSettings, type ExecutionSettings, nameProblem } from '#domain/settings.ts';
import { checkTemplate } from '#domain/template.ts';
import type { Deps } from './deps.ts';

/** What people set on a campaign; a field that is left out stays as it is. */
export type CampaignFields = {
  name?: string;
  description?: string | null;
  fallbackValues?: Record<string, string>;
  /** Column of a file → variable, and what templates may say; imports add to both. */
  variableMappings?: Record<string, string>;
  availableVariables?: string[];
  settings?: Partial<Record<keyof ExecutionSettings, unknown>>;
  fromNumber?: string | null;
  assistantId?: number | null;
} & Partial<Record<CampaignTemplate, string | null>> &
  Partial<Record<CallSettingName, unknown>>;

/**
 * The columns that these fields become. Throws `settings_invalid` with every problem together, or `template_invalid` with
 * the field that it is about; names in a template are checked where the contacts are known, its syntax here.
 */
export function checkCampaignFields(fields: CampaignFields): Partial<CampaignRow> {
  const badName = fields.name === undefined ? null : nameProblem(fields.name);
  const settings = checkSettings(fields.settings ?? {});
  const calls = checkCallSettings(fields);
  const large = problemsOfSize(fields);
  if (badName || large.length > 0 || !settings.ok || !calls.ok) {
    const problems = [
      badName ?? [],
      large,
      settings.ok ? [] : settings.problems,
      calls.ok ? [] : calls.problems,
    ];
    throw new Refusal('settings_invalid', { problems: problems.flat() });
  }
  return {
    ...(fields.name === undefined ? {} : { name: fields.name.trim() }),
    ...Object.fromEntries(
      AS_GIVEN.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])),
    ),
    ...checkTemplates(fields),
    ...settings.settings,
    ...calls.settings,
  };
}

/** Fields that are kept as they come. */
const AS_GIVEN = [
  'description',
  'fallbackValues',
  'variableMappings',
  'availableVariables',
  'fromNumber',
  'assistantId',
] as const;

/** Every list of campaigns carries these along, a thousand campaigns a page. */
const MOST_CHARACTERS = 30_000;
const CARRIED = {
  fallbackValues: 'fallback_values',
  variableMappings: 'variable_mappings',
  availableVariables: 'available_variables',
} as const;

function problemsOfSize(fields: CampaignFields) {
  return Object.entries(CARRIED).flatMap(([name, field]) => {
    const { length } = JSON.stringify(fields[name as keyof typeof CARRIED] ?? {});
    if (length <= MOST_CHARACTERS) return [];
    const [most, now] = [MOST_CHARACTERS, length].map((count) => count.toLocaleString('en-US'));
    return {
      field,
      sentence: `Up to ${most} characters are kept here, and these are ${now}. Leave out what no template says.`,
    };
  });
}

/** Whether the calendar knows every place whose holidays are to be kept. Throws `settings_invalid` with those it does not. */
export async function checkHolidayPlaces(
  { holidays }: Pick<Deps, 'holidays'>,
  { holidayPlaces = [] }: Partial<CampaignRow>,
): Promise<void> {
  const unknown: string[] = [];
  for (const place of holidayPlaces) if (!(await holidays.knows(place))) unknown.push(place);
  if (unknown.length === 0) return;
  const sentence = `No public holidays are known for ${unknown.join(', ')}; choose another place, or give the dates one by one.`;
  const problem = { setting: 'holidayPlaces', field: 'holiday_places', sentence };
  throw new Refusal('settings_invalid', { problems: [problem] });
}

/** A number to call and text from as it is stored; null for none. Throws `settings_invalid` for what is no number. */
export function checkSender(given: string | null, defaultCountry: string): string | null {
  if (!given?.trim()) return null;
  const checked = toE164(given, defaultCountry);
  if (checked.ok) return checked.phoneNumber;
  const sentence = `The number to send from cannot be used: ${PHONE_PROBLEMS[checked.reason]}`;
  throw new Refusal('settings_invalid', { problems: [{ field: 'from_number', sentence }] });
}

/** An assistant that somebody chose: active, and of this workspace. Throws `assistant_not_found`. */
export async function checkAssistantChoice(
  executor: Executor,
  workspaceId: number,
  assistantId: number,
): Promise<AssistantRow> {
  const assistant = await readAssistant(executor, workspaceId, assistantId);
  if (!assistant?.isActive) throw new Refusal('assistant_not_found', { wanted: `#${assistantId}` });
  return assistant;
}

function checkTemplates(fields: CampaignFields): Partial<CampaignRow> {
  const columns: Partial<CampaignRow> = {};
  for (const template of Object.keys(CAMPAIGN_TEMPLATES) as CampaignTemplate[]) {
    const text = fields[template];
    if (text === undefined) continue;
    const check = text ? checkTemplate(text) : null;
    if (check && !check.ok) {
      const { words } = CAMPAIGN_TEMPLATES[template];
      throw new Refusal('template_invalid', { problem: check.problem.message, words, template });
    }
    columns[template] = text;
  }
  return columns;
}
