import { insertCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import { placeCard } from '#db/cards.ts';
import { readWorkspace } from '#db/workspaces.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import { type CampaignFields, checkCampaignFields } from './check-campaign-fields.ts';
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
 * Makes a draft and asks for its card in the channel. Throws `settings_invalid` or `template_invalid` with every problem
 * in words; the same `creationKey` gives the campaign that it made the first time.
 */
export async function createCampaign(
  deps: Deps,
  input: CreateCampaignInput,
): Promise<{ campaignId: number }> {
  const workspace = await readWorkspace(deps.db, input.workspaceId);
  if (!workspace) throw new Refusal('not_allowed', { doing: 'create campaigns here', roles: [] });
  const columns = checkCampaignFields(input);
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const made = await insertCampaign(tx, {
      timeZone: workspace.timeZone,
      ...columns,
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
