import { loadFormDraft } from '#operations/load-form-draft.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import type { Entry } from '#slack/context.ts';

type Owner = Pick<Entry, 'deps' | 'workspaceId' | 'userId'>;

/**
 * What somebody typed in a form, kept under a key of theirs so that the same form opens with it again. `at` is Slack's
 * time of the change (`1718.000100`): changes may overtake each other on the way, and an older one changes nothing.
 */
export async function keepTyped(
  owner: Owner,
  kind: string,
  about: string,
  data: object,
  at = '',
): Promise<void> {
  const { deps, workspaceId, userId } = owner;
  const id = keyOf(owner, kind, about);
  if (at !== '' && isOlder(at, await loadFormDraft(deps, { id, userId }))) return;
  await saveFormDraft(deps, {
    id,
    workspaceId,
    userId,
    kind,
    data: { ...data, ...(at === '' ? {} : { typedAt: at }) },
  });
}

function isOlder(at: string, kept: { data: unknown } | null): boolean {
  const data = kept?.data;
  const typedAt = data && typeof data === 'object' && 'typedAt' in data ? Number(data.typedAt) : 0;
  return Number(at) < typedAt;
}

/** Null when nothing is kept. */
export async function recallTyped(
  owner: Owner,
  kind: string,
  about: string,
): Promise<Record<string, unknown> | null> {
  const draft = await loadFormDraft(owner.deps, { id: keyOf(owner, kind, about), userId: owner.userId });
  const data = draft?.data;
  if (!data || typeof data !== 'object') return null;
  const typed = data as Record<string, unknown>;
  return TYPED_FIELDS.some((field) => typedText(typed, field) !== '') ? typed : null;
}

const TYPED_FIELDS = ['name', 'message', 'fallbacks'];

/** What was sent off need not be kept, nor what was typed before that and is still on its way. */
export async function forgetTyped(owner: Owner, kind: string, about: string): Promise<void> {
  await keepTyped(owner, kind, about, { typedAt: String(Date.now() / 1000) });
}

export function typedText(data: Record<string, unknown> | null, name: string): string {
  const value = data?.[name];
  return typeof value === 'string' ? value : '';
}

function keyOf({ workspaceId, userId }: Owner, kind: string, about: string): string {
  return `${kind}:${workspaceId}:${userId}:${about}`;
}
