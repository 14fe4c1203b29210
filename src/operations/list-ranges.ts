import { listPrefixes, type PrefixRow } from '#db/suppression-prefixes.ts';
import type { Deps } from './deps.ts';

/** The ranges of numbers on the do-not-call list of a workspace, in their order. */
export async function listRanges(
  deps: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): Promise<PrefixRow[]> {
  return listPrefixes(deps.db, workspaceId);
}
