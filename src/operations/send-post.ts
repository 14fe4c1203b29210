import { readCard } from '#db/cards.ts';
import { changePost, type PostRow, takePost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatPlace, ChatResult } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

const LEASE_REAL_MS = 30_000;
const CARD_WAIT_REAL_MS = 1_500;

/**
 * Posts one stored message. Slack has no key to ask twice with, so a message whose answer was lost is posted once more
 * at most: seeing a reply twice is a nuisance, not seeing it is a loss (slack.md §1.4).
 */
export async function sendPost(deps: Deps, { postId }: { postId: number }): Promise<void> {
  const post = await takePost(deps.db, postId, deps.clock.now(), deps.clock.realDelay(LEASE_REAL_MS));
  if (!post) return;
  const place = await placeOf(deps, post);
  if (place === 'not_yet') {
    // Waiting is no try: nobody was asked.
    return retry(deps, { ...post, tries: post.tries - 1 }, CARD_WAIT_REAL_MS, 'its card is not posted yet');
  }
  const result = await deps.chat.post(place, post.content);
  await settle(deps, post, result);
}

async function placeOf(deps: Deps, post: PostRow): Promise<ChatPlace | 'not_yet'> {
  if (!post.inThread || post.campaignId === null)
    return { channelId: post.channelId, threadTs: post.threadTs };
  const card = await readCard(deps.db, post.campaignId);
  if (card?.state === 'pending') return 'not_yet';
  return { channelId: card?.channelId ?? post.channelId, threadTs: card?.ts ?? null };
}

async function settle(
  deps: Deps,
  post: PostRow & { wasSending: boolean },
  result: ChatResult,
): Promise<void> {
  const now = deps.clock.now();
  switch (result.kind) {
    case 'done':
      return changePost(deps.db, post.id, {
        state: 'posted',
        ts: result.ts,
        postedAt: now,
        leaseUntil: null,
      });
    case 'throttled':
      return retry(deps, post, result.retryAfterMs, 'Slack asked to wait');
    case 'unknown':
      return post.wasSending || post.tries > 1
        ? changePost(deps.db, post.id, { state: 'unknown', problem: result.cause, leaseUntil: null })
        : retry(deps, post, CARD_WAIT_REAL_MS, result.cause);
    case 'lost':
    case 'refused':
      deps.log.warn({ postId: post.id, problem: result.problem }, 'a message could not be posted');
      return changePost(deps.db, post.id, { state: 'abandoned', problem: result.problem, leaseUntil: null });
  }
}

async function retry(deps: Deps, post: PostRow, afterRealMs: number, problem: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await changePost(tx, post.id, { state: 'pending', problem, tries: post.tries, leaseUntil: null });
    const at = deps.clock.realDelay(afterRealMs);
    await enqueue(tx, deps.clock, 'send_post', { postId: post.id }, { key: `post:${post.id}`, at });
  });
}
