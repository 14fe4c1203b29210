import { readCampaign } from '#db/campaigns.ts';
import { Refusal } from '#domain/refusal.ts';
import { describeSpending } from '#domain/spending.ts';
import type { Deps } from './deps.ts';
import { readSpending } from './read-spending.ts';

/** What the present run of a campaign has spent, as sentences. Throws `campaign_not_found`. */
export async function showSpending(
  { db }: Pick<Deps, 'db'>,
  { campaignId }: { campaignId: number },
): Promise<string[]> {
  const row = await readCampaign(db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return describeSpending(await readSpending(db, row.campaign));
}
