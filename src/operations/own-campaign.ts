import { type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

export type OwnCampaign = CampaignWithCounts;

/** A campaign of one's own workspace, with its counts. Throws `campaign_not_found`, also for one of another workspace. */
export async function ownCampaign(
  deps: Pick<Deps, 'db'>,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
): Promise<OwnCampaign> {
  const row = await readCampaign(deps.db, campaignId);
  if (row?.campaign.workspaceId !== workspaceId)
    throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return row;
}
