import { openApprovals } from '#db/approvals.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { ApprovalNote } from '#ports/chat-content.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { drawApproval } from './draw-approval.ts';

/** Requests of a workspace that somebody may decide, oldest first: none for who may not start campaigns, none of their own. */
export async function listOpenApprovals(
  deps: Deps,
  { workspaceId, actor, limit }: { workspaceId: number; actor: Actor; limit: number },
): Promise<ApprovalNote[]> {
  if (!(await mayLaunch(deps, workspaceId, actor))) return [];
  const others = await openApprovals(deps.db, { workspaceId, notOf: actorText(actor), limit });
  return Promise.all(others.map(({ approval, name }) => drawApproval(deps.db, approval, name)));
}

async function mayLaunch(deps: Deps, workspaceId: number, actor: Actor): Promise<boolean> {
  try {
    await authorize(deps, { workspaceId, actor, channelId: null, right: 'launch' });
    return true;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
