import { lockCampaign } from '#db/claims.ts';
import type { Actor } from '#domain/actor.ts';
import type { CampaignStatus, Move } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { checkLaunch } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { moveCampaign } from './move-campaign.ts';

export type ChangeStatusInput = {
  campaignId: number;
  move: Move;
  actor: Actor;
  /** The version that the person saw; a click on an older one changes nothing. */
  expectedVersion?: number;
};

/**
 * Starts, pauses, resumes or cancels a campaign on somebody's wish. A click that comes late or twice finds the version
 * moved on and changes nothing; starting and resuming are refused with a sentence when something is missing.
 */
export async function changeStatus(
  deps: Deps,
  { campaignId, move, actor, expectedVersion }: ChangeStatusInput,
): Promise<{ status: CampaignStatus; changed: boolean }> {
  if (move === 'start' || move === 'resume') await checkLaunch(deps, campaignId, move);
  return deps.db.transaction(async (tx) => {
    const locked = await lockCampaign(tx, campaignId);
    if (!locked) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
    if (expectedVersion !== undefined && locked.campaign.version !== expectedVersion) {
      return { status: locked.campaign.status, changed: false };
    }
    return { status: await moveCampaign(deps, tx, locked, { move, actor }), changed: true };
  });
}
