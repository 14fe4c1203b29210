import { readForErasure } from '#db/form-drafts.ts';
import { isInFlight } from '#db/person-facts.ts';
import { enqueue } from '#db/queue.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { suppress } from './suppress.ts';

/** Why an erased person is on the do-not-call list: without the entry the next file would bring them back. */
export const ERASURE_REASON = 'Their data was erased on their wish.';

/** `lookup` is the draft that keeps the number until it is erased, so that no task carries it. */
export type ErasureRequest = { workspaceId: number; lookup: string; actor: Actor; channelId: string };

/**
 * Has everything about a person erased but their entry on the do-not-call list, which they get at once if they have none, so
 * that nothing new begins. Throws `person_in_flight` while a call or a text with them is not over: the entry stands then and
 * nothing is erased; `draft_gone` when nobody knows any more who was meant.
 */
export async function requestErasure(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, lookup, actor, channelId }: ErasureRequest,
): Promise<void> {
  const phoneNumber = await readForErasure(deps.db, { id: lookup, workspaceId });
  if (phoneNumber === null) throw new Refusal('draft_gone', {});
  await deps.db.transaction((tx) =>
    suppress(deps, tx, {
      workspaceId,
      phoneNumber,
      channel: 'all',
      reason: ERASURE_REASON,
      source: 'manual',
      campaignId: null,
      actor,
    }),
  );
  if (await isInFlight(deps.db, { workspaceId, phoneNumber })) throw new Refusal('person_in_flight', {});
  const key = `erase:${lookup}`;
  await enqueue(deps.db, deps.clock, 'erase_person', { workspaceId, lookup, actor, channelId }, { key });
}
