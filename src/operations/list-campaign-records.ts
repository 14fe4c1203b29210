import {
  type CampaignRecord,
  listCampaignRecords as listRecords,
  type RecordFilter,
  readRunFigures,
} from '#db/campaign-records.ts';
import type { CallActivity } from '#domain/metrics.ts';
import type { Deps } from './deps.ts';

/** A campaign with what its present run came to; money in micro-dollars, as the provider charged it. */
export type ListedCampaign = CampaignRecord & { figures: CallActivity & { actualMicros: number } };

const NOTHING_YET = { callsPlaced: 0, callsAnswered: 0, answeredSeconds: 0, actualMicros: 0 };

/** A page of a workspace's campaigns, newest first, with the figures of their present runs. */
export async function listCampaignRecords(
  deps: Pick<Deps, 'db'>,
  { limit, offset, ...filter }: RecordFilter & { limit: number; offset: number },
): Promise<{ campaigns: ListedCampaign[]; total: number }> {
  const { records, total } = await listRecords(deps.db, filter, { limit, offset });
  const figures = await readRunFigures(
    deps.db,
    records.map(({ campaign }) => campaign),
  );
  const campaigns = records.map((record) => ({
    ...record,
    figures: figures.get(record.campaign.id) ?? NOTHING_YET,
  }));
  return { campaigns, total };
}
