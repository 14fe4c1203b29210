import { type CampaignRow, keepResultsDue } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { drawResultCard } from './draw-result-card.ts';

/** Tells the thread what came of a run, and has the results file follow. */
export async function announceResult(deps: Deps, tx: Transaction, campaign: CampaignRow): Promise<void> {
  const key = `result:${campaign.id}:${campaign.runNumber}:${campaign.version}`;
  await announce(tx, deps, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    channelId: campaign.channelId,
    key,
    content: await drawResultCard(deps, tx, { campaignId: campaign.id }),
  });
  if (!campaign.channelId) return;
  await keepResultsDue(tx, campaign.id, deps.clock.now());
  await enqueue(
    tx,
    deps.clock,
    'send_results',
    { campaignId: campaign.id },
    { key: `results:${campaign.id}` },
  );
}
