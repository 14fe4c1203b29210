import type { MessagePort } from 'node:worker_threads';
import { FILE_LIMITS, FileRefused } from '#domain/contact-import/file-problems.ts';
import { type FileBeginning, HEAD_BYTES } from '#domain/contact-import/file-sample.ts';
import { type FromWorker, PIECES_AHEAD, type ToWorker } from './import-protocol.ts';

/** A file as it comes into the thread, piece by piece, asked for a few ahead. */
export type Source = {
  /** Enough of the beginning to understand the file, and whether that is all of it. */
  readHead(): Promise<FileBeginning>;
  /** The head again and then the rest. Throws `SourceBroken` when the file stops coming. */
  pieces(head: Uint8Array): AsyncGenerator<Uint8Array>;
  /** The instant to commit at, from the clock that the thread does not have. */
  commitInstant(): Promise<string>;
};

/** The file stopped coming; `message` is the sentence for the person. */
export class SourceBroken extends Error {
  override name = 'SourceBroken';
}

/** Opens the thread's end of the channel through which the file comes. */
export function openSource(port: MessagePort): Source {
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
      return { bytes: Buffer.concat(pieces), isWhole: isOver };
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
