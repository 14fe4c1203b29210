import { enqueue } from '#db/queue.ts';
import { waitingSuppressionImportIds } from '#db/suppression-imports.ts';
import type { Deps } from './deps.ts';

/** Has files for the do-not-call list gone on with whose loader died, and those whose task was lost. */
export async function recoverSuppressionImports(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  for (const importId of await waitingSuppressionImportIds(deps.db, deps.clock.now()))
    await enqueue(
      deps.db,
      deps.clock,
      'import_suppressions',
      { importId },
      { key: `import-suppressions:${importId}`, keep: 'earliest' },
    );
}
