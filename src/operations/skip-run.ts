import { changeCampaign } from '#db/campaigns.ts';
import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, nameOf } from '#domain/actor.ts';
import { type CampaignStatus, describeStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { followingRunAt } from '#domain/schedule.ts';
import type { Deps } from './deps.ts';
import { hasMovedOn, lockOrRefuse } from './lock-or-refuse.ts';
import { moveCampaign } from './move-campaign.ts';
import { nextWords, wordsOfRun } from './tell-skipped-run.ts';
import { recordDeed, tellThread } from './tell-thread.ts';
import { touchCard, wakeForRun } from './wake-campaign.ts';

/**
 * Leaves out the next run of a scheduled recurring campaign, or the one that waits for a decision; it goes on with the run
 * after it. Where that was the last one the campaign is completed. A click on an older version changes nothing. Throws
 * `nothing_to_skip` for one that has no run to leave out.
 */
export async function skipRun(
  deps: Deps,
  { campaignId, actor, expectedVersion }: { campaignId: number; actor: Actor; expectedVersion?: number },
): Promise<{ status: CampaignStatus; changed: boolean }> {
  return deps.db.transaction(async (tx) => {
    const locked = await lockOrRefuse(tx, campaignId);
    const { status, scheduleType, nextRunAt } = locked.campaign;
    if (hasMovedOn(locked.campaign, expectedVersion)) return { status, changed: false };
    if (status !== 'scheduled' || scheduleType !== 'recurring' || !nextRunAt)
      throw new Refusal('nothing_to_skip', { state: describeStatus(status) });
    return { status: await leaveOut(deps, tx, locked, { skippedAt: nextRunAt, actor }), changed: true };
  });
}

async function leaveOut(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
  { skippedAt, actor }: { skippedAt: Date; actor: Actor },
): Promise<CampaignStatus> {
  const now = deps.clock.now();
  const { id } = locked.campaign;
  const nextRunAt = followingRunAt(locked.campaign, skippedAt < now ? now : skippedAt);
  const campaign = await changeCampaign(tx, id, ['scheduled'], { nextRunAt, hold: null, updatedAt: now });
  if (!campaign) throw new Error(`campaign ${id} moved although it was locked`);
  await recordDeed(deps, tx, campaign, {
    actor,
    kind: 'campaign_run_skipped',
    details: { skippedAt, nextRunAt },
  });
  await tellThread(deps, tx, campaign, {
    key: `run-left-out:${campaign.version}`,
    level: 'info',
    text: `${nameOf(actor)} skipped the run that was due ${wordsOfRun(campaign, skippedAt)}: nobody was contacted. ${nextWords(campaign)}`,
    actor,
  });
  await touchCard(tx, deps, id);
  if (nextRunAt) {
    await wakeForRun(tx, deps, id, nextRunAt);
    return campaign.status;
  }
  return moveCampaign(deps, tx, { ...locked, campaign }, { move: 'finish', actor: { kind: 'system' } });
}
