import { listCampaignRecords } from '#db/campaign-records.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import { type CampaignSummary, summaryOf } from './campaign-summary.ts';
import type { Deps } from './deps.ts';

/** Campaigns of a workspace, newest first. */
export async function listCampaigns(
  deps: Pick<Deps, 'db'>,
  {
    limit,
    offset,
    ...filter
  }: { workspaceId: number; limit: number; offset: number; status?: CampaignStatus },
): Promise<{ campaigns: CampaignSummary[]; total: number }> {
  const { records, total } = await listCampaignRecords(deps.db, filter, { limit, offset });
  return { campaigns: records.map(summaryOf), total };
}
