import type { CampaignRow } from '#db/campaigns.ts';
import type { Counts } from '#domain/metrics.ts';
import { scheduleLine } from '#domain/schedule-words.ts';
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
> & {
  counts: Counts;
  /** When it runs, as a sentence; null for one that starts when somebody starts it. */
  schedule: string | null;
};

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
    schedule: scheduleLine(campaign),
  };
}
