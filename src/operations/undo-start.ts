import { lockCampaign } from '#db/claims.ts';
import { countRunAttempts } from '#db/schedules.ts';
import type { Actor } from '#domain/actor.ts';
import { type CampaignStatus, describeStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { askAboutStart } from './ask-about-start.ts';
import type { Deps } from './deps.ts';
import { lockOrRefuse } from './lock-or-refuse.ts';
import { moveCampaign } from './move-campaign.ts';

/**
 * Takes a start back while nobody can have been contacted: the campaign is what it was before, a draft or scheduled. A
 * scheduled time that has come meanwhile asks first instead of starting right away. Throws `undo_too_late` once the time to
 * take it back is over, or when it does not run.
 */
export async function undoStart(
  deps: Deps,
  { campaignId, actor }: { campaignId: number; actor: Actor },
): Promise<{ status: CampaignStatus }> {
  return deps.db.transaction(async (tx) => {
    const locked = await lockOrRefuse(tx, campaignId);
    const { campaign } = locked;
    const now = deps.clock.now();
    const isInTime = campaign.status === 'running' && campaign.undoUntil !== null && now < campaign.undoUntil;
    if (!isInTime || (await countRunAttempts(tx, campaign)) > 0)
      throw new Refusal('undo_too_late', { state: describeStatus(campaign.status) });
    const move = campaign.scheduleType === 'immediate' ? 'withdraw' : 'put_back';
    const status = await moveCampaign(deps, tx, locked, { move, actor });
    const put = move === 'put_back' ? await lockCampaign(tx, campaignId) : null;
    const dueAt = put?.campaign.nextRunAt;
    if (put && dueAt && dueAt <= now)
      await askAboutStart(deps, tx, put.campaign, { dueAt, missed: 0, problem: { kind: 'late' } });
    return { status };
  });
}
