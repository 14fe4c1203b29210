import { readApproval } from '#db/approvals.ts';
import { readCampaign } from '#db/campaigns.ts';
import { contentChanges, labelOf } from '#domain/approval.ts';
import { NONE } from '#domain/approval-words.ts';
import { Refusal } from '#domain/refusal.ts';
import type { ApprovalNote } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';
import { drawApproval } from './draw-approval.ts';

/**
 * A request for approval with everything it covers, as it was when somebody asked, what
 * people read first in front. Throws `approval_not_found`.
 */
export async function showApproval(
  deps: Pick<Deps, 'db'>,
  { workspaceId, approvalId }: { workspaceId: number; approvalId: number },
): Promise<{ note: ApprovalNote; covers: { label: string; value: string }[] }> {
  const approval = await readApproval(deps.db, workspaceId, approvalId);
  const row = approval && (await readCampaign(deps.db, approval.campaignId));
  if (!approval || !row) throw new Refusal('approval_not_found', {});
  const covers = contentChanges(null, approval.content).flatMap(({ field, after }) =>
    after === null || after === NONE ? [] : [{ label: labelOf(field), value: after }],
  );
  return { note: await drawApproval(deps.db, approval, row.campaign.name), covers };
}
