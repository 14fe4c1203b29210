import { isDeepStrictEqual } from 'node:util';
import { keepCallNotes, lockCallNotes } from '#db/call-list.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { actorText } from '#domain/actor.ts';
import { type CallNotes, mergeNotes, NOTES_BYTES, notesTooLarge } from '#domain/call-notes.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { type CallOfActor, loadCall } from './load-call.ts';

/**
 * Merges what a client wants kept with a call into what it keeps (campaign-api §6, `call_meta`). That it was changed is
 * kept, not what it says: it may be about the person. Throws `call_not_found`, `settings_invalid` for more than a call
 * keeps, and the refusals of `authorize`.
 */
export async function noteOnCall(
  deps: Deps,
  { changes, ...asked }: CallOfActor & { changes: CallNotes },
): Promise<void> {
  const { workspaceId, callId, actor } = asked;
  const { campaignId } = (await loadCall(deps, asked, 'edit')).call;
  await deps.db.transaction(async (tx) => {
    const kept = await lockCallNotes(tx, callId);
    if (!kept) throw new Refusal('call_not_found', {});
    const notes = mergeNotes(kept, changes);
    if (isDeepStrictEqual(notes, kept)) return;
    const bytes = await keepCallNotes(tx, callId, notes);
    if (bytes > NOTES_BYTES) throw notesTooLarge(bytes);
    await recordCampaignEvent(tx, {
      workspaceId,
      campaignId,
      actor: actorText(actor),
      kind: 'call_noted',
      details: { callId },
      createdAt: deps.clock.now(),
    });
  });
}
