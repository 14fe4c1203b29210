import { readCard } from '#db/cards.ts';
import { enqueue } from '#db/queue.ts';
import type { Actor } from '#domain/actor.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { noteHandingOut } from './note-handing-out.ts';

/**
 * Has the results file of a campaign put into its thread, or into `otherwise` while it has no card; `nowhere` when there
 * is neither, and nothing was asked for then.
 */
export async function requestResults(
  deps: Pick<Deps, 'db' | 'clock'>,
  input: { workspaceId: number; campaignId: number; actor: Actor; otherwise: ChatPlace | null },
): Promise<'thread' | 'otherwise' | 'nowhere'> {
  const { workspaceId, campaignId, actor, otherwise } = input;
  const card = await readCard(deps.db, campaignId);
  const hasThread = Boolean(card?.ts && card.state !== 'lost');
  if (!hasThread && !otherwise) return 'nowhere';
  const place = hasThread ? {} : { place: otherwise ?? undefined };
  const key = hasThread ? `results:${campaignId}` : `results:${campaignId}:${otherwise?.channelId}`;
  await deps.db.transaction(async (tx) => {
    await enqueue(tx, deps.clock, 'send_results', { campaignId, ...place }, { key });
    await noteHandingOut(deps, tx, { workspaceId, campaignId, actor, file: 'results' });
  });
  return hasThread ? 'thread' : 'otherwise';
}
