import type { Executor } from '#db/client.ts';
import { beginErasure, lookedUpNumber, waitingErasureIds } from '#db/erasures.ts';
import { isInFlight } from '#db/person-facts.ts';
import { enqueue } from '#db/queue.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { suppress } from './suppress.ts';

/** Why an erased person is on the do-not-call list: without the entry the next file would bring them back. */
export const ERASURE_REASON = 'Their data was erased on their wish.';

/** `lookup` is where the number was kept when somebody looked it up, so that no form and no task carries it. */
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
  const phoneNumber = await lookedUpNumber(deps.db, { id: lookup, workspaceId });
  if (phoneNumber === null) throw new Refusal('draft_gone', {});
  const person = { workspaceId, phoneNumber };
  const entry = {
    ...person,
    channel: 'all',
    reason: ERASURE_REASON,
    source: 'manual',
    campaignId: null,
  } as const;
  await deps.db.transaction((tx) => suppress(deps, tx, { ...entry, actor }));
  if (await isInFlight(deps.db, person)) throw new Refusal('person_in_flight', {});
  await deps.db.transaction(async (tx) => {
    await beginErasure(tx, { id: lookup, ...person, actor, channelId }, deps.clock.now());
    await enqueueErasure(deps, tx, lookup);
  });
}

/** Has erasures gone on with whose task was lost with its worker. */
export async function recoverErasures(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  for (const id of await waitingErasureIds(deps.db)) await enqueueErasure(deps, deps.db, id);
}

async function enqueueErasure(deps: Pick<Deps, 'clock'>, executor: Executor, lookup: string): Promise<void> {
  const key = `erase:${lookup}`;
  await enqueue(executor, deps.clock, 'erase_person', { lookup }, { key, keep: 'earliest' });
}
