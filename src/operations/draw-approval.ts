import { type ApprovalRow, lastApproved } from '#db/approvals.ts';
import type { Executor } from '#db/client.ts';
import { contentChanges, describeChange } from '#domain/approval.ts';
import { describeField } from '#domain/approval-words.ts';
import type { ApprovalNote } from '#ports/chat-content.ts';

/** What a request for approval says: what changed since the last approval, and what became of it. */
export async function drawApproval(
  executor: Executor,
  approval: ApprovalRow,
  name: string,
): Promise<ApprovalNote> {
  const before = await lastApproved(executor, approval.campaignId, approval.id);
  return {
    kind: 'approval_note',
    approvalId: approval.id,
    campaignId: approval.campaignId,
    name,
    requestedBy: approval.requestedBy,
    contacts: describeField(approval.content, 'contacts'),
    changes: before ? contentChanges(before.content, approval.content).map(describeChange) : null,
    state: stateOf(approval),
    decidedBy: approval.decidedBy,
    reason: approval.reason,
  };
}

function stateOf({ decision, voidedAt }: ApprovalRow): ApprovalNote['state'] {
  if (decision === 'rejected') return 'rejected';
  if (voidedAt) return decision === 'approved' ? 'voided' : 'withdrawn';
  return decision ?? 'open';
}
