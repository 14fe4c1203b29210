import { type CallChoice, type ListedCall, pageOfCalls } from '#db/call-list.ts';
import type { Actor } from '#domain/actor.ts';
import type { Deps } from './deps.ts';
import { noteHandingOut } from './note-handing-out.ts';

const PAGE = 1_000;

/**
 * Every call of a workspace that fits, the newest first, page by page so that a million of them never stand in memory. That
 * they were handed out is kept, with who asked.
 */
export async function* exportCalls(
  deps: Pick<Deps, 'db' | 'clock'>,
  { actor, ...choice }: CallChoice & { actor: Actor },
): AsyncGenerator<ListedCall[], void, undefined> {
  const { workspaceId, campaignId } = choice;
  await noteHandingOut(deps, deps.db, { workspaceId, campaignId, actor, file: 'calls' });
  for (let beforeId: number | undefined; ; ) {
    const page = await pageOfCalls(deps.db, { ...choice, offset: 0, limit: PAGE, beforeId });
    if (page.length > 0) yield page;
    if (page.length < PAGE) return;
    beforeId = page.at(-1)?.call.id;
  }
}
