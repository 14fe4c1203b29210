import { parentPort, workerData } from 'node:worker_threads';
import { CopyFailed, inImportTransaction } from '#db/copy-contacts.ts';
import { FILE_LIMITS, FileRefused } from '#domain/contact-import/file-problems.ts';
import { HEAD_BYTES, readSample } from '#domain/contact-import/file-sample.ts';
import { suggestMapping } from '#domain/contact-import/mapping.ts';
import {
  type FromWorker,
  type ImportCounts,
  type ImportEnd,
  type ImportJob,
  PIECES_AHEAD,
  type ToWorker,
} from './import-protocol.ts';
import { readRows } from './import-rows.ts';
import { CampaignStarted, ImportSuperseded, runImport } from './import-run.ts';

/*
 * The thread that loads one file, so that the serving thread stays free. The file comes in as messages, asked for one by
 * one; progress goes out. An error that is not about the file ends the thread and reaches the verb that started it.
 */

const PROGRESS_EVERY_MS = 500;
const CAMPAIGN_STARTED =
  'The campaign was started or ended while the file was loading. Load the file again when it takes contacts.';

if (parentPort) await main(parentPort, workerData as ImportJob & { now: string });

type Port = NonNullable<typeof parentPort>;

async function main(port: Port, job: ImportJob & { now: string }): Promise<void> {
  const source = openSource(port);
  const end = await load(port, job, source);
  port.postMessage({ kind: 'end', end } satisfies FromWorker);
  port.close();
}

async function load(port: Port, job: ImportJob & { now: string }, source: Source): Promise<ImportEnd> {
  try {
    const { head, isWhole } = await source.readHead();
    const sample = readSample(head, isWhole, job.defaultCountry);
    const mapping =
      job.mapping.length > 0 ? job.mapping : suggestMapping(sample.headers, sample.rows, job.defaultCountry);
    if (!mapping.some((column) => column.target === 'phone_number')) {
      throw new FileRefused(job.mapping.length > 0 ? 'no_phone_chosen' : 'no_phone_column');
    }
    const watcher = { onProgress: createReporter(port), completedAt: () => source.commitInstant() };
    const result = await inImportTransaction(job.databaseUrl, (tx) =>
      runImport(tx, { ...job, mapping }, sample, readRows(source.pieces(head), sample), watcher),
    );
    return { kind: 'completed', result };
  } catch (error) {
    return endOf(error);
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

function createReporter(port: Port): (counts: ImportCounts) => void {
  let reportedAt = performance.now();
  return (counts) => {
    if (performance.now() - reportedAt < PROGRESS_EVERY_MS) return;
    reportedAt = performance.now();
    port.postMessage({ kind: 'progress', counts } satisfies FromWorker);
  };
}

/** The file as it comes in. */
type Source = {
  readHead(): Promise<{ head: Uint8Array; isWhole: boolean }>;
  /** The head again and then the rest. Throws `SourceBroken` when the file stops coming. */
  pieces(head: Uint8Array): AsyncGenerator<Uint8Array>;
  commitInstant(): Promise<string>;
};

class SourceBroken extends Error {
  override name = 'SourceBroken';
}

function openSource(port: Port): Source {
  const arrived: ToWorker[] = [];
  let wake = () => {};
  port.on('message', (message: ToWorker) => {
    arrived.push(message);
    wake();
  });
  const ask = (message: FromWorker) => port.postMessage(message);
  for (let ahead = 0; ahead < PIECES_AHEAD; ahead += 1) ask({ kind: 'pull' });

  const next = async (): Promise<ToWorker> => {
    for (;;) {
      const message = arrived.shift();
      if (message) return message;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  let total = 0;
  const nextPiece = async (): Promise<Uint8Array | null> => {
    const message = await next();
    if (message.kind === 'broken') throw new SourceBroken(message.sentence);
    if (message.kind !== 'bytes') return null;
    ask({ kind: 'pull' });
    total += message.bytes.length;
    if (total > FILE_LIMITS.bytes) throw new FileRefused('too_large');
    return message.bytes;
  };
  let isOver = false;
  return {
    async readHead() {
      const pieces: Uint8Array[] = [];
      let length = 0;
      while (length < HEAD_BYTES && !isOver) {
        const piece = await nextPiece();
        isOver = piece === null;
        if (piece) pieces.push(piece);
        length += piece?.length ?? 0;
      }
      return { head: Buffer.concat(pieces), isWhole: isOver };
    },
    async *pieces(head) {
      yield head;
      while (!isOver) {
        const piece = await nextPiece();
        isOver = piece === null;
        if (piece) yield piece;
      }
    },
    async commitInstant() {
      ask({ kind: 'ready' });
      const message = await next();
      if (message.kind !== 'commit') throw new Error(`a commit was expected, not ${message.kind}`);
      return message.at;
    },
  };
}
