import { countTextsToCampaign, textsToCampaign } from '#db/inbound-texts.ts';
import type { Deps } from './deps.ts';
import { ownCampaign } from './own-campaign.ts';

/**
 * A page of what people texted back to a campaign, the newest first, and how many texts there are. Throws
 * `campaign_not_found`.
 */
export async function findReplies(
  deps: Pick<Deps, 'db'>,
  asked: { workspaceId: number; campaignId: number; page: { limit: number; offset: number } },
) {
  await ownCampaign(deps, asked);
  const { campaignId, page } = asked;
  const total = await countTextsToCampaign(deps.db, campaignId);
  const rows = await textsToCampaign(deps.db, campaignId, page);
  const replies = rows.map(({ text, variableValues }) => ({
    ...text,
    contactName: variableValues?.name ?? null,
  }));
  return { total, replies };
}
