import { doubtCard, readCard } from '#db/cards.ts';
import { changePost, type PostRow, takePost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatPlace, ChatResult } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { takePostingTurn } from './take-posting-turn.ts';
import { touchCard } from './wake-campaign.ts';
import { wakeThread } from './wake-thread.ts';

const LEASE_REAL_MS = 30_000;
const CARD_WAIT_REAL_MS = 1_500;
/** A message that found no thread so often goes to the channel itself rather than nowhere. */
const MAX_THREAD_TRIES = 4;

/**
 * Posts one stored message once those written before it in its thread are posted and it is the channel's turn. Slack has
 * no key to ask twice with, so a message whose answer was lost is posted once more at most: seeing a reply twice is a
 * nuisance, not seeing it is a loss (slack.md §1.4).
 */
export async function sendPost(deps: Deps, { postId }: { postId: number }): Promise<void> {
  const post = await takePost(deps.db, postId, deps.clock.now(), deps.clock.realDelay(LEASE_REAL_MS));
  if (!post) return;
  const place = await placeOf(deps, post);
  if (place === 'not_yet') return waitForCard(deps, post);
  const turnAt = await takePostingTurn(deps, place.channelId, post);
  if (turnAt) return wait(deps, post, turnAt, 'other messages go to its channel first');
  const result = await deps.chat.post(place, post.content);
  await settle(deps, post, place, result);
}

async function placeOf(deps: Deps, post: PostRow): Promise<ChatPlace | 'not_yet'> {
  if (!post.inThread || post.campaignId === null)
    return { channelId: post.channelId, threadTs: post.threadTs };
  const card = await readCard(deps.db, post.campaignId);
  if (card?.state === 'pending') return 'not_yet';
  const hasThread = card?.state === 'posted' && post.tries <= MAX_THREAD_TRIES;
  return { channelId: card?.channelId ?? post.channelId, threadTs: hasThread ? card.ts : null };
}

async function settle(deps: Deps, post: PostRow, place: ChatPlace, result: ChatResult): Promise<void> {
  switch (result.kind) {
    case 'done':
      return finish(deps, post, { state: 'posted', ts: result.ts, postedAt: deps.clock.now() });
    case 'throttled':
      return wait(deps, post, deps.clock.realDelay(result.retryAfterMs), 'Slack asked to wait');
    case 'unknown':
      return post.tries > 1
        ? finish(deps, post, { state: 'unknown', problem: result.cause })
        : retry(deps, post, result.cause);
    case 'lost':
      if (result.problem === 'thread_deleted' && post.campaignId !== null && place.threadTs !== null)
        return findThread(deps, post, { campaignId: post.campaignId, ts: place.threadTs });
      return abandon(deps, post, result.problem);
    case 'refused':
      return abandon(deps, post, result.problem);
  }
}

/** Its card was deleted: the card is drawn again, which finds that out, and the message waits for its new thread. */
async function findThread(
  deps: Deps,
  post: PostRow,
  card: { campaignId: number; ts: string },
): Promise<void> {
  await doubtCard(deps.db, card);
  await touchCard(deps.db, deps, card.campaignId);
  await retry(deps, post, 'its thread was deleted');
}

async function abandon(deps: Deps, post: PostRow, problem: string): Promise<void> {
  deps.log.warn({ postId: post.id, problem }, 'a message could not be posted');
  await finish(deps, post, { state: 'abandoned', problem });
}

/** Nothing more happens to it, so the next one of its thread may go. */
async function finish(deps: Deps, post: PostRow, change: Partial<PostRow>): Promise<void> {
  await changePost(deps.db, post.id, { ...change, leaseUntil: null });
  await wakeThread(deps, post.threadKey);
}

/** Whoever posts the card wakes its thread, unless this message was just being looked at. */
async function waitForCard(deps: Deps, post: PostRow): Promise<void> {
  await wait(deps, post, deps.clock.realDelay(CARD_WAIT_REAL_MS), 'its card is not posted yet');
  if ((await placeOf(deps, post)) !== 'not_yet') await wakeThread(deps, post.threadKey);
}

/** Waiting is no try: nothing was posted. */
async function wait(deps: Deps, post: PostRow, at: Date, problem: string): Promise<void> {
  await putOff(deps, { ...post, tries: post.tries - 1 }, at, problem);
}

async function retry(deps: Deps, post: PostRow, problem: string): Promise<void> {
  await putOff(deps, post, deps.clock.realDelay(CARD_WAIT_REAL_MS), problem);
}

async function putOff(deps: Deps, post: PostRow, at: Date, problem: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await changePost(tx, post.id, { state: 'pending', problem, tries: post.tries, leaseUntil: null });
    await enqueue(tx, deps.clock, 'send_post', { postId: post.id }, { key: `post:${post.id}`, at });
  });
}
