import { insertCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import { placeCard } from '#db/cards.ts';
import type { Transaction } from '#db/client.ts';
import { readWorkspace, type WorkspaceRow } from '#db/workspaces.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { voicemailProblems } from '#domain/call-settings.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { DEFAULT_MIXED } from '#domain/mixed.ts';
import { Refusal } from '#domain/refusal.ts';
import {
  type CampaignFields,
  checkAssistantChoice,
  checkCampaignFields,
  checkHolidayPlaces,
  checkSender,
} from './check-campaign-fields.ts';
import { chooseAssistant } from './choose-assistant.ts';
import type { Deps } from './deps.ts';
import { touchCard } from './wake-campaign.ts';

export type CreateCampaignInput = CampaignFields & {
  workspaceId: number;
  actor: Actor;
  /** The same submission sent twice makes one campaign. */
  creationKey: string;
  channelId: string | null;
  name: string;
  campaignType: 'call' | 'sms' | 'mixed';
};

/**
 * Makes a draft and asks for its card in the channel. One that calls has the assistant that is named, or the workspace's
 * first. Throws `settings_invalid` or `template_invalid` with every problem in words, and `assistant_not_found`; the same
 * `creationKey` gives the campaign that it made the first time.
 */
export async function createCampaign(
  deps: Deps,
  input: CreateCampaignInput,
): Promise<{ campaignId: number }> {
  const workspace = await readWorkspace(deps.db, input.workspaceId);
  if (!workspace) throw new Refusal('not_allowed', { doing: 'create campaigns here', roles: [] });
  const columns = checkCampaignFields(input);
  if (columns.fromNumber) columns.fromNumber = checkSender(columns.fromNumber, workspace.defaultCountry);
  await checkHolidayPlaces(deps, columns);
  const problems = voicemailProblems({
    enableVoicemailDetection: columns.enableVoicemailDetection ?? true,
    leaveVoicemail: columns.leaveVoicemail ?? false,
    voicemailMessage: columns.voicemailMessage ?? null,
  });
  if (problems.length > 0) throw new Refusal('settings_invalid', { problems });
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const made = await insertCampaign(tx, {
      timeZone: workspace.timeZone,
      ...(input.campaignType === 'mixed' ? { mixedSettings: DEFAULT_MIXED } : {}),
      ...columns,
      assistantId: await assistantFor(deps, tx, workspace, input),
      workspaceId: workspace.id,
      name: input.name.trim(),
      campaignType: input.campaignType,
      status: 'draft',
      channelId: input.channelId,
      creationKey: `${workspace.id}:${input.creationKey}`,
      createdBy: actorText(input.actor),
      createdAt: now,
      updatedAt: now,
    });
    if (!made) throw new Error('a campaign was neither made nor found');
    if (!made.isNew) return { campaignId: made.id };
    await recordCampaignEvent(tx, {
      workspaceId: workspace.id,
      campaignId: made.id,
      actor: actorText(input.actor),
      kind: 'campaign_created',
      createdAt: now,
    });
    if (input.channelId) await placeCard(tx, made.id, input.channelId);
    if (input.channelId) await touchCard(tx, deps, made.id);
    return { campaignId: made.id };
  });
}

async function assistantFor(
  deps: Deps,
  tx: Transaction,
  workspace: WorkspaceRow,
  { assistantId, campaignType }: CreateCampaignInput,
): Promise<number | null> {
  if (assistantId) return (await checkAssistantChoice(tx, workspace.id, assistantId)).id;
  return CHANNELS_OF[campaignType].calls ? chooseAssistant(deps, tx, workspace) : null;
}
