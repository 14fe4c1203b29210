import { type FormDraftRow, readFormDraft } from '#db/form-drafts.ts';
import type { Deps } from './deps.ts';

/** What somebody had typed before, or null; a draft is shown to nobody else. */
export async function loadFormDraft(
  deps: Pick<Deps, 'db'>,
  { id, userId }: { id: string; userId: string },
): Promise<FormDraftRow | null> {
  return readFormDraft(deps.db, id, userId);
}
