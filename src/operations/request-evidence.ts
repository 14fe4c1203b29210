import { enqueue } from '#db/queue.ts';
import type { Actor } from '#domain/actor.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { noteHandingOut } from './note-handing-out.ts';

/** Has the evidence of a campaign put as a file where one person alone reads it. */
export async function requestEvidence(
  deps: Pick<Deps, 'db' | 'clock'>,
  {
    workspaceId,
    campaignId,
    actor,
    place,
  }: { workspaceId: number; campaignId: number; actor: Actor; place: ChatPlace },
): Promise<void> {
  const key = `evidence:${campaignId}:${place.channelId}`;
  await deps.db.transaction(async (tx) => {
    await enqueue(tx, deps.clock, 'send_evidence', { campaignId, place }, { key });
    await noteHandingOut(deps, tx, { workspaceId, campaignId, actor, file: 'evidence' });
  });
}
