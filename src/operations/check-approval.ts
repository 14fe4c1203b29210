import { newestApproval, readApproval } from '#db/approvals.ts';
import type { CampaignWithCounts } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import { Refusal } from '#domain/refusal.ts';
import { readApprovalContent } from './approval-facts.ts';
import type { Deps } from './deps.ts';
import { voidApproval } from './void-approval.ts';

/**
 * Whether a campaign is approved as it is at this moment, where its workspace demands that. An approval of something else
 * ends here, whatever changed it. Throws `approval_missing`.
 */
export async function checkApproval(
  deps: Deps,
  { campaign: seen, workspace }: Pick<CampaignWithCounts, 'campaign' | 'workspace'>,
): Promise<void> {
  if (!workspace.requiresApproval) return;
  const stands = await deps.db.transaction(async (tx) => {
    const campaign = (await lockCampaign(tx, seen.id))?.campaign;
    if (!campaign || campaign.approvalId === null) return false;
    const approval = await readApproval(tx, workspace.id, campaign.approvalId);
    const { hash } = await readApprovalContent(tx, campaign);
    if (approval?.hash === hash) return true;
    const did = 'found that the campaign is not what was approved any more';
    await voidApproval(deps, tx, { campaign, actor: { kind: 'system' }, did });
    return false;
  });
  if (stands) return;
  const newest = await newestApproval(deps.db, seen.id);
  throw new Refusal('approval_missing', { isAsked: Boolean(newest && !newest.decision && !newest.voidedAt) });
}
