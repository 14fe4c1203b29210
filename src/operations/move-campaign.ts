import { type CampaignRow, changeCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { skipPending } from '#db/contacts.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { Hold } from '#domain/hold.ts';
import { type CampaignStatus, type Move, transition } from '#domain/lifecycle.ts';
import { scheduleAfter } from '#domain/schedule.ts';
import { announceMove } from './announce-move.ts';
import type { Deps } from './deps.ts';
import { tellSkippedRun } from './tell-skipped-run.ts';
import { estimateLater, takeBackLater, touchCard, wakeCampaign, wakeForRun } from './wake-campaign.ts';

/** `changes`: columns that belong to the move, such as a schedule; they are kept with its event, and so are `details`. */
export type MoveInput = {
  move: Move;
  actor: Actor;
  hold?: Hold | null;
  changes?: Partial<CampaignRow>;
  details?: Record<string, unknown>;
};

/**
 * Carries out one move of a locked campaign with everything that belongs to it, in the caller's transaction: the status,
 * its instants and its schedule, the contacts that a stop leaves behind (campaign-api §7.10), the event row, the card and
 * the milestone in the thread, the next dispatch and the next run. A recurring campaign that finishes rests until its next
 * run, while there is one. Returns the new status; throws a `Refusal` when the lifecycle does not allow it.
 */
export async function moveCampaign(
  deps: Deps,
  tx: Transaction,
  { campaign }: LockedCampaign,
  { move: wanted, actor, hold = null, changes = {}, details = {} }: MoveInput,
): Promise<CampaignStatus> {
  const now = deps.clock.now();
  const move = endingOf(wanted, campaign, now);
  const next = transition(campaign.status, move);
  if (!next.ok) throw next;
  const moved = await changeCampaign(tx, campaign.id, [campaign.status], {
    status: next.status,
    hold,
    updatedAt: now,
    ...instantsOf(move, next.status, campaign, now),
    ...scheduleAfter(move, campaign, now),
    ...changes,
  });
  if (!moved) throw new Error(`campaign ${campaign.id} moved although it was locked`);
  const stopped = next.status === 'cancelled' ? await skipPending(tx, campaign.id, 'campaign_stopped') : 0;
  await recordCampaignEvent(tx, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    actor: actorText(actor),
    kind: `campaign_${move}`,
    details: { from: campaign.status, to: next.status, hold, stopped, ...changes, ...details },
    createdAt: now,
  });
  const { nextRunAt: dueAt } = campaign;
  if (isEndOfRun(wanted, campaign) && dueAt && dueAt <= now)
    await tellSkippedRun(deps, tx, campaign, { dueAt, missed: 0, nextRunAt: moved.nextRunAt });
  await announceMove(deps, tx, moved, { move, actor, hold, stopped, before: campaign });
  await touchCard(tx, deps, campaign.id);
  if (moved.nextRunAt) await wakeForRun(tx, deps, campaign.id, moved.nextRunAt);
  if (next.status === 'running' && campaign.startedAt === null) await estimateLater(tx, deps, campaign.id);
  if (next.status === 'running') await wakeCampaign(tx, deps, campaign.id);
  else if (campaign.status === 'running' || campaign.status === 'paused')
    await takeBackCalls(deps, tx, campaign);
  return next.status;
}

/** What the provider has queued and not dialled yet is not to be dialled any more. */
async function takeBackCalls(deps: Deps, tx: Transaction, { id, campaignType }: LockedCampaign['campaign']) {
  if (campaignType !== 'sms') await takeBackLater(tx, deps, id);
}

/**
 * What a run begins with: how many are tried first, and no estimate of an earlier run. Whoever resumes one that stood still
 * after its first attempts goes on with everybody else.
 */
function beginningOf({ startedAt, hold, canarySize, canaryLeft }: CampaignRow): Partial<CampaignRow> {
  if (startedAt === null)
    return {
      canaryLeft: canarySize,
      estimateLowMicros: null,
      estimateHighMicros: null,
      estimateContacts: null,
    };
  const isTried = canaryLeft === 0 && (hold === null || hold.code === 'canary');
  return isTried ? { canaryLeft: null } : {};
}

/** The end of a run is the end of the campaign unless another run follows (campaign-api §7.14). */
function endingOf(move: Move, campaign: CampaignRow, now: Date): Move {
  return isEndOfRun(move, campaign) && scheduleAfter('rest', campaign, now).nextRunAt ? 'rest' : move;
}

function isEndOfRun(move: Move, { status }: CampaignRow): boolean {
  return move === 'finish' && status === 'running';
}

function instantsOf(move: Move, status: CampaignStatus, campaign: CampaignRow, now: Date) {
  if (move === 'withdraw' || move === 'put_back')
    return { startedAt: null, resumedAt: null, undoUntil: null };
  if (status === 'running')
    return {
      startedAt: campaign.startedAt ?? now,
      resumedAt: now,
      completedAt: null,
      undoUntil: null,
      ...beginningOf(campaign),
    };
  const isOver = status === 'completed' || status === 'cancelled' || move === 'rest';
  return isOver ? { completedAt: campaign.status === 'scheduled' ? (campaign.completedAt ?? now) : now } : {};
}
