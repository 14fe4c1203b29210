import { begunCampaignIds } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import { wakeWaitingForHours } from '#db/contacts.ts';
import type { Deps } from './deps.ts';
import { wakeCampaign } from './wake-campaign.ts';

/**
 * Has everybody who waits for hours in a running or paused campaign of a workspace judged anew, after its rules were made
 * looser: what they wait for was found by the old ones. Tighter rules need nothing, since every claim judges by the rules of its moment.
 */
export async function judgeAnew(deps: Deps, workspaceId: number): Promise<void> {
  for (const campaignId of await begunCampaignIds(deps.db, workspaceId)) {
    await deps.db.transaction(async (tx) => {
      const locked = await lockCampaign(tx, campaignId);
      const status = locked?.campaign.status;
      if (status !== 'running' && status !== 'paused') return;
      await wakeWaitingForHours(tx, campaignId, deps.clock.now());
      if (status === 'running') await wakeCampaign(tx, deps, campaignId);
    });
  }
}
