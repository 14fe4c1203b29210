import { loadFormDraft } from '#operations/load-form-draft.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import type { Entry } from '#slack/context.ts';

type Owner = Pick<Entry, 'deps' | 'workspaceId' | 'userId'>;

/** What somebody typed in a form, kept under a key of theirs so that the same form opens with it again. */
export async function keepTyped(owner: Owner, kind: string, about: string, data: object): Promise<void> {
  const { deps, workspaceId, userId } = owner;
  await saveFormDraft(deps, { id: keyOf(owner, kind, about), workspaceId, userId, kind, data });
}

/** Null when nothing is kept. */
export async function recallTyped(
  owner: Owner,
  kind: string,
  about: string,
): Promise<Record<string, unknown> | null> {
  const draft = await loadFormDraft(owner.deps, { id: keyOf(owner, kind, about), userId: owner.userId });
  const data = draft?.data;
  return data && typeof data === 'object' && Object.keys(data).length > 0
    ? (data as Record<string, unknown>)
    : null;
}

/** What was sent off need not be kept. */
export async function forgetTyped(owner: Owner, kind: string, about: string): Promise<void> {
  await keepTyped(owner, kind, about, {});
}

export function typedText(data: Record<string, unknown> | null, name: string): string {
  const value = data?.[name];
  return typeof value === 'string' ? value : '';
}

function keyOf({ workspaceId, userId }: Owner, kind: string, about: string): string {
  return `${kind}:${workspaceId}:${userId}:${about}`;
}
