import { type CampaignRow, readCampaign } from '#db/campaigns.ts';
import type { Counts } from '#domain/metrics.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { countsOf } from './draw-campaign-card.ts';

export type CampaignDetail = CampaignRow & { counts: Counts };

/** Everything about one campaign. Throws `campaign_not_found`. */
export async function showCampaign(
  deps: Pick<Deps, 'db'>,
  { campaignId }: { campaignId: number },
): Promise<CampaignDetail> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return { ...row.campaign, counts: countsOf(row.counts) };
}
