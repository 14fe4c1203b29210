import { deleteUpload } from '#db/uploads.ts';
import type { Deps } from './deps.ts';
import { uploadIdOf } from './open-file.ts';

/** Removes a file that was sent over the API once nobody reads it any more; one in the chat is left where it is. */
export async function forgetUpload(deps: Pick<Deps, 'db'>, fileId: string): Promise<void> {
  const uploadId = uploadIdOf(fileId);
  if (uploadId !== null) await deleteUpload(deps.db, uploadId);
}
