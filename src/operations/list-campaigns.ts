import { listCampaignRows } from '#db/campaigns.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import { type CampaignSummary, summaryOf } from './campaign-summary.ts';
import type { Deps } from './deps.ts';

/** Campaigns of a workspace, newest first. */
export async function listCampaigns(
  deps: Pick<Deps, 'db'>,
  input: { workspaceId: number; limit: number; offset: number; status?: CampaignStatus },
): Promise<{ campaigns: CampaignSummary[]; total: number }> {
  const { rows, total } = await listCampaignRows(deps.db, input, input);
  return { campaigns: rows.map(summaryOf), total };
}
