import { approvalPost } from '#db/approvals.ts';
import { readCard } from '#db/cards.ts';
import { changePost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';
import { drawApproval } from './draw-approval.ts';

const AGAIN_REAL_MS = 2_000;

/** Draws the message of a request for approval again: decided or outdated ones lose their buttons. */
export async function refreshApproval(deps: Deps, { approvalId }: { approvalId: number }): Promise<void> {
  const found = await approvalPost(deps.db, approvalId);
  if (!found) return;
  const { approval, post, name } = found;
  const content = await drawApproval(deps.db, approval, name);
  if (post.state === 'pending') return changePost(deps.db, post.id, { content });
  const soon = deps.clock.realDelay(AGAIN_REAL_MS);
  if (post.state === 'sending') return again(deps, approvalId, soon);
  if (!post.ts) return;
  const card = await readCard(deps.db, approval.campaignId);
  const channelId = card?.channelId ?? post.channelId;
  const result = await deps.chat.update({ channelId, ts: post.ts }, content);
  if (result.kind === 'throttled') return again(deps, approvalId, deps.clock.realDelay(result.retryAfterMs));
  if (result.kind === 'unknown') return again(deps, approvalId, soon);
  if (result.kind !== 'done') deps.log.warn({ approvalId, result: result.kind }, 'a request was not redrawn');
}

async function again(deps: Deps, approvalId: number, at: Date): Promise<void> {
  await enqueue(
    deps.db,
    deps.clock,
    'refresh_approval',
    { approvalId },
    { key: `approval:${approvalId}`, at },
  );
}
