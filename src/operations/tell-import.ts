import { changeImport, readImportWithCampaign } from '#db/import-requests.ts';
import { readRejects } from '#db/imports.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatPlace } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { drawImport, placeOfImport } from './show-import.ts';

const AGAIN_REAL_MS = 2_000;
const GIVE_UP_REAL_MS = 10 * 60_000;
/** More rejects than this are cut in the thread: nobody mends fifty megabytes by hand. */
const MAX_BYTES = 50_000_000;

/**
 * Tells the end of an import in its thread, with the rejected rows as a file. Tried again for ten minutes while Slack or
 * the card is out of reach; what may have been posted is tried at ever longer intervals, so that no thread fills with it.
 */
export async function tellImport(deps: Deps, { importId }: { importId: number }): Promise<void> {
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
  if (place && result?.kind === 'done') await sendRejects(deps, row.import, place, isLate);
  await changeImport(deps.db, importId, { toldAt: now });
}

async function again(deps: Deps, importId: number, at: Date): Promise<void> {
  await enqueue(deps.db, deps.clock, 'tell_import', { importId }, { key: `tell-import:${importId}`, at });
}

async function sendRejects(
  deps: Deps,
  { id: importId, fileName }: { id: number; fileName: string },
  place: ChatPlace,
  isLastTry: boolean,
): Promise<void> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const csv of readRejects(deps.db, importId)) {
    const piece = new TextEncoder().encode(csv);
    if (bytes + piece.length > MAX_BYTES) break;
    pieces.push(piece);
    bytes += piece.length;
  }
  if (bytes === 0) return;
  const name = `${fileName.replace(/\.[^.]*$/, '')}-rejected.csv`;
  const comment =
    'These rows were not loaded; each says its line and why. Mend them and drop the file again.';
  const result = await deps.chat.uploadFile(place, {
    name,
    title: name,
    comment,
    content: Buffer.concat(pieces),
  });
  const isPassing = result.kind === 'throttled' || result.kind === 'unknown';
  if (isPassing && !isLastTry) throw new Error(`the rejected rows: ${result.kind}`);
  if (result.kind !== 'done')
    deps.log.warn({ importId, result: result.kind }, 'the rejected rows were not posted');
}
