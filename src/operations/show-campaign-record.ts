import { type CampaignRecord, readCampaignRecord } from '#db/campaign-records.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

export type { CampaignRecord };

/** A campaign of one's own workspace as the API shows it. Throws `campaign_not_found`, also for one of another workspace. */
export async function showCampaignRecord(
  deps: Pick<Deps, 'db'>,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
): Promise<CampaignRecord> {
  const record = await readCampaignRecord(deps.db, workspaceId, campaignId);
  if (!record) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return record;
}
