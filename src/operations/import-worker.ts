import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { CopyFailed, inImportTransaction } from '#db/copy-contacts.ts';
import { FileRefused } from '#domain/contact-import/file-problems.ts';
import { readSample } from '#domain/contact-import/file-sample.ts';
import { suggestMapping } from '#domain/contact-import/mapping.ts';
import type { FromWorker, ImportCounts, ImportEnd, ImportJob } from './import-protocol.ts';
import { readRows } from './import-rows.ts';
import { CampaignStarted, ImportSuperseded, runImport } from './import-run.ts';
import { openSource, type Source, SourceBroken } from './import-source.ts';

/*
 * The thread that loads one file, so that the serving thread stays free. The file comes in as messages, asked for one by
 * one; progress goes out. An error that is not about the file ends the thread and reaches the verb that started it.
 */

const PROGRESS_EVERY_MS = 500;
const CAMPAIGN_STARTED =
  'The campaign was started or ended while the file was loading. Load the file again when it takes contacts.';

async function main(port: MessagePort, job: ImportJob): Promise<void> {
  const source = openSource(port);
  const end = await load(port, job, source);
  port.postMessage({ kind: 'end', end } satisfies FromWorker);
  port.close();
}

async function load(port: MessagePort, job: ImportJob, source: Source): Promise<ImportEnd> {
  const reporter = createReporter(port);
  try {
    const head = await source.readHead();
    const sample = readSample(head, job.defaultCountry);
    const mapping =
      job.mapping.length > 0 ? job.mapping : suggestMapping(sample.headers, sample.rows, job.defaultCountry);
    if (!mapping.some((column) => column.target === 'phone_number')) {
      throw new FileRefused(job.mapping.length > 0 ? 'no_phone_chosen' : 'no_phone_column');
    }
    // Keys of a JSON file that nobody mapped come as new columns, wherever they stand.
    const mapped = { ...sample, headers: mapping.map((column) => column.header) };
    const watcher = { onProgress: reporter.onProgress, completedAt: () => source.commitInstant() };
    const result = await inImportTransaction(job.databaseUrl, (tx) =>
      runImport(tx, { ...job, mapping }, mapped, readRows(source.pieces(head.bytes), mapped), watcher),
    );
    return { kind: 'completed', result };
  } catch (error) {
    return endOf(error);
  } finally {
    reporter.stop();
  }
}

function endOf(error: unknown): ImportEnd {
  if (error instanceof FileRefused || error instanceof SourceBroken) {
    return { kind: 'refused', sentence: error.message };
  }
  if (error instanceof CampaignStarted) return { kind: 'refused', sentence: CAMPAIGN_STARTED };
  if (error instanceof ImportSuperseded) return { kind: 'superseded' };
  if (error instanceof CopyFailed) return { kind: 'copy_failed', cause: String(error.cause) };
  throw error;
}

/** Tells the newest counts twice a second, also while nothing comes in. */
function createReporter(port: MessagePort) {
  let newest: ImportCounts | null = null;
  const timer = setInterval(() => {
    if (newest) port.postMessage({ kind: 'progress', counts: newest } satisfies FromWorker);
    newest = null;
  }, PROGRESS_EVERY_MS);
  return {
    onProgress: (counts: ImportCounts) => {
      newest = counts;
    },
    stop: () => clearInterval(timer),
  };
}

if (parentPort) await main(parentPort, workerData as ImportJob);
