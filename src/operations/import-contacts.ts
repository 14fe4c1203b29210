import { isConnectionLost } from '#db/connection-problem.ts';
import {
  failImport,
  type ImportRow,
  type ImportRun,
  keepImport,
  readImport,
  readImportTarget,
  releaseImport,
  takeImport,
} from '#db/imports.ts';
import type { ColumnMapping } from '#domain/contact-import/mapping.ts';
import { canImport } from '#domain/lifecycle.ts';
import { ChatUnavailable, FileUnavailable } from '#ports/chat.ts';
import type { Deps } from './deps.ts';
import { forgetUpload } from './forget-upload.ts';
import type { ImportCounts, ImportEnd, ImportJob } from './import-protocol.ts';
import { runThread } from './import-thread.ts';
import { openFile, UploadUnreadable } from './open-file.ts';
import { watchLease } from './recover-imports.ts';

/**
 * What came of an import, also when it had ended before; the row has the counts. `problem` is the sentence for the person;
 * nothing was loaded then. `not_ours`: somebody else runs it, or gave it up.
 */
export type ImportOutcome =
  | { kind: 'completed' }
  | { kind: 'failed'; problem: string }
  | { kind: 'not_ours' };

export type ImportInput = {
  importId: number;
  /** Ends the import early, to be run again from its start. */
  signal?: AbortSignal;
  /** Hears of every change in the stored counts, for a message that follows them. */
  onProgress?: () => Promise<void>;
};

/**
 * Loads one file into its campaign, in a thread and a transaction of its own (performance.md §2c): everything of it or
 * nothing, and the import's row says which in that same transaction. A file that cannot be had or read ends the import
 * with a sentence. Throws when the chat cannot be asked or `signal` fires, and the import waits to be run again from its
 * start; and when the database is gone, and `recoverImports` has it taken up again.
 */
export async function importContacts(
  deps: Deps,
  { importId, ...watching }: ImportInput,
): Promise<ImportOutcome> {
  const startedAt = deps.clock.now();
  const leaseUntil = deps.clock.realDelay(LEASE_REAL_MS);
  const row = await takeImport(deps.db, importId, startedAt, leaseUntil);
  if (!row) return storedOutcome(await readImport(deps.db, importId));
  await watchLease(deps, leaseUntil);
  const run = { importId, startedAt };
  const lease = keepLease(deps, run, watching.onProgress);
  const signal = watching.signal ? AbortSignal.any([watching.signal, lease.signal]) : lease.signal;
  try {
    const outcome = await load(deps, row, { signal, onProgress: lease.report })
      .then((how) => end(deps, run, how))
      .catch((error) => {
        if (lease.signal.aborted) return NOT_OURS;
        return giveUp(deps, row, run, error, signal);
      });
    if (outcome.kind !== 'not_ours') await forgetUpload(deps, row.fileId);
    return outcome;
  } finally {
    await lease.stop();
  }
}

const NOT_OURS: ImportOutcome = { kind: 'not_ours' };
const LEASE_REAL_MS = 30_000;
const SAVE_EVERY_MS = 1_000;
const NOTHING_LOADED = 'Nothing was loaded.';
const UNEXPECTED =
  'Something went wrong on our side while the file was loading. Load it again; if that fails too, tell an admin.';
const CHANNELS: Record<'call' | 'sms' | 'mixed', ('voice' | 'sms')[]> = {
  call: ['voice'],
  sms: ['sms'],
  mixed: ['voice', 'sms'],
};

function storedOutcome(row: ImportRow | null): ImportOutcome {
  if (row?.status === 'completed') return { kind: 'completed' };
  return row?.status === 'failed'
    ? { kind: 'failed', problem: row.problem ?? NOTHING_LOADED }
    : { kind: 'not_ours' };
}

type Watching = { signal: AbortSignal; onProgress(counts: ImportCounts): void };

async function load(deps: Deps, row: ImportRow, watching: Watching): Promise<ImportEnd> {
  const target = await readImportTarget(deps.db, row.campaignId);
  if (!target || !canImport(target.status)) {
    return {
      kind: 'refused',
      sentence: 'The campaign takes no contacts now: it has to be a draft, scheduled or paused.',
    };
  }
  const job: ImportJob = {
    databaseUrl: deps.databaseUrl,
    importId: row.id,
    workspaceId: target.workspaceId,
    campaignId: row.campaignId,
    fileName: row.fileName,
    mode: row.mode,
    channels: CHANNELS[target.campaignType],
    defaultCountry: target.defaultCountry,
    mapping: row.mapping as ColumnMapping[],
    startedAt: row.startedAt?.toISOString() ?? '',
    now: deps.clock.now().toISOString(),
    mayCopyDirectly: true,
  };
  const owner = { ...watching, now: () => deps.clock.now() };
  const first = await runThread(job, await download(deps, row), owner);
  if (first.kind !== 'copy_failed') return first;
  // Somebody else put one of the numbers into the empty campaign meanwhile: the careful way copes with that.
  deps.log.warn(
    { importId: row.id, cause: first.cause },
    'rows could not be copied straight into the campaign',
  );
  return runThread({ ...job, mayCopyDirectly: false }, await download(deps, row), owner);
}

async function download(deps: Deps, row: ImportRow): Promise<AsyncIterable<Uint8Array>> {
  return (await openFile(deps, row)).stream;
}

async function end(deps: Deps, run: ImportRun, how: ImportEnd): Promise<ImportOutcome> {
  if (how.kind === 'refused') return fail(deps, run, how.sentence);
  if (how.kind === 'superseded') return { kind: 'not_ours' };
  if (how.kind === 'copy_failed') throw new Error(`rows could not be copied: ${how.cause}`);
  return { kind: 'completed' };
}

/**
 * An error that is about the file ends the import; one that will pass puts it back; any other ends it and is told. While the
 * database cannot be reached nothing can be written down: the lease runs out, and the reaper has the file taken up again.
 */
async function giveUp(
  deps: Deps,
  row: ImportRow,
  run: ImportRun,
  error: unknown,
  signal: AbortSignal,
): Promise<ImportOutcome> {
  if (error instanceof FileUnavailable) return fail(deps, run, error.message);
  if (error instanceof ChatUnavailable || signal.aborted) {
    await releaseImport(deps.db, run);
    throw error;
  }
  if (error instanceof UploadUnreadable || isConnectionLost(error)) throw error;
  deps.log.error({ importId: row.id, err: error }, 'an import broke');
  return fail(deps, run, UNEXPECTED);
}

async function fail(deps: Deps, run: ImportRun, sentence: string): Promise<ImportOutcome> {
  const problem = `${sentence} ${NOTHING_LOADED}`;
  const isOurs = await failImport(deps.db, run, { problem, completedAt: deps.clock.now() });
  return isOurs ? { kind: 'failed', problem } : { kind: 'not_ours' };
}

/** Renews the lease and stores the newest counts once a second. Aborts when the import was given up elsewhere. */
function keepLease(deps: Deps, run: ImportRun, onProgress: (() => Promise<void>) | undefined) {
  const lost = new AbortController();
  let newest: ImportCounts | null = null;
  let saving = Promise.resolve();
  const save = async () => {
    const counts = newest;
    newest = null;
    const leaseUntil = deps.clock.realDelay(LEASE_REAL_MS);
    const isOurs = await keepImport(deps.db, run, { ...(counts ? columnsOf(counts) : {}), leaseUntil });
    if (isOurs) return counts ? onProgress?.() : undefined;
    // The thread may have committed since; then there is nothing left to keep.
    const row = await readImport(deps.db, run.importId);
    if (row?.status !== 'completed') lost.abort(new Error('the import was given up elsewhere'));
  };
  const timer = setInterval(() => {
    saving = saving
      .then(save)
      .catch((error) => deps.log.warn({ err: error }, 'progress of an import was not stored'));
  }, SAVE_EVERY_MS);
  return {
    signal: lost.signal,
    report: (counts: ImportCounts) => {
      newest = { ...counts };
    },
    stop: async () => {
      clearInterval(timer);
      await saving;
    },
  };
}

function columnsOf(counts: ImportCounts) {
  return {
    rowCount: counts.rows,
    importedCount: counts.loaded,
    duplicateCount: counts.duplicates,
    existingCount: counts.existing,
    invalidCount: counts.invalid,
    suppressedCount: counts.suppressed,
  };
}
