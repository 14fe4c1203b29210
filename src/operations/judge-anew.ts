import { campaignIdsIn } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import { wakeWaitingForHours } from '#db/contacts.ts';
import { lockUnasked } from '#db/ledger.ts';
import type { Deps } from './deps.ts';
import { endAttempts } from './end-attempts.ts';
import { wakeCampaign } from './wake-campaign.ts';

/**
 * Has everybody judged anew whom a running or paused campaign of a workspace judged by rules that have changed: whoever waits
 * for hours that the old ones found, and whoever may be contacted by them and has not been yet. Claims that follow judge by
 * the rules of their moment.
 */
export async function judgeAnew(deps: Deps, workspaceId: number): Promise<void> {
  const campaignIds = await campaignIdsIn(deps.db, workspaceId, ['running', 'paused']);
  for (const campaignId of campaignIds) await takeBackUnasked(deps, campaignId);
  for (const campaignId of campaignIds) {
    await deps.db.transaction(async (tx) => {
      const locked = await lockCampaign(tx, campaignId);
      const status = locked?.campaign.status;
      if (status !== 'running' && status !== 'paused') return;
      await wakeWaitingForHours(tx, campaignId, deps.clock.now());
      if (status === 'running') await wakeCampaign(tx, deps, campaignId);
    });
  }
}

/** Under the campaign's lock, so that a claim by the old rules that is under way is waited for. */
async function takeBackUnasked(deps: Deps, campaignId: number): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await lockCampaign(tx, campaignId);
    const ids = await lockUnasked(tx, campaignId);
    await endAttempts(
      deps,
      tx,
      ids.map((id) => ({ id, outcome: 'withdrawn', ref: null, status: null, refusal: null })),
    );
  });
}
