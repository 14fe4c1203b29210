import { setImmediate as nextTurn } from 'node:timers/promises';
import { campaignIdsIn } from '#db/campaigns.ts';
import {
  analyzeSuppressions,
  endSuppressionImport,
  releaseSuppressionImport,
  type SuppressionImportRow,
  takeSuppressionImport,
} from '#db/suppression-imports.ts';
import { changeWorkspace, readWorkspace } from '#db/workspaces.ts';
import { FILE_LIMITS, FileRefused } from '#domain/contact-import/file-problems.ts';
import { type FileSample, HEAD_BYTES, readSample } from '#domain/contact-import/file-sample.ts';
import { type ListedNumber, type NumberList, readNumberList } from '#domain/contact-import/number-list.ts';
import { FileUnavailable } from '#ports/chat.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';
import { forgetUpload } from './forget-upload.ts';
import { readRows } from './import-rows.ts';
import { LOAD_LEASE_REAL_MS, LoadSuperseded, loadBatch } from './load-suppressions.ts';
import { openFile } from './open-file.ts';
import { createLoadTeller, describeLoad } from './tell-suppression-import.ts';
import { wakeCampaign } from './wake-campaign.ts';

/** Rows of one transaction: a tenth of a second of locks, so that an opt-out of one of them need not wait for the file. */
const BATCH = 5_000;

/** Rows that are read before others of this process have their turn. */
const AT_A_TIME = 500;

/**
 * Loads a file into the do-not-call list, batch by batch: what is read counts at once, and whoever goes on after a crash
 * begins behind the last batch. The bytes stream, so a million numbers take no more memory than a hundred. A national list
 * sets how fresh the workspace's is (telephony.md §6). `signal` ends it early, to be gone on with by another process.
 */
export async function importSuppressions(
  deps: Deps,
  { importId }: { importId: number },
  signal?: AbortSignal,
): Promise<void> {
  const leaseUntil = deps.clock.realDelay(LOAD_LEASE_REAL_MS);
  const row = await takeSuppressionImport(deps.db, { id: importId, now: deps.clock.now(), leaseUntil });
  if (!row) return;
  const loader = createLoader(deps, row);
  try {
    await loader.load(signal);
    await complete(deps, loader.row());
  } catch (error) {
    if (error instanceof LoadSuperseded) return;
    if (error instanceof FileRefused || error instanceof FileUnavailable)
      return await fail(deps, loader.row(), error.message);
    await releaseSuppressionImport(deps.db, importId);
    throw error;
  }
}

function createLoader(deps: Deps, taken: SuppressionImportRow) {
  let row = taken;
  const teller = createLoadTeller(deps);
  return {
    row: () => row,
    async load(signal: AbortSignal | undefined) {
      const workspace = await readWorkspace(deps.db, row.workspaceId);
      const { size, stream } = await openFile(deps, row);
      if (size > FILE_LIMITS.bytes) throw new FileRefused('too_large');
      const numbers = await openNumbers(stream, workspace?.defaultCountry ?? 'US');
      const behind = row.rowCount;
      for await (const batch of batchesBehind(numbers, behind)) {
        signal?.throwIfAborted();
        const isFirst = row.rowCount === behind;
        row = await loadBatch(deps, row, batch);
        if (isFirst) await analyzeSuppressions(deps.db);
        await teller.show(row);
      }
    },
  };
}

/** Every row of the file that is not blank, read as a number. */
async function* openNumbers(
  stream: AsyncIterable<Uint8Array>,
  defaultCountry: string,
): AsyncGenerator<ListedNumber[]> {
  const pieces = stream[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let isWhole = false;
  for (let length = 0; length < HEAD_BYTES && !isWhole; ) {
    const { done, value } = await pieces.next();
    if (done) isWhole = true;
    else {
      head.push(value);
      length += value.length;
    }
  }
  const bytes = Buffer.concat(head);
  const sample = readSample({ bytes, isWhole }, defaultCountry);
  const list = readNumberList(sample, defaultCountry);
  for await (const { rows } of readRows(rest(bytes, pieces), asRead(sample, list)))
    for (let from = 0; from < rows.length; from += AT_A_TIME) {
      const some = rows.slice(from, from + AT_A_TIME).map(({ cells }) => list.read(cells));
      yield some.filter(({ kind }) => kind !== 'blank');
      await nextTurn();
    }
}

function asRead(sample: FileSample, { hasHeader }: NumberList): FileSample {
  return sample.format.kind === 'csv' ? { ...sample, format: { ...sample.format, hasHeader } } : sample;
}

async function* rest(head: Uint8Array, pieces: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (;;) {
    const { done, value } = await pieces.next();
    if (done) return;
    yield value;
  }
}

/** Batches of the rows behind the first `skipped`, which were loaded before. */
async function* batchesBehind(
  rows: AsyncIterable<ListedNumber[]>,
  skipped: number,
): AsyncGenerator<ListedNumber[]> {
  let toSkip = skipped;
  let batch: ListedNumber[] = [];
  for await (const some of rows) {
    const fresh = some.slice(toSkip);
    toSkip -= some.length - fresh.length;
    for (const one of fresh) {
      batch.push(one);
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function complete(deps: Deps, row: SuppressionImportRow): Promise<void> {
  if (row.addedCount + row.knownCount === 0) return fail(deps, row, 'No row of it holds a phone number.');
  await end(deps, row, 'completed', null);
  if (row.kind === 'national')
    for (const campaignId of await campaignIdsIn(deps.db, row.workspaceId, ['running']))
      await wakeCampaign(deps.db, deps, campaignId);
}

async function fail(deps: Deps, row: SuppressionImportRow, sentence: string): Promise<void> {
  await end(deps, row, 'failed', sentence);
}

async function end(
  deps: Deps,
  row: SuppressionImportRow,
  status: 'completed' | 'failed',
  problem: string | null,
): Promise<void> {
  const heldUntil = row.leaseUntil;
  if (heldUntil === null) return;
  await deps.db.transaction(async (tx) => {
    const completedAt = deps.clock.now();
    const ended = await endSuppressionImport(tx, { id: row.id, heldUntil, status, problem, completedAt });
    if (!ended) return;
    // The list is as old as the file was when it was handed over.
    if (status === 'completed' && row.kind === 'national')
      await changeWorkspace(tx, row.workspaceId, { nationalListAt: row.createdAt });
    await announce(tx, deps, {
      workspaceId: row.workspaceId,
      campaignId: null,
      channelId: row.channelId,
      key: `suppression-import:${row.id}`,
      content: describeLoad(ended),
      place: 'channel',
    });
  });
  await forgetUpload(deps, row.fileId);
}
