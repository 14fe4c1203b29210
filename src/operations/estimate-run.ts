import { readCampaign } from '#db/campaigns.ts';
import { readTriedPlaces } from '#db/preflight.ts';
import { keepEstimate } from '#db/spend.ts';
import type { Deps } from './deps.ts';
import { audienceOf } from './preflight.ts';
import { measureMessages, runCost } from './run-cost.ts';
import { touchCard } from './wake-campaign.ts';

/**
 * Keeps what a run that has just begun is expected to cost, with the contacts that this is for, as the pre-flight counts them, so that what it really costs
 * can be held against it. Once for each run; done beside the dispatch, because rendering takes longer than a claim may.
 */
export async function estimateRun(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  const startedAt = row?.campaign.startedAt;
  if (!startedAt || row.campaign.estimateContacts !== null) return;
  const { reachable } = await audienceOf(deps, row, deps.clock.now());
  const people = [...reachable, ...(await readTriedPlaces(deps.db, { id: campaignId, startedAt }))];
  const { texts } = await measureMessages(deps, row);
  const { all } = await runCost(deps, row.campaign, people, texts.segmentsEach);
  const contacts = people.reduce((sum, group) => sum + group.contacts, 0);
  const { low, high } = all;
  if (await keepEstimate(deps.db, row.campaign, { low, high, contacts }))
    await touchCard(deps.db, deps, campaignId);
}
