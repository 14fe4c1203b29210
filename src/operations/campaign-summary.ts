import type { CampaignRow } from '#db/campaigns.ts';
import type { Counts } from '#domain/metrics.ts';
import { countsOf } from './draw-campaign-card.ts';

/** A campaign as a list shows it. */
export type CampaignSummary = Pick<
  CampaignRow,
  | 'id'
  | 'workspaceId'
  | 'name'
  | 'campaignType'
  | 'status'
  | 'version'
  | 'channelId'
  | 'createdBy'
  | 'createdAt'
> & { counts: Counts };

/** The summary of a row. */
export function summaryOf({
  campaign,
  counts,
}: {
  campaign: CampaignRow;
  counts: Parameters<typeof countsOf>[0];
}): CampaignSummary {
  const { id, workspaceId, name, campaignType, status, version, channelId, createdBy, createdAt } = campaign;
  return {
    id,
    workspaceId,
    name,
    campaignType,
    status,
    version,
    channelId,
    createdBy,
    createdAt,
    counts: countsOf(counts),
  };
}
