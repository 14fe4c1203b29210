import { type ApprovalRow, keepApproval, keepDecision, readApproval } from '#db/approvals.ts';
import type { CampaignRow } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, actorText, nameOf } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { NoteButton } from '#ports/chat-content.ts';
import { isTheirs, madeLastEdit, readApprovalContent } from './approval-facts.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { recordDeed, tellThread } from './tell-thread.ts';
import { redrawApproval, voidApproval } from './void-approval.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

export type DecideApprovalInput = {
  workspaceId: number;
  approvalId: number;
  actor: Actor;
  decision: 'approved' | 'rejected';
  /** Why; a rejection needs one. */
  reason?: string;
};

/**
 * Decides a request for approval as a second person: not who asked, not who made the last change, a person in Slack who
 * may start campaigns. What is approved must be what was asked about, field by field and contact by contact; otherwise the
 * request ends and nothing is approved. Throws `not_allowed` and the other refusals of `authorize`, `approval_not_found`,
 * `approval_closed`, `approval_own`, `approval_by_person`, `reason_missing` and `approval_outdated`.
 */
export async function decideApproval(
  deps: Deps,
  input: DecideApprovalInput,
): Promise<{ campaignId: number }> {
  const { workspaceId, actor, decision } = input;
  if (actor.kind !== 'slack_user') throw new Refusal('approval_by_person', {});
  if (decision === 'rejected' && !input.reason?.trim()) throw new Refusal('reason_missing', {});
  const asked = await readApproval(deps.db, workspaceId, input.approvalId);
  if (!asked) throw new Refusal('approval_not_found', {});
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'launch' });
  const decided = await deps.db.transaction(async (tx) => {
    const locked = await lockCampaign(tx, asked.campaignId);
    if (!locked) throw new Refusal('approval_not_found', {});
    const { campaign } = locked;
    const isAsked = await mayDecide(tx, campaign, input, asked);
    if (!isAsked) {
      await voidApproval(deps, tx, { campaign, actor: { kind: 'system' }, did: CHANGED });
      return false;
    }
    await decide(deps, tx, campaign, input);
    return true;
  });
  if (!decided) throw new Refusal('approval_outdated', {});
  return { campaignId: asked.campaignId };
}

const CHANGED = 'found that the campaign is not what was asked about any more';

/** Whether it still is what was asked about. */
async function mayDecide(
  tx: Transaction,
  campaign: CampaignRow,
  { workspaceId, approvalId, actor }: DecideApprovalInput,
  asked: ApprovalRow,
): Promise<boolean> {
  const now = await readApproval(tx, workspaceId, approvalId);
  if (!now || now.decision || now.voidedAt)
    throw new Refusal('approval_closed', { state: now?.decision ?? 'changed' });
  const isOwn = await isTheirs(tx, asked.requestedBy, actor);
  if (isOwn || (await madeLastEdit(tx, campaign, actor)))
    throw new Refusal('approval_own', { because: isOwn ? 'asked' : 'edited' });
  const { hash } = await readApprovalContent(tx, campaign);
  return hash === asked.hash;
}

async function decide(
  deps: Deps,
  tx: Transaction,
  campaign: CampaignRow,
  { approvalId, actor, decision, reason: said }: DecideApprovalInput,
): Promise<void> {
  const now = deps.clock.now();
  const reason = said?.trim() || null;
  const by = actorText(actor);
  const kept = await keepDecision(tx, approvalId, { decision, decidedBy: by, decidedAt: now, reason });
  if (!kept) throw new Error(`approval ${approvalId} was decided although its campaign was locked`);
  if (decision === 'approved') await keepApproval(tx, campaign.id, { approvalId });
  const details = { approvalId, reason };
  await recordDeed(deps, tx, campaign, { actor, kind: `approval_${decision}`, details });
  await tellThread(deps, tx, campaign, {
    key: `approval-${decision}:${approvalId}`,
    level: decision === 'approved' ? 'good' : 'warning',
    text: `${nameOf(actor)} ${decision === 'approved' ? approvedWords(campaign, now) : rejectedWords(reason)}`,
    actor,
    buttons: decision === 'approved' ? startButton(campaign, now) : [],
  });
  await redrawApproval(deps, tx, approvalId);
  await touchCard(tx, deps, campaign.id);
  if (campaign.status === 'running') await wakeCampaign(tx, deps, campaign.id);
}

const OVERDUE = 'Its time came before that: start it now, or give it another time.';
const NEXT: Partial<Record<CampaignRow['status'], string>> = {
  draft: 'It may be started now.',
  scheduled: 'It starts at its time.',
  paused: 'It may be resumed now.',
  failed: 'It may be resumed now.',
  running: 'It goes on.',
};

function approvedWords(campaign: CampaignRow, now: Date): string {
  const next = isOverdue(campaign, now) ? OVERDUE : (NEXT[campaign.status] ?? '');
  return `approved this campaign as it is. ${next} Any change of it ends the approval.`;
}

/** Its time came while nobody had approved it: it waits for somebody, and starts by itself no more. */
function isOverdue({ status, nextRunAt }: CampaignRow, now: Date): boolean {
  return status === 'scheduled' && nextRunAt !== null && nextRunAt <= now;
}

function rejectedWords(reason: string | null): string {
  return `did not approve this campaign: “${reason ?? ''}” Nobody is contacted. Change it and ask again.`;
}

function startButton(campaign: CampaignRow, now: Date): NoteButton[] {
  const { id, status, version } = campaign;
  if (status !== 'draft' && !isOverdue(campaign, now)) return [];
  return [{ label: 'Start', action: 'campaign.start', value: `${id}.${version}`, style: 'primary' }];
}
