import { changeImport, readImportWithCampaign } from '#db/import-requests.ts';
import { readRejects } from '#db/imports.ts';
import { enqueue } from '#db/queue.ts';
import type { ChatPlace, ChatResult } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { drawImport, placeOfImport } from './show-import.ts';

const AGAIN_REAL_MS = 2_000;
const GIVE_UP_REAL_MS = 10 * 60_000;
/** More rejects than this are cut in the thread: nobody mends fifty megabytes by hand. */
const MAX_BYTES = 50_000_000;

/** Tells the end of an import in its thread, with the rejected rows as a file. Tried again until it is told. */
export async function tellImport(deps: Deps, { importId }: { importId: number }): Promise<void> {
  const row = await readImportWithCampaign(deps.db, importId);
  if (!row || row.import.toldAt) return;
  const now = deps.clock.now();
  if (!row.import.channelId) return changeImport(deps.db, importId, { toldAt: now });
  const since = row.import.completedAt ?? row.import.createdAt;
  const isLate =
    now.getTime() - since.getTime() > deps.clock.realDelay(GIVE_UP_REAL_MS).getTime() - now.getTime();
  const place = await placeOfImport(deps, row);
  if (!place && !isLate) return again(deps, importId, AGAIN_REAL_MS);
  const result = place ? await drawImport(deps, row, place) : null;
  if (result && isPassing(result) && !isLate) {
    return again(deps, importId, result.kind === 'throttled' ? result.retryAfterMs : AGAIN_REAL_MS);
  }
  if (place && !isLate) await sendRejects(deps, importId, place, row.import.fileName);
  await changeImport(deps.db, importId, { toldAt: now });
}

function isPassing(result: ChatResult): boolean {
  return result.kind === 'throttled' || result.kind === 'unknown';
}

async function again(deps: Deps, importId: number, afterRealMs: number): Promise<void> {
  const at = deps.clock.realDelay(afterRealMs);
  await enqueue(deps.db, deps.clock, 'tell_import', { importId }, { key: `tell-import:${importId}`, at });
}

async function sendRejects(deps: Deps, importId: number, place: ChatPlace, fileName: string): Promise<void> {
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
  if (isPassing(result)) throw new Error(`the rejected rows: ${result.kind}`);
  if (result.kind !== 'done')
    deps.log.warn({ importId, result: result.kind }, 'the rejected rows were not posted');
}
