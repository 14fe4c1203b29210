import { listCampaignRecords } from '#db/campaign-records.ts';
import { readCampaign } from '#db/campaigns.ts';
import { nearestWord } from '#domain/nearest-word.ts';
import { Refusal } from '#domain/refusal.ts';
import { type CampaignSummary, summaryOf } from './campaign-summary.ts';
import type { Deps } from './deps.ts';

const MOST_MATCHES = 25;

/**
 * The campaigns that somebody may mean by these words: the one with this number, else those with exactly this name, else
 * those whose name contains it. None throws `campaign_not_found` with the nearest name.
 */
export async function findCampaigns(
  deps: Pick<Deps, 'db'>,
  { workspaceId, words }: { workspaceId: number; words: string },
): Promise<CampaignSummary[]> {
  const wanted = words.trim();
  const id = /^#?(\d{1,9})$/.exec(wanted)?.[1];
  if (id) {
    const row = await readCampaign(deps.db, Number(id));
    if (row && row.campaign.workspaceId === workspaceId) return [summaryOf(row)];
  }
  const { records } = await listCampaignRecords(
    deps.db,
    { workspaceId, named: wanted },
    { limit: MOST_MATCHES, offset: 0 },
  );
  const exact = records.filter((row) => row.campaign.name.toLowerCase() === wanted.toLowerCase());
  const found = exact.length > 0 ? exact : records;
  if (found.length > 0) return found.map(summaryOf);
  throw new Refusal('campaign_not_found', { wanted, nearest: await nearestName(deps, workspaceId, wanted) });
}

async function nearestName(
  deps: Pick<Deps, 'db'>,
  workspaceId: number,
  wanted: string,
): Promise<string | null> {
  const { records } = await listCampaignRecords(deps.db, { workspaceId }, { limit: 200, offset: 0 });
  return (
    nearestWord(
      wanted,
      records.map((row) => row.campaign.name),
    ) ?? null
  );
}
