import { changeCard, readCard } from '#db/cards.ts';
import { changePost, type PostRow, takePost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatPlace, ChatResult } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { touchCard } from './wake-campaign.ts';

const LEASE_REAL_MS = 30_000;
const CARD_WAIT_REAL_MS = 1_500;
/** A message that found no thread so often goes to the channel itself rather than nowhere. */
const MAX_THREAD_TRIES = 4;

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
  const hasThread = card?.state === 'posted' && post.tries <= MAX_THREAD_TRIES;
  return { channelId: card?.channelId ?? post.channelId, threadTs: hasThread ? card.ts : null };
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
      if (result.problem === 'thread_deleted' && post.campaignId !== null) {
        return findThread(deps, post, post.campaignId);
      }
      return abandon(deps, post, result.problem);
    case 'refused':
      return abandon(deps, post, result.problem);
  }
}

/** Its card was deleted: the card is drawn again, which finds that out, and the message waits for its new thread. */
async function findThread(deps: Deps, post: PostRow, campaignId: number): Promise<void> {
  await changeCard(deps.db, campaignId, { contentHash: null });
  await touchCard(deps.db, deps, campaignId);
  await retry(deps, post, CARD_WAIT_REAL_MS, 'its thread was deleted');
}

async function abandon(deps: Deps, post: PostRow, problem: string): Promise<void> {
  deps.log.warn({ postId: post.id, problem }, 'a message could not be posted');
  await changePost(deps.db, post.id, { state: 'abandoned', problem, leaseUntil: null });
}

async function retry(deps: Deps, post: PostRow, afterRealMs: number, problem: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await changePost(tx, post.id, { state: 'pending', problem, tries: post.tries, leaseUntil: null });
    const at = deps.clock.realDelay(afterRealMs);
    await enqueue(tx, deps.clock, 'send_post', { postId: post.id }, { key: `post:${post.id}`, at });
  });
}
