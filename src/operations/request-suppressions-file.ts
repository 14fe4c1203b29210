import { enqueue } from '#db/queue.ts';
import type { Actor } from '#domain/actor.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { noteHandingOut } from './note-handing-out.ts';

/** Has the do-not-call list put as a file where one person alone reads it. */
export async function requestSuppressionsFile(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, actor, place }: { workspaceId: number; actor: Actor; place: ChatPlace },
): Promise<void> {
  const key = `suppressions:${place.channelId}`;
  await deps.db.transaction(async (tx) => {
    await enqueue(tx, deps.clock, 'send_suppressions', { workspaceId, place }, { key });
    await noteHandingOut(deps, tx, { workspaceId, campaignId: null, actor, file: 'do_not_call_list' });
  });
}
