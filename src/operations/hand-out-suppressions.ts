import type { Actor } from '#domain/actor.ts';
import type { Deps } from './deps.ts';
import { exportSuppressions } from './export-suppressions.ts';
import { noteHandingOut } from './note-handing-out.ts';

/** Hands out the do-not-call list as CSV text, piece by piece; that it was, and to whom, is kept before anything is read. */
export async function* handOutSuppressions(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, actor }: { workspaceId: number; actor: Actor },
): AsyncGenerator<string, void, undefined> {
  await noteHandingOut(deps, deps.db, { workspaceId, campaignId: null, actor, file: 'do_not_call_list' });
  yield* exportSuppressions(deps, { workspaceId });
}
