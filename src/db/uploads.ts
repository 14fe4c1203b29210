import { and, eq, lt, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { uploadPieces, uploads } from './upload-schema.ts';

export type UploadRow = typeof uploads.$inferSelect;

/** Begins to keep a file that somebody sends; returns its id. */
export async function insertUpload(
  executor: Executor,
  row: Pick<UploadRow, 'workspaceId' | 'fileName' | 'createdAt'>,
): Promise<number> {
  const [made] = await executor.insert(uploads).values(row).returning({ id: uploads.id });
  if (!made) throw new Error('an upload was not made');
  return made.id;
}

/** Keeps the next piece of a file; each is a statement of its own, so that a slow sender holds no transaction open. */
export async function insertPiece(
  executor: Executor,
  piece: { uploadId: number; seq: number; bytes: Uint8Array },
): Promise<void> {
  await executor.insert(uploadPieces).values(piece);
}

/** Marks a file as being there to its end. */
export async function completeUpload(
  executor: Executor,
  uploadId: number,
  { bytes, receivedAt }: { bytes: number; receivedAt: Date },
): Promise<void> {
  await executor.update(uploads).set({ bytes, receivedAt }).where(eq(uploads.id, uploadId));
}

/** A file of a workspace that is there to its end, or null. */
export async function readUpload(
  executor: Executor,
  { workspaceId, uploadId }: { workspaceId: number; uploadId: number },
): Promise<UploadRow | null> {
  const [row] = await executor
    .select()
    .from(uploads)
    .where(
      and(
        eq(uploads.id, uploadId),
        eq(uploads.workspaceId, workspaceId),
        sql`${uploads.receivedAt} is not null`,
      ),
    );
  return row ?? null;
}

/** The bytes of a file, one piece in memory at a time. */
export async function* readPieces(executor: Executor, uploadId: number): AsyncGenerator<Uint8Array> {
  for (let seq = 0; ; seq += 1) {
    const [piece] = await executor
      .select({ bytes: uploadPieces.bytes })
      .from(uploadPieces)
      .where(and(eq(uploadPieces.uploadId, uploadId), eq(uploadPieces.seq, seq)));
    if (!piece) return;
    yield piece.bytes;
  }
}

export async function deleteUpload(executor: Executor, uploadId: number): Promise<void> {
  await executor.delete(uploads).where(eq(uploads.id, uploadId));
}

/** No import that is still to run, or runs, reads this file. */
const isUnread = sql`not exists (
    select from imports i where i.file_id = 'upload:' || ${uploads.id} and i.status in ('pending', 'processing'))
  and not exists (
    select from suppression_imports i where i.file_id = 'upload:' || ${uploads.id} and i.status in ('pending', 'processing'))`;

/** Forgets files that came before an instant and that nobody reads any more. */
export async function deleteOldUploads(executor: Executor, before: Date): Promise<void> {
  await executor.delete(uploads).where(and(lt(uploads.createdAt, before), isUnread));
}

/** Forgets the files of a workspace that nobody reads any more, whoever is named in them. */
export async function eraseUploads(executor: Executor, workspaceId: number): Promise<void> {
  await executor
    .delete(uploads)
    .where(and(eq(uploads.workspaceId, workspaceId), sql`${uploads.receivedAt} is not null`, isUnread));
}
