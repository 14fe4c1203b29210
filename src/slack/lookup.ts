import { loadFormDraft } from '#operations/load-form-draft.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import type { Entry } from './context.ts';

const KIND = 'contact_lookup';

/** Keeps the number that somebody looks at under an id, so that no button and no form carries it. */
export async function rememberPhone(
  { deps, workspaceId, userId }: Pick<Entry, 'deps' | 'workspaceId' | 'userId'>,
  phone: string,
): Promise<string> {
  return (await saveFormDraft(deps, { workspaceId, userId, kind: KIND, data: { phone } })).id;
}

/** The number behind an id, for whoever looked it up and nobody else; null once it is forgotten. */
export async function recallPhone(
  { deps, userId }: Pick<Entry, 'deps' | 'userId'>,
  lookup: string,
): Promise<string | null> {
  const kept = await loadFormDraft(deps, { id: lookup, userId });
  return kept?.kind === KIND ? ((kept.data as { phone?: string }).phone ?? null) : null;
}
