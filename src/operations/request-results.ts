import { readCard } from '#db/cards.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/**
 * Has the results file of a campaign put into its thread, or into `otherwise` while it has no card; `nowhere` when there
 * is neither, and nothing was asked for then.
 */
export async function requestResults(
  deps: Pick<Deps, 'db' | 'clock'>,
  { campaignId, otherwise }: { campaignId: number; otherwise: ChatPlace | null },
): Promise<'thread' | 'otherwise' | 'nowhere'> {
  const card = await readCard(deps.db, campaignId);
  const hasThread = Boolean(card?.ts && card.state !== 'lost');
  if (!hasThread && !otherwise) return 'nowhere';
  const place = hasThread ? {} : { place: otherwise ?? undefined };
  const key = hasThread ? `results:${campaignId}` : `results:${campaignId}:${otherwise?.channelId}`;
  await enqueue(deps.db, deps.clock, 'send_results', { campaignId, ...place }, { key });
  return hasThread ? 'thread' : 'otherwise';
}
