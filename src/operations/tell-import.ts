import { changeImport, readImportWithCampaign } from '#db/import-requests.ts';
import { readRejects } from '#db/imports.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { drawImport, placeOfImport } from './show-import.ts';
import { uploadInParts } from './upload-in-parts.ts';

const AGAIN_REAL_MS = 2_000;
const GIVE_UP_REAL_MS = 10 * 60_000;

/**
 * Tells the end of an import in its thread, with the rejected rows as a file, or as several where one would be too long. Tried again for ten minutes while Slack or
 * the card is out of reach; what may have been posted is tried at ever longer intervals, so that no thread fills with it.
 */
export async function tellImport(
  deps: Deps,
  { importId }: { importId: number },
  maxBytes?: number,
): Promise<void> {
  const row = await readImportWithCampaign(deps.db, importId);
  if (!row || row.import.toldAt) return;
  const now = deps.clock.now();
  if (!row.import.channelId) return changeImport(deps.db, importId, { toldAt: now });
  const since = row.import.completedAt ?? row.import.createdAt;
  const elapsedMs = now.getTime() - since.getTime();
  const isLate = elapsedMs > deps.clock.realDelay(GIVE_UP_REAL_MS).getTime() - now.getTime();
  const place = await placeOfImport(deps, row);
  const soon = deps.clock.realDelay(AGAIN_REAL_MS);
  if (!place && !isLate) return again(deps, importId, soon);
  const result = place ? await drawImport(deps, row, place) : null;
  if (result?.kind === 'throttled' && !isLate)
    return again(deps, importId, deps.clock.realDelay(result.retryAfterMs));
  if (result?.kind === 'unknown' && !isLate)
    return again(deps, importId, new Date(Math.max(soon.getTime(), now.getTime() + elapsedMs)));
  if (place && result?.kind === 'done')
    await sendRejects(deps, row.import, place, { isLastTry: isLate, maxBytes });
  await changeImport(deps.db, importId, { toldAt: now });
}

async function again(deps: Deps, importId: number, at: Date): Promise<void> {
  await enqueue(deps.db, deps.clock, 'tell_import', { importId }, { key: `tell-import:${importId}`, at });
}

async function sendRejects(
  deps: Deps,
  { id: importId, fileName }: { id: number; fileName: string },
  place: ChatPlace,
  { isLastTry, maxBytes }: { isLastTry: boolean; maxBytes?: number },
): Promise<void> {
  const name = `${fileName.replace(/\.[^.]*$/, '')}-rejected`;
  const file = {
    name,
    title: `${name}.csv`,
    what: 'These rows were not loaded; each says its line and why',
    note: 'Mend them and drop the file again.',
    rows: readRejects(deps.db, importId),
  };
  try {
    await uploadInParts(deps, place, file, maxBytes);
  } catch (cause) {
    if (!isLastTry) throw cause;
    deps.log.warn({ importId, cause }, 'the rejected rows were not posted');
  }
}
