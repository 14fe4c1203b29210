import { enqueue } from '#db/queue.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/** Has the evidence of a campaign put as a file where one person alone reads it. */
export async function requestEvidence(
  deps: Pick<Deps, 'db' | 'clock'>,
  { campaignId, place }: { campaignId: number; place: ChatPlace },
): Promise<void> {
  const key = `evidence:${campaignId}:${place.channelId}`;
  await enqueue(deps.db, deps.clock, 'send_evidence', { campaignId, place }, { key });
}
