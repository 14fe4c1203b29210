import { readSuppressionImport, type SuppressionImportRow } from '#db/suppression-imports.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** How far a file for the do-not-call list is loaded, or how that ended. Throws `suppression_not_found`. */
export async function followSuppressionImport(
  deps: Pick<Deps, 'db'>,
  { workspaceId, importId }: { workspaceId: number; importId: number },
): Promise<SuppressionImportRow> {
  const row = await readSuppressionImport(deps.db, workspaceId, importId);
  if (!row) throw new Refusal('suppression_not_found', { what: 'file', id: importId });
  return row;
}
