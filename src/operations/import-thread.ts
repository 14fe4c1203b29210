import { Worker } from 'node:worker_threads';
import { ChatUnavailable, FileUnavailable } from '#ports/chat.ts';
import type { FromWorker, ImportCounts, ImportEnd, ImportJob, ToWorker } from './import-protocol.ts';
import { UploadUnreadable } from './open-file.ts';

/** What the verb that starts a thread has to do for it. */
export type ThreadOwner = {
  onProgress(counts: ImportCounts): void;
  /** The instant of the commit, asked for once everything else is done. */
  now(): Date;
  /** Ends the thread early; its transaction is rolled back. */
  signal: AbortSignal;
};

/**
 * Has a thread load one file and feeds it the bytes, no faster than it takes them. Throws what is not about the file: the
 * database gone, the thread out of memory, the owner's abort.
 */
export async function runThread(
  job: ImportJob,
  bytes: AsyncIterable<Uint8Array>,
  owner: ThreadOwner,
): Promise<ImportEnd> {
  owner.signal.throwIfAborted();
  const worker = new Worker(ENTRY, { workerData: job, resourceLimits: MEMORY });
  const stop = () => void worker.terminate();
  owner.signal.addEventListener('abort', stop, { once: true });
  const credit = createCredit();
  const feeding = feed(worker, bytes, credit);
  try {
    const end = await new Promise<ImportEnd>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.kind === 'pull') credit.grant();
        else if (message.kind === 'progress') owner.onProgress(message.counts);
        else if (message.kind === 'ready') send(worker, { kind: 'commit', at: owner.now().toISOString() });
        else resolve(message.end);
      });
      worker.once('error', reject);
      worker.once('exit', () =>
        reject(owner.signal.reason ?? new Error('the import thread ended without a word')),
      );
      feeding.catch(reject);
    });
    return end;
  } finally {
    owner.signal.removeEventListener('abort', stop);
    credit.close();
    await worker.terminate();
  }
}

// The production bundle keeps the thread's code in a file of its own beside the main one.
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './import-worker.ts' : './import-worker.js',
  import.meta.url,
);
// A file that makes the thread grow past this ends the thread and not the process.
const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };
const BROKEN_OFF = 'The file could not be read to its end. Load it again.';

type Credit = { grant(): void; take(): Promise<boolean>; close(): void };

/** How many pieces the thread still wants; `take` answers false once nobody wants any. */
function createCredit(): Credit {
  let wanted = 0;
  let isClosed = false;
  let wake = () => {};
  return {
    grant() {
      wanted += 1;
      wake();
    },
    async take() {
      while (wanted === 0 && !isClosed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      wanted -= 1;
      return !isClosed;
    },
    close() {
      isClosed = true;
      wake();
    },
  };
}

async function feed(worker: Worker, bytes: AsyncIterable<Uint8Array>, credit: Credit): Promise<void> {
  try {
    for await (const piece of bytes) {
      if (!(await credit.take())) return;
      // A copy of its own, whose memory the thread takes over: the original may share a pool with others.
      const own = new Uint8Array(piece);
      worker.postMessage({ kind: 'bytes', bytes: own } satisfies ToWorker, [own.buffer]);
    }
    send(worker, { kind: 'finished' });
  } catch (error) {
    if (error instanceof ChatUnavailable || error instanceof UploadUnreadable) throw error;
    send(worker, { kind: 'broken', sentence: error instanceof FileUnavailable ? error.message : BROKEN_OFF });
  }
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}
