import { takeTurn, threadsBefore } from '#db/posting-turns.ts';
import type { PostRow } from '#db/posts.ts';
import type { Deps } from './deps.ts';

/** Slack takes about one message a second into a channel, and a few at once after a pause (slack.md §2.1). */
const EVERY_REAL_MS = 1_000;
const MESSAGES_AT_ONCE = 3;
/** One turn more than messages can use up, so that no card waits for them, nor what waits for the card. */
const CARDS_AT_ONCE = 4;

/**
 * Asks whether a message, or the card of a campaign (`null`), may be posted into a channel now: null when it may, else
 * the instant at which to ask again. Slack would refuse all that wait together, again and again. Messages that wait in
 * several threads are told different instants, the one written first the nearest.
 */
export async function takePostingTurn(
  deps: Pick<Deps, 'db' | 'clock'>,
  channelId: string,
  post: Pick<PostRow, 'id' | 'threadKey'> | null,
): Promise<Date | null> {
  const now = deps.clock.now();
  const intervalMs = deps.clock.realDelay(EVERY_REAL_MS).getTime() - now.getTime();
  const burst = post ? MESSAGES_AT_ONCE : CARDS_AT_ONCE;
  const freeAt = await takeTurn(deps.db, channelId, now, { intervalMs, burst });
  if (!freeAt || !post) return freeAt;
  const before = await threadsBefore(deps.db, channelId, post);
  return new Date(freeAt.getTime() + before * intervalMs);
}
