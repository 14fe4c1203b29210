import { unfinishedSuppressionImports } from '#db/suppression-imports.ts';
import { countSuppressions, type ListedEntry, newestSuppressions } from '#db/suppression-list.ts';
import { listPrefixes, type PrefixRow } from '#db/suppression-prefixes.ts';
import { readWorkspace } from '#db/workspaces.ts';
import type { Deps } from './deps.ts';

/** One page of the do-not-call list, the newest first, with what is true of all of it. */
export type SuppressionPage = {
  total: number;
  ranges: PrefixRow[];
  entries: ListedEntry[];
  /** From where the next page goes on; null when this is the last. */
  beforeId: number | null;
  /** How old the national list is and may be; null while nobody watches over it. */
  nationalList: { listAt: Date | null; days: number } | null;
  /** Files that are still being loaded, with the rows read so far. */
  loading: { fileName: string; rows: number }[];
};

/** Reads one page of the do-not-call list. */
export async function listSuppressions(
  deps: Pick<Deps, 'db'>,
  { workspaceId, beforeId, limit }: { workspaceId: number; beforeId: number | null; limit: number },
): Promise<SuppressionPage> {
  const workspace = await readWorkspace(deps.db, workspaceId);
  const page = await newestSuppressions(deps.db, { workspaceId, beforeId, limit: limit + 1 });
  const entries = page.slice(0, limit);
  const loading = await unfinishedSuppressionImports(deps.db, workspaceId);
  const days = workspace?.nationalListDays ?? null;
  return {
    total: await countSuppressions(deps.db, workspaceId),
    ranges: await listPrefixes(deps.db, workspaceId),
    entries,
    beforeId: page.length > limit ? (entries.at(-1)?.id ?? null) : null,
    nationalList: days === null ? null : { listAt: workspace?.nationalListAt ?? null, days },
    loading: loading.map(({ fileName, rowCount }) => ({ fileName, rows: rowCount })),
  };
}
