import {
  type CampaignRecord,
  listCampaignRecords as listRecords,
  type RecordFilter,
} from '#db/campaign-records.ts';
import type { CallActivity, RunCost } from '#domain/metrics.ts';
import type { Deps } from './deps.ts';
import { readProgress } from './show-progress.ts';

/** A campaign with what its present run came to. */
export type ListedCampaign = CampaignRecord & { activity: CallActivity; cost: RunCost };

/** A page of a workspace's campaigns, newest first, with the figures of their present runs. */
export async function listCampaignRecords(
  deps: Pick<Deps, 'db' | 'clock'>,
  { limit, offset, ...filter }: RecordFilter & { limit: number; offset: number },
): Promise<{ campaigns: ListedCampaign[]; total: number }> {
  const { records, total } = await listRecords(deps.db, filter, { limit, offset });
  const ids = records.map(({ campaign }) => campaign.id);
  const figures = new Map((await readProgress(deps, ids)).map((row) => [row.campaignId, row]));
  // One that was deleted between the two reads is no longer there to be shown.
  const campaigns = records.flatMap((record) => {
    const row = figures.get(record.campaign.id);
    return row
      ? [{ ...record, counts: { ...record.counts, ...row.counts }, activity: row.activity, cost: row.cost }]
      : [];
  });
  return { campaigns, total };
}
