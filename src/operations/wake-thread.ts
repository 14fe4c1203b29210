import { firstWaitingPostId } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';

/**
 * Has the first message that waits in a thread sent now; the others follow it one by one. To be called after the commit
 * of what it waited for, or that message and whoever wakes it may each miss the other.
 */
export async function wakeThread(deps: Pick<Deps, 'db' | 'clock'>, threadKey: string): Promise<void> {
  const postId = await firstWaitingPostId(deps.db, threadKey);
  if (postId !== null) await enqueue(deps.db, deps.clock, 'send_post', { postId }, { key: `post:${postId}` });
}
