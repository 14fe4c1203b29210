import { readRejects } from '#db/imports.ts';
import type { Deps } from './deps.ts';
import { followImport } from './follow-import.ts';

/**
 * The rows of an import that were not loaded as a CSV file, piece by piece: line, value and reason, then the row as it
 * was. Empty when every row was loaded. Throws `campaign_not_found` or `import_not_found`.
 */
export async function exportRejects(
  deps: Pick<Deps, 'db'>,
  of: { workspaceId: number; campaignId: number; importId: number },
): Promise<{ fileName: string; pieces: AsyncGenerator<string> }> {
  const { row } = await followImport(deps, of);
  return { fileName: row.fileName, pieces: readRejects(deps.db, of.importId) };
}
