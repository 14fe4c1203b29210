import { readPieces, readUpload } from '#db/uploads.ts';
import { FileUnavailable } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

/** A file to be loaded: its name, how large it is (0 when nobody said) and its bytes as they come. */
export type OpenFile = { name: string; size: number; stream: AsyncIterable<Uint8Array> };

const UPLOAD = 'upload:';
const NOT_KEPT = 'The file that was sent is not kept any more. Send it again.';

/**
 * Opens a file by its id, wherever it lies: one that was sent over the API in our own rows, any other in the chat. Throws
 * `FileUnavailable` with a sentence when it cannot be had, `ChatUnavailable` when the chat cannot be asked.
 */
export async function openFile(
  deps: Pick<Deps, 'db' | 'chat'>,
  { workspaceId, fileId }: { workspaceId: number; fileId: string },
): Promise<OpenFile> {
  const uploadId = uploadIdOf(fileId);
  if (uploadId === null) return deps.chat.downloadFile(fileId);
  const upload = await readUpload(deps.db, { workspaceId, uploadId });
  if (!upload) throw new FileUnavailable(NOT_KEPT);
  return { name: upload.fileName, size: upload.bytes, stream: readPieces(deps.db, uploadId) };
}

/** The id under which a file that was sent over the API is opened. */
export function uploadFileId(uploadId: number): string {
  return `${UPLOAD}${uploadId}`;
}

/** The row of a file that was sent over the API; null for a file in the chat. */
export function uploadIdOf(fileId: string): number | null {
  return fileId.startsWith(UPLOAD) ? Number(fileId.slice(UPLOAD.length)) : null;
}
