import type { CampaignRow } from '#db/campaigns.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { checkCallSettings, voicemailProblems } from '#domain/call-settings.ts';
import { CAMPAIGN_TEMPLATES, type CampaignTemplate } from '#domain/campaign-templates.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkSettings } from '#domain/settings.ts';
import {
  type CampaignFields,
  checkCampaignFields,
  checkHolidayPlaces,
  checkSender,
} from './check-campaign-fields.ts';
import { refuseLawlessHours } from './check-hours.ts';
import type { Deps } from './deps.ts';

type FieldProblem = { field: string; sentence: string };

export type ReviewInput = {
  workspaceId: number;
  fields: CampaignFields;
  /** The one that would be changed; null: one that would be made. */
  campaign: CampaignRow | null;
};

const TEMPLATES = Object.keys(CAMPAIGN_TEMPLATES) as CampaignTemplate[];
const HOURS = ['allowedHours', 'additionalHours', 'timeZone'] as const;

/**
 * Everything that is wrong with what somebody wants to set on a campaign, each in the words of the verb that would refuse
 * it: whoever sends many fields mends them at once.
 */
export async function reviewCampaignFields(deps: Deps, input: ReviewInput): Promise<FieldProblem[]> {
  const { fields } = input;
  const others = Object.entries(fields).filter(([name]) => !TEMPLATES.includes(name as CampaignTemplate));
  const checks: (() => unknown)[] = [
    () => checkCampaignFields(Object.fromEntries(others)),
    ...TEMPLATES.map((name) => () => checkCampaignFields({ [name]: fields[name] })),
    () => checkPlaces(deps, fields),
    () => checkNumber(deps, input),
    () => checkLaw(deps, input),
    () => checkVoicemail(input),
  ];
  const problems: FieldProblem[] = [];
  for (const check of checks) problems.push(...(await problemsOf(check)));
  return problems;
}

async function problemsOf(check: () => unknown): Promise<FieldProblem[]> {
  try {
    await check();
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const details: object = error.details;
    if (error.code === 'settings_invalid') return (details as { problems: FieldProblem[] }).problems;
    const { template } = details as { template?: CampaignTemplate };
    if (!template) throw error;
    return [{ field: CAMPAIGN_TEMPLATES[template].field, sentence: error.message }];
  }
}

/** Places that are none at all, or too many to look up, are refused with the other settings. */
async function checkPlaces(deps: Deps, { settings: given }: CampaignFields): Promise<void> {
  if (given?.holidayPlaces === undefined) return;
  const checked = checkSettings({ holidayPlaces: given.holidayPlaces });
  if (checked.ok) await checkHolidayPlaces(deps, checked.settings);
}

async function checkNumber(deps: Deps, { workspaceId, fields }: ReviewInput): Promise<void> {
  const workspace = fields.fromNumber ? await readWorkspace(deps.db, workspaceId) : null;
  if (workspace && fields.fromNumber) checkSender(fields.fromNumber, workspace.defaultCountry);
}

/** Looks at the hours as they would be, where anything about them is to be set. */
async function checkLaw(deps: Deps, { workspaceId, fields, campaign }: ReviewInput): Promise<void> {
  const given = fields.settings ?? {};
  if (!HOURS.some((name) => given[name] !== undefined)) return;
  const settings = HOURS.flatMap((name) => {
    const value = given[name] ?? campaign?.[name];
    return value === undefined ? [] : [[name, value]];
  });
  await refuseLawlessHours(deps, { workspaceId, settings: Object.fromEntries(settings) });
}

function checkVoicemail({ fields, campaign }: ReviewInput): void {
  const calls = checkCallSettings(fields);
  if (!calls.ok) return;
  const before = campaign ?? {
    enableVoicemailDetection: true,
    leaveVoicemail: false,
    voicemailMessage: null,
  };
  const { voicemailMessage = before.voicemailMessage } = fields;
  const problems = voicemailProblems({ ...before, ...calls.settings, voicemailMessage });
  if (problems.length > 0) throw new Refusal('settings_invalid', { problems });
}
