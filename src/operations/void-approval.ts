import { type ApprovalRow, endApprovals, keepApproval } from '#db/approvals.ts';
import type { CampaignRow } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
import { type Actor, actorText, nameOf } from '#domain/actor.ts';
import type { Deps } from './deps.ts';
import { recordDeed, tellThread } from './tell-thread.ts';
import { touchCard } from './wake-campaign.ts';

export type Voiding = {
  campaign: CampaignRow;
  actor: Actor;
  /** What was done, as the end of “… , so”: “changed the text message”. */
  did: string;
};

/**
 * Ends the approval or the request of a locked campaign that somebody changed, in the transaction of the change: nobody
 * agreed to what it is now. The thread is told, with the way to ask again. Nothing happens where nothing stood.
 */
export async function voidApproval(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  voiding: Voiding,
): Promise<void> {
  const { campaign, actor } = voiding;
  const by = actorText(actor);
  const ended = await endApprovals(tx, campaign.id, { voidedAt: deps.clock.now(), voidedBy: by });
  if (campaign.approvalId !== null) await keepApproval(tx, campaign.id, { approvalId: null });
  for (const approval of ended) await tellVoided(deps, tx, voiding, approval);
}

/** Takes back what somebody attested about a locked campaign's contacts: it has other ones now. */
export async function voidAttestation(tx: Transaction, campaign: CampaignRow): Promise<void> {
  if (campaign.attestedBy !== null)
    await keepApproval(tx, campaign.id, { attestedBy: null, attestedAt: null });
}

/** Keeps that an approval ended, and tells the thread. */
async function tellVoided(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  { campaign, actor, did }: Voiding,
  approval: ApprovalRow,
): Promise<void> {
  const what = approval.decision === 'approved' ? 'approval' : 'request for approval';
  await recordDeed(deps, tx, campaign, {
    actor,
    kind: 'approval_voided',
    details: { approvalId: approval.id, did, wasApproved: approval.decision === 'approved' },
  });
  await tellThread(deps, tx, campaign, {
    key: `approval-void:${approval.id}`,
    level: 'warning',
    text: `${nameOf(actor)} ${did}, so the ${what} no longer stands. Nobody is contacted before somebody approves it as it is now.`,
    actor,
    buttons: [
      { label: 'Ask for approval', action: 'approval.ask', value: `${campaign.id}.${campaign.version}` },
    ],
  });
  await redrawApproval(deps, tx, approval.id);
  await touchCard(tx, deps, campaign.id);
}

/** Has the message of a request drawn again as it stands now. */
export async function redrawApproval(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  approvalId: number,
): Promise<void> {
  await enqueue(tx, deps.clock, 'refresh_approval', { approvalId }, { key: `approval:${approvalId}` });
}
