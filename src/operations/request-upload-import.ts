import { readImport } from '#db/imports.ts';
import type { Actor } from '#domain/actor.ts';
import { applyGivenMapping, type GivenMapping } from '#domain/contact-import/given-mapping.ts';
import { mappingProblems } from '#domain/contact-import/mapping.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { forgetUpload } from './forget-upload.ts';
import type { ReceivedUpload } from './receive-upload.ts';
import { requestImport } from './request-import.ts';

export type UploadImport = {
  campaignId: number;
  upload: ReceivedUpload;
  /** What the client says its columns are; the others are as they are guessed. */
  columnMappings: GivenMapping;
  /** What the campaign knows of columns; of those that the file has not, nothing is meant. */
  usualMappings?: GivenMapping;
  mode: 'append' | 'replace';
  actor: Actor;
  requestKey: string;
};

/**
 * Asks for a file that was sent over the API to be loaded into a campaign. Throws `upload_refused` when its columns cannot
 * be used as mapped and `wrong_status` when the campaign takes no contacts now; the file is gone then.
 */
export async function requestUploadImport(deps: Deps, input: UploadImport): Promise<{ importId: number }> {
  const { fileId, fileName } = input.upload;
  try {
    const { importId } = await requestImport(deps, {
      campaignId: input.campaignId,
      fileId,
      fileName,
      mapping: mappingOf(input),
      mode: input.mode,
      actor: input.actor,
      requestKey: input.requestKey,
      place: null,
    });
    // A repeated request has sent the file once more, and the first one is what is loaded.
    const row = await readImport(deps.db, importId);
    if (row?.fileId !== fileId) await forgetUpload(deps, fileId);
    return { importId };
  } catch (error) {
    await forgetUpload(deps, fileId);
    throw error;
  }
}

function mappingOf({ upload: { head }, columnMappings, usualMappings = {} }: UploadImport) {
  const suggested = withUsual(head.mapping, usualMappings);
  const { mapping, problems } = applyGivenMapping(suggested, columnMappings);
  const [problem] = [...problems, ...(head.problem ? missing(mapping, head.problem.sentence) : [])];
  const unusable = problem ?? mappingProblems(mapping)[0];
  if (unusable) throw new Refusal('upload_refused', { problem: unusable });
  return mapping;
}

/** As the campaign maps these columns; as they are guessed where that does not go together. */
function withUsual(suggested: ReceivedUpload['head']['mapping'], usual: GivenMapping) {
  const headers = new Set(suggested.map(({ header }) => header));
  const meant = Object.entries(usual).filter(([header]) => headers.has(header));
  const { mapping, problems } = applyGivenMapping(suggested, Object.fromEntries(meant));
  return problems.length > 0 || mappingProblems(mapping).length > 0 ? suggested : mapping;
}

/** Without a column of numbers the file's own sentence helps more than the mapping's. */
function missing(mapping: ReturnType<typeof applyGivenMapping>['mapping'], sentence: string): string[] {
  return mapping.some(({ target }) => target === 'phone_number') ? [] : [sentence];
}
