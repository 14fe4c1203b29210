import { changeCampaign, readCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import { placeCard } from '#db/cards.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { CAMPAIGN_STATUSES } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { touchCard } from './wake-campaign.ts';

/** Gives a campaign its card in a channel, anew where it was lost; its thread follows it there. */
export async function postCard(
  deps: Deps,
  { campaignId, channelId, actor }: { campaignId: number; channelId: string; actor: Actor },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const row = await readCampaign(tx, campaignId);
    if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
    if (row.campaign.channelId !== channelId) {
      await changeCampaign(tx, campaignId, [...CAMPAIGN_STATUSES], { channelId });
    }
    await placeCard(tx, campaignId, channelId);
    await recordCampaignEvent(tx, {
      workspaceId: row.campaign.workspaceId,
      campaignId,
      actor: actorText(actor),
      kind: 'card_posted',
      details: { channelId, before: row.campaign.channelId },
      createdAt: deps.clock.now(),
    });
    await touchCard(tx, deps, campaignId);
  });
}
