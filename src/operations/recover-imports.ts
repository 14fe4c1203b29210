import { failAbandoned, type ImportRow, waitingImportIds } from '#db/imports.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';
import { forgetUpload } from './forget-upload.ts';

const ABANDONED = 'The program stopped while the file was loading. Nothing was loaded. Load the file again.';

/**
 * Ends the imports whose process died and has waiting ones run. An import writes its end in the transaction of its
 * contacts, so one that still says `processing` after its lease has loaded nothing. Returns those it ended.
 */
export async function recoverImports(deps: Deps): Promise<ImportRow[]> {
  const abandoned = await failAbandoned(deps.db, deps.clock.now(), ABANDONED);
  for (const { fileId } of abandoned) await forgetUpload(deps, fileId);
  for (const importId of await waitingImportIds(deps.db)) {
    await enqueue(
      deps.db,
      deps.clock,
      'import_contacts',
      { importId },
      { key: `import:${importId}`, keep: 'earliest' },
    );
  }
  if (abandoned.length > 0) {
    deps.log.warn(
      { imports: abandoned.map((row) => row.id) },
      'imports were under way when their process died',
    );
  }
  return abandoned;
}
