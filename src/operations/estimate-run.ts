import { readCampaign } from '#db/campaigns.ts';
import { readRunPrefixes } from '#db/preflight.ts';
import { keepEstimate } from '#db/spend.ts';
import type { Deps } from './deps.ts';
import { measureMessages, runCost } from './run-cost.ts';
import { touchCard } from './wake-campaign.ts';

/**
 * Keeps what a run that has just begun is expected to cost, with the contacts that this is for, so that what it really costs
 * can be held against it. Once for each run; done beside the dispatch, because rendering takes longer than a claim may.
 */
export async function estimateRun(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row?.campaign.startedAt || row.campaign.estimateContacts !== null) return;
  const people = await readRunPrefixes(deps.db, row.campaign);
  const { texts } = await measureMessages(deps, row);
  const { all } = await runCost(deps, row.campaign, people, texts.segmentsEach);
  const contacts = people.reduce((sum, group) => sum + group.contacts, 0);
  const { low, high } = all;
  if (await keepEstimate(deps.db, row.campaign, { low, high, contacts }))
    await touchCard(deps.db, deps, campaignId);
}
