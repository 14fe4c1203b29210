import { readImportWithCampaign } from '#db/import-requests.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';
import { importContacts } from './import-contacts.ts';
import { showImport } from './show-import.ts';
import { touchCard } from './wake-campaign.ts';

/**
 * Loads a file into its campaign while a message in the thread follows it, then has its end told. Whoever dies in between
 * leaves an import that the reaper finds untold. `signal` ends it early, to be run again from its start.
 */
export async function runImport(
  deps: Deps,
  { importId }: { importId: number },
  signal?: AbortSignal,
): Promise<void> {
  await showImport(deps, { importId });
  const onProgress = () => showImport(deps, { importId });
  const outcome = await importContacts(deps, { importId, onProgress, signal });
  if (outcome.kind === 'not_ours') return;
  await deps.db.transaction(async (tx) => {
    const row = await readImportWithCampaign(tx, importId);
    if (row) await touchCard(tx, deps, row.import.campaignId);
    await enqueue(tx, deps.clock, 'tell_import', { importId }, { key: `tell-import:${importId}` });
  });
}
