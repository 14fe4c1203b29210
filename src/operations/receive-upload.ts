import { completeUpload, deleteUpload, insertPiece, insertUpload } from '#db/uploads.ts';
import { FILE_LIMITS, type FileProblem } from '#domain/contact-import/file-problems.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { uploadFileId } from './open-file.ts';
import { type FileHead, understandFile } from './read-file-head.ts';

/** Larger than what it takes to understand a file, and small enough to be handled between two other requests. */
const PIECE_BYTES = 512 * 1024;

export type Upload = { workspaceId: number; fileName: string; stream: AsyncIterable<Uint8Array> };
/** `fileId` is what an import is asked for with. */
export type ReceivedUpload = { fileId: string; fileName: string; head: FileHead };

/**
 * Keeps a file that somebody sends, piece by piece as it comes, and looks at its beginning on the way. A file that cannot
 * be loaded is refused as soon as that is known: `upload_too_large`, `upload_unsupported` for what is no list at all,
 * `upload_refused` for a list that cannot be read; one without a column of phone numbers is kept, and its head says so.
 * Of a file that was refused, or whose sender went away, nothing is left.
 */
export async function receiveUpload(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, fileName, stream }: Upload,
): Promise<ReceivedUpload> {
  const name = cleanName(fileName);
  const uploadId = await insertUpload(deps.db, {
    workspaceId,
    fileName: name,
    createdAt: deps.clock.now(),
  });
  try {
    const head = await keepPieces(deps, { workspaceId, uploadId, name }, stream);
    return { fileId: uploadFileId(uploadId), fileName: name, head };
  } catch (error) {
    await deleteUpload(deps.db, uploadId);
    throw error;
  }
}

async function keepPieces(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, uploadId, name }: { workspaceId: number; uploadId: number; name: string },
  stream: AsyncIterable<Uint8Array>,
): Promise<FileHead> {
  const understand = async (bytes: Uint8Array) => {
    const beginning = { bytes, isWhole: bytes.length < PIECE_BYTES };
    const head = await understandFile(deps, { workspaceId, fileName: name, beginning });
    if (head.problem && head.problem.code !== 'no_phone_column') throw refusalOf(head.problem);
    return head;
  };
  let head: FileHead | null = null;
  let bytes = 0;
  let seq = 0;
  for await (const piece of inPieces(stream)) {
    head ??= await understand(piece);
    await insertPiece(deps.db, { uploadId, seq, bytes: piece });
    bytes += piece.length;
    seq += 1;
  }
  head ??= await understand(new Uint8Array());
  await completeUpload(deps.db, uploadId, { bytes, receivedAt: deps.clock.now() });
  return head;
}

/** The same bytes in pieces of one size, the last one smaller. Throws `upload_too_large` where the limit is passed. */
async function* inPieces(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let length = 0;
  let total = 0;
  for await (const chunk of stream) {
    total += chunk.length;
    if (total > FILE_LIMITS.bytes) throw new Refusal('upload_too_large', LARGEST);
    waiting.push(chunk);
    length += chunk.length;
    while (length >= PIECE_BYTES) {
      const all = Buffer.concat(waiting);
      yield all.subarray(0, PIECE_BYTES);
      waiting = [all.subarray(PIECE_BYTES)];
      length -= PIECE_BYTES;
    }
  }
  if (length > 0) yield Buffer.concat(waiting);
}

const LARGEST = { megabytes: FILE_LIMITS.bytes / 1024 / 1024 };

/** What is no list of contacts at all, whatever is done to it. */
const FOREIGN = new Set<FileProblem | 'unavailable'>([
  'excel_workbook',
  'spreadsheet_document',
  'document',
  'archive',
  'html',
  'xml',
  'pdf',
  'image',
  'vcard',
  'binary',
]);

function refusalOf({ code, sentence }: NonNullable<FileHead['problem']>): Refusal {
  if (code === 'too_large') return new Refusal('upload_too_large', LARGEST);
  return new Refusal(FOREIGN.has(code) ? 'upload_unsupported' : 'upload_refused', { problem: sentence });
}

const LONGEST_NAME = 200;

/** A file’s name as it may be stored and shown: without folders, and without what no name should hold. */
function cleanName(fileName: string): string {
  const bare = fileName.toWellFormed().replace(/^.*[/\\]/s, '');
  return (
    bare
      .replace(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, LONGEST_NAME)
      .toWellFormed() || 'contacts.csv'
  );
}
