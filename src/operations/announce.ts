import type { Executor } from '#db/client.ts';
import { insertPost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatContent } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

export type Announcement = {
  workspaceId: number;
  campaignId: number | null;
  channelId: string | null;
  /** One message per key, however often its cause is told. */
  key: string;
  content: ChatContent;
  /** In the campaign's thread (the default), in a given thread, or in the channel itself. */
  place?: 'thread' | 'channel' | { threadTs: string };
};

/**
 * Stores a message in the transaction of what caused it and has it posted after the commit. A campaign without a channel
 * tells nobody.
 */
export async function announce(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  message: Announcement,
): Promise<void> {
  if (!message.channelId) return;
  const place = message.place ?? 'thread';
  const postId = await insertPost(executor, {
    workspaceId: message.workspaceId,
    campaignId: message.campaignId,
    postKey: message.key,
    channelId: message.channelId,
    threadTs: typeof place === 'object' ? place.threadTs : null,
    inThread: place === 'thread',
    content: message.content,
    createdAt: deps.clock.now(),
  });
  if (postId !== null)
    await enqueue(executor, deps.clock, 'send_post', { postId }, { key: `post:${postId}` });
}
