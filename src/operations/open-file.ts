import { readPieces, readUpload } from '#db/uploads.ts';
import { FileUnavailable } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/** A file to be loaded: its name, how large it is (0 when nobody said) and its bytes as they come. */
export type OpenFile = { name: string; size: number; stream: AsyncIterable<Uint8Array> };

/** Our own rows could not be read: the trouble of the database, which passes, and not of the file. */
export class UploadUnreadable extends Error {
  override name = 'UploadUnreadable';
}

const UPLOAD = 'upload:';
const NOT_KEPT = 'The file that was sent is not kept any more. Send it again.';

/**
 * Opens a file by its id, wherever it lies: one that was sent over the API in our own rows, any other in the chat. Throws
 * `FileUnavailable` with a sentence when it cannot be had, `ChatUnavailable` when the chat cannot be asked; its bytes, what
 * the chat throws, or `UploadUnreadable`.
 */
export async function openFile(
  deps: Pick<Deps, 'db' | 'chat'>,
  { workspaceId, fileId }: { workspaceId: number; fileId: string },
): Promise<OpenFile> {
  const uploadId = uploadIdOf(fileId);
  if (uploadId === null) return deps.chat.downloadFile(fileId);
  const upload = await readUpload(deps.db, { workspaceId, uploadId });
  if (!upload) throw new FileUnavailable(NOT_KEPT);
  return { name: upload.fileName, size: upload.bytes, stream: allOf(upload, readPieces(deps.db, uploadId)) };
}

/** The pieces of a file; a part of it is never taken for the whole. */
async function* allOf({ bytes }: { bytes: number }, pieces: AsyncIterable<Uint8Array>) {
  let left = bytes;
  try {
    for await (const piece of pieces) {
      left -= piece.length;
      yield piece;
    }
  } catch (cause) {
    throw new UploadUnreadable('a file that was sent could not be read', { cause });
  }
  if (left !== 0) throw new FileUnavailable(NOT_KEPT);
}

/** The id under which a file that was sent over the API is opened. */
export function uploadFileId(uploadId: number): string {
  return `${UPLOAD}${uploadId}`;
}

/** The row of a file that was sent over the API; null for a file in the chat. */
export function uploadIdOf(fileId: string): number | null {
  return fileId.startsWith(UPLOAD) ? Number(fileId.slice(UPLOAD.length)) : null;
}
