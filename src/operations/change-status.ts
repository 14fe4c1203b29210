import type { Actor } from '#domain/actor.ts';
import type { CampaignStatus, Move } from '#domain/lifecycle.ts';
import { UNDO_REAL_MS } from '#domain/schedule.ts';
import { beginNextRun } from './begin-next-run.ts';
import { checkLaunch, checkUnchanged } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { hasMovedOn, lockOrRefuse } from './lock-or-refuse.ts';
import { moveCampaign } from './move-campaign.ts';

export type ChangeStatusInput = {
  campaignId: number;
  move: Move;
  actor: Actor;
  /** The version that the person saw; a click on an older one changes nothing. */
  expectedVersion?: number;
  /** A start that can be taken back: nobody is contacted in its first 10 real seconds. */
  withUndo?: boolean;
  /** Of a client that may send the same request again; kept with the event. */
  requestKey?: string | undefined;
};

/**
 * Starts, pauses, resumes or cancels a campaign on somebody's wish. A click that comes late or twice finds the version
 * moved on and changes nothing; starting and resuming are refused with a sentence when something is missing. Starting a
 * recurring campaign that rests between two runs begins the next one.
 */
export async function changeStatus(
  deps: Deps,
  { campaignId, move, actor, expectedVersion, withUndo = false, requestKey }: ChangeStatusInput,
): Promise<{ status: CampaignStatus; changed: boolean }> {
  const details = requestKey ? { requestKey } : {};
  const isLaunch = move === 'start' || move === 'resume';
  if (isLaunch) await checkLaunch(deps, campaignId, move);
  return deps.db.transaction(async (tx) => {
    const locked = await lockOrRefuse(tx, campaignId);
    if (hasMovedOn(locked.campaign, expectedVersion)) {
      return { status: locked.campaign.status, changed: false };
    }
    if (isLaunch) await checkUnchanged(tx, locked);
    if (move !== 'start')
      return { status: await moveCampaign(deps, tx, locked, { move, actor, details }), changed: true };
    const ready = await beginNextRun(deps, tx, locked);
    const changes = withUndo ? { undoUntil: deps.clock.realDelay(UNDO_REAL_MS) } : {};
    return { status: await moveCampaign(deps, tx, ready, { move, actor, changes, details }), changed: true };
  });
}
