import { type ImportRow, nextImportLeaseEndAt, takeUpAbandoned, waitingImportIds } from '#db/imports.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';
import { forgetUpload } from './forget-upload.ts';

/** So that a file which brings the program down does not do so for ever. */
const MOST_INTERRUPTIONS = 3;
const GIVEN_UP =
  'Loading this file was interrupted three times, so it is not tried again. Nothing was loaded. Split the file and load the parts one after the other; if one of them fails too, tell an admin.';

/**
 * Has imports whose process died taken up again, and waiting ones run. An import writes its end in the transaction of its
 * contacts, so one that still says `processing` after its lease has loaded nothing and begins anew; a run that only seemed
 * dead ends without a trace, because it is no longer the one that the row names. Returns those whose process died.
 */
export async function recoverImports(deps: Deps): Promise<ImportRow[]> {
  const now = deps.clock.now();
  const abandoned = await takeUpAbandoned(deps.db, { now, most: MOST_INTERRUPTIONS, problem: GIVEN_UP });
  for (const { fileId, status } of abandoned) if (status === 'failed') await forgetUpload(deps, fileId);
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
      { imports: abandoned.map(({ id, status }) => ({ id, status })) },
      'imports were under way when their process died',
    );
  }
  const leaseEndAt = await nextImportLeaseEndAt(deps.db);
  if (leaseEndAt) await watchLease(deps, leaseEndAt);
  return abandoned;
}

/** Has the reaper look when the lease of an import ends, rather than within the minute. */
export async function watchLease(deps: Pick<Deps, 'db' | 'clock'>, at: Date): Promise<void> {
  await enqueue(deps.db, deps.clock, 'recover', {}, { key: 'recover:import', at, keep: 'earliest' });
}
