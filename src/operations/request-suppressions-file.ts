import { enqueue } from '#db/queue.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/** Has the do-not-call list put as a file where one person alone reads it. */
export async function requestSuppressionsFile(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, place }: { workspaceId: number; place: ChatPlace },
): Promise<void> {
  const key = `suppressions:${place.channelId}`;
  await enqueue(deps.db, deps.clock, 'send_suppressions', { workspaceId, place }, { key });
}
