import { createHash } from 'node:crypto';
import { personBehind } from '#db/api-tokens.ts';
import { digestAudience, lastEditor } from '#db/approvals.ts';
import { readAssistant } from '#db/assistants.ts';
import type { CampaignRow } from '#db/campaigns.ts';
import type { Executor } from '#db/client.ts';
import { readWorkspace } from '#db/workspaces.ts';
import type { Actor } from '#domain/actor.ts';
import { actorText } from '#domain/actor.ts';
import { type ApprovalContent, approvalContent, canonicalContent } from '#domain/approval.ts';

/** Changes of a campaign, as its events name them, after which whoever made the last one may not approve it. */
const EDITS = [
  'campaign_created',
  'campaign_updated',
  'import_requested',
  'campaign_schedule',
  'campaign_unschedule',
  'campaign_rescheduled',
  'campaign_re_execute',
];

/** What a campaign is at this moment, as an approval covers it, and the hash that an approval is bound to. */
export async function readApprovalContent(
  executor: Executor,
  campaign: CampaignRow,
): Promise<{ content: ApprovalContent; hash: string }> {
  const { workspaceId, assistantId } = campaign;
  const assistant = assistantId === null ? null : await readAssistant(executor, workspaceId, assistantId);
  const audience = await digestAudience(executor, campaign.id);
  const workspace = await readWorkspace(executor, workspaceId);
  const company = workspace?.companyName ?? workspace?.name ?? '';
  const content = approvalContent({ campaign, assistant, company, audience });
  return { content, hash: createHash('sha256').update(canonicalContent(content)).digest('hex') };
}

/** Whether somebody made the last change to a campaign, by themselves or by a token of theirs. */
export async function madeLastEdit(
  executor: Executor,
  campaign: CampaignRow,
  actor: Actor,
): Promise<boolean> {
  const editor = await lastEditor(executor, campaign, EDITS);
  return editor !== null && (await isTheirs(executor, editor, actor));
}

/** Whether somebody did what a row says that an actor did, by themselves or by a token of theirs. */
export async function isTheirs(executor: Executor, did: string, actor: Actor): Promise<boolean> {
  return (await personBehind(executor, did)) === (await personBehind(executor, actorText(actor)));
}
