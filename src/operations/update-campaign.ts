import { isDeepStrictEqual } from 'node:util';
import { type CampaignRow, changeCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { wakeWaitingForHours } from '#db/contacts.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { labelOf } from '#domain/approval.ts';
import { voicemailProblems } from '#domain/call-settings.ts';
import { canEdit, wrongStatus } from '#domain/lifecycle.ts';
import { DEFAULT_MIXED, type MixedSettings } from '#domain/mixed.ts';
import { listWords } from '#domain/phrases.ts';
import { Refusal } from '#domain/refusal.ts';
import { hoursOf } from '#domain/settings.ts';
import {
  type CampaignFields,
  checkAssistantChoice,
  checkCampaignFields,
  checkHolidayPlaces,
  checkSender,
} from './check-campaign-fields.ts';
import type { Deps } from './deps.ts';
import { lockOrRefuse } from './lock-or-refuse.ts';
import { voidApproval } from './void-approval.ts';
import { touchCard } from './wake-campaign.ts';

/** A change of these makes whoever waits for their hours be judged anew. */
const HOURS = [
  'allowedHours',
  'additionalHours',
  'timeZone',
  'contactTimeZone',
  'holidayPlaces',
  'pauseDates',
  'endOfDay',
  'textExpiryHours',
  'excludeContactedDays',
];

/** What it contacts people with cannot be changed, so naming it is only right where it is that already. */
export type CampaignChanges = CampaignFields & { campaignType?: CampaignRow['campaignType'] | undefined };

/**
 * Changes a draft or a paused campaign (campaign-api §7.24). Throws `wrong_status` otherwise, and what is wrong with the
 * fields in words; nothing is saved then. The order of the channels of a mixed campaign stands once it has run. What is as
 * it was counts for nothing: a form that is saved untouched changes no version and ends no approval.
 */
export async function updateCampaign(
  deps: Deps,
  { campaignId, actor, changes }: { campaignId: number; actor: Actor; changes: CampaignChanges },
): Promise<{ version: number }> {
  const wanted = checkCampaignFields(changes);
  await checkHolidayPlaces(deps, wanted);
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const locked = await lockOrRefuse(tx, campaignId);
    const { campaign, workspace } = locked;
    if (!canEdit(campaign.status)) throw wrongStatus('edit', campaign.status);
    if (wanted.fromNumber) wanted.fromNumber = checkSender(wanted.fromNumber, workspace.defaultCountry);
    await checkAgainst(tx, campaign, { campaignType: changes.campaignType, ...wanted });
    const columns = differing(campaign, wanted);
    if (Object.keys(columns).length === 0) return { version: campaign.version };
    const changed = await changeCampaign(tx, campaignId, [campaign.status], { ...columns, updatedAt: now });
    if (!changed) throw new Error(`campaign ${campaignId} moved although it was locked`);
    if (HOURS.some((field) => field in columns)) await wakeWaitingForHours(tx, campaignId, now);
    await voidApproval(deps, tx, { campaign: changed, actor, did: `changed ${namesOf(columns)}` });
    await recordCampaignEvent(tx, {
      workspaceId: changed.workspaceId,
      campaignId,
      actor: actorText(actor),
      kind: 'campaign_updated',
      details: { fields: Object.keys(columns) },
      createdAt: now,
    });
    await touchCard(tx, deps, campaignId);
    return { version: changed.version };
  });
}

/** Of what is wanted, what is not so already. */
function differing(campaign: CampaignRow, wanted: Partial<CampaignRow>): Partial<CampaignRow> {
  // A campaign without hours of its own keeps the usual ones: to send those is to change nothing.
  const before = { ...campaign, allowedHours: hoursOf(campaign.allowedHours) };
  const isNew = ([field, value]: [string, unknown]) =>
    !isDeepStrictEqual(value, before[field as keyof CampaignRow]);
  return Object.fromEntries(Object.entries(wanted).filter(isNew));
}

/** What can only be judged together with what already stands. */
async function checkAgainst(
  tx: Transaction,
  campaign: CampaignRow,
  { campaignType, ...columns }: Partial<CampaignRow>,
): Promise<void> {
  const { assistantId, mixedSettings } = columns;
  if (assistantId && assistantId !== campaign.assistantId)
    await checkAssistantChoice(tx, campaign.workspaceId, assistantId);
  const problems: { field: string; sentence: string }[] = voicemailProblems({ ...campaign, ...columns });
  const first = (settings: MixedSettings | null) => (settings ?? DEFAULT_MIXED).first;
  const isReordered = mixedSettings !== undefined && first(mixedSettings) !== first(campaign.mixedSettings);
  // Whoever waits for the second channel would have it taken for the first, and get the other one twice.
  if (isReordered && campaign.status === 'paused') problems.push(REORDERED);
  if (campaignType && campaignType !== campaign.campaignType) problems.push(OTHER_TYPE);
  if (problems.length > 0) throw new Refusal('settings_invalid', { problems });
}

const OTHER_TYPE = {
  field: 'campaign_type',
  sentence: 'What a campaign contacts people with cannot be changed: make a new one for that.',
};
const REORDERED = {
  setting: 'mixedSettings',
  field: 'mixed_settings',
  sentence: 'Which channel comes first cannot be changed once the campaign has run.',
};

/** What was changed, as people call it: “text message and hours”. */
function namesOf(columns: Partial<CampaignRow>): string {
  const names = Object.keys(columns).map((field) => labelOf(field).toLowerCase());
  if (names.length > 4) return `${names.slice(0, 3).join(', ')} and ${names.length - 3} more settings`;
  return listWords(names) || 'nothing';
}
