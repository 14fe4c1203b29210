import { readSuppressionImport } from '#db/suppression-imports.ts';
import type { Deps } from './deps.ts';
import { forgetUpload } from './forget-upload.ts';
import type { ReceivedUpload } from './receive-upload.ts';
import { requestSuppressionImport, type SuppressionImportRequest } from './request-suppression-import.ts';

export type SuppressionUpload = Omit<SuppressionImportRequest, 'fileId' | 'fileName' | 'channelId'> & {
  upload: ReceivedUpload;
};

/** Has a file that was sent over the API loaded into the do-not-call list. When that cannot be asked for, the file is gone. */
export async function requestSuppressionUpload(
  deps: Pick<Deps, 'db' | 'clock'>,
  { upload, ...request }: SuppressionUpload,
): Promise<{ importId: number }> {
  const { fileId, fileName } = upload;
  try {
    const asked = { ...request, fileId, fileName, channelId: null };
    const { importId } = await requestSuppressionImport(deps, asked);
    // A repeated request has sent the file once more, and the first one is what is loaded.
    const row = await readSuppressionImport(deps.db, request.workspaceId, importId);
    if (row?.fileId !== fileId) await forgetUpload(deps, fileId);
    return { importId };
  } catch (error) {
    await forgetUpload(deps, fileId);
    throw error;
  }
}
