import { type ApprovalRow, insertApproval } from '#db/approvals.ts';
import { type CampaignWithCounts, readCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { describeStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { announce } from './announce.ts';
import { readApprovalContent } from './approval-facts.ts';
import { launchProblems } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { drawApproval } from './draw-approval.ts';
import { hasMovedOn, lockOrRefuse } from './lock-or-refuse.ts';
import { touchCard } from './wake-campaign.ts';

export type RequestApprovalInput = {
  campaignId: number;
  actor: Actor;
  /** The version that the person saw; what was changed since is not what they ask for. */
  expectedVersion?: number;
};

/**
 * Asks for a second person's approval of a campaign as it is now: message, settings, schedule and contacts are kept with
 * the request, and its thread shows what changed since the last approval. Throws `approval_not_needed`,
 * `approval_standing`, `approval_asked`, `stale_click`, `wrong_status` once it is over, and whatever keeps the campaign
 * from starting.
 */
export async function requestApproval(
  deps: Deps,
  { campaignId, actor, expectedVersion }: RequestApprovalInput,
): Promise<{ approvalId: number }> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  await checkReady(deps, row);
  return deps.db.transaction(async (tx) => {
    const locked = await lockOrRefuse(tx, campaignId);
    const { campaign } = locked;
    if (hasMovedOn(campaign, expectedVersion))
      throw new Refusal('stale_click', { state: describeStatus(campaign.status) });
    if (campaign.approvalId !== null) throw new Refusal('approval_standing', {});
    const made = await insertApproval(tx, {
      campaignId,
      ...(await readApprovalContent(tx, campaign)),
      requestedBy: actorText(actor),
      requestedAt: deps.clock.now(),
    });
    if (!made) throw new Refusal('approval_asked', {});
    await tell(deps, tx, locked, made);
    return { approvalId: made.id };
  });
}

const OVER = ['completed', 'cancelled'];

async function checkReady(deps: Deps, row: CampaignWithCounts): Promise<void> {
  if (!row.workspace.requiresApproval) throw new Refusal('approval_not_needed', {});
  const { status } = row.campaign;
  if (OVER.includes(status)) throw new Refusal('stale_click', { state: describeStatus(status) });
  const [problem] = (await launchProblems(deps, row)).filter(
    ({ code }) => status === 'draft' || code !== 'all_contacts_processed',
  );
  if (problem) throw problem;
}

async function tell(
  deps: Deps,
  tx: Transaction,
  { campaign }: LockedCampaign,
  approval: ApprovalRow,
): Promise<void> {
  await recordCampaignEvent(tx, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    actor: approval.requestedBy,
    kind: 'approval_requested',
    details: { approvalId: approval.id, hash: approval.hash },
    createdAt: approval.requestedAt,
  });
  await announce(tx, deps, {
    workspaceId: campaign.workspaceId,
    campaignId: campaign.id,
    channelId: campaign.channelId,
    key: `approval:${approval.id}`,
    content: await drawApproval(tx, approval, campaign.name),
  });
  await touchCard(tx, deps, campaign.id);
}
