import { lockCampaign } from '#db/claims.ts';
import type { Actor } from '#domain/actor.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import { beginNextRun } from './begin-next-run.ts';
import type { Deps } from './deps.ts';
import { hasMovedOn, lockOrRefuse } from './lock-or-refuse.ts';
import { moveCampaign } from './move-campaign.ts';
import { voidApproval } from './void-approval.ts';

/**
 * Takes the schedule from a scheduled campaign: it is a draft again and starts only when somebody starts it (campaign-api
 * §1.6). One that rests between two runs becomes the draft of its next run. A click on an older version changes nothing.
 * Throws `wrong_status` for a campaign that is not scheduled.
 */
export async function unscheduleCampaign(
  deps: Deps,
  { campaignId, actor, expectedVersion }: { campaignId: number; actor: Actor; expectedVersion?: number },
): Promise<{ status: CampaignStatus; changed: boolean }> {
  return deps.db.transaction(async (tx) => {
    const locked = await lockOrRefuse(tx, campaignId);
    if (hasMovedOn(locked.campaign, expectedVersion))
      return { status: locked.campaign.status, changed: false };
    const ready = await beginNextRun(deps, tx, locked);
    const status = await moveCampaign(deps, tx, ready, { move: 'unschedule', actor });
    const { campaign } = (await lockCampaign(tx, campaignId)) ?? ready;
    await voidApproval(deps, tx, { campaign, actor, did: 'took the schedule away' });
    return { status, changed: true };
  });
}
