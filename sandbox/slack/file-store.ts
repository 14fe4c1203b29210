/** Bytes of files on disk, one file each, streamed both ways. */

import { createReadStream, createWriteStream, mkdirSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';

export type FileStore = {
  /** Writes the bytes and says how many there were. */
  write(fileId: string, bytes: Uint8Array | ReadableStream<Uint8Array> | null): Promise<number>;
  read(fileId: string): ReadableStream<Uint8Array>;
  remove(fileId: string): Promise<void>;
  removeAll(): Promise<void>;
};

export function createFileStore(dir: string): FileStore {
  mkdirSync(dir, { recursive: true });
  const path = (fileId: string) => join(dir, fileId);
  return {
    async write(fileId, bytes) {
      const source =
        bytes instanceof Uint8Array
          ? Readable.from([Buffer.from(bytes)])
          : Readable.fromWeb((bytes ?? new Blob([]).stream()) as WebStream);
      await pipeline(source, createWriteStream(path(fileId)));
      return (await stat(path(fileId))).size;
    },
    read: (fileId) => Readable.toWeb(createReadStream(path(fileId))) as ReadableStream<Uint8Array>,
    remove: (fileId) => rm(path(fileId), { force: true }),
    removeAll: () => rm(dir, { recursive: true, force: true }),
  };
}
