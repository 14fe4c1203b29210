import { loadFormDraft } from '#operations/load-form-draft.ts';
import { saveFormDraft } from '#operations/save-form-draft.ts';
import type { Entry } from '#slack/context.ts';

type Owner = Pick<Entry, 'deps' | 'workspaceId' | 'userId'>;
type Typed = Record<string, unknown>;

/** Stand beside what was typed; a draft of nothing else is empty. */
const ASIDE = new Set(['version', 'typedAt', 'channelId', 'campaignType']);

/**
 * What somebody typed in a form, kept under a key of theirs so that the same form opens with it again. A form that does not
 * show a field at the moment leaves what was typed there before. `at` is Slack's time of the change (`1718.000100`):
 * changes may overtake each other on the way, and an older one changes nothing.
 */
export async function keepTyped(
  owner: Owner,
  kind: string,
  about: string,
  data: Typed,
  at = '',
): Promise<void> {
  const kept = await readKept(owner, kind, about);
  if (at !== '' && Number(at) < Number(kept.typedAt ?? 0)) return;
  const before = kept.version === data.version ? kept : {};
  await save(owner, kind, about, { ...before, ...data, ...(at === '' ? {} : { typedAt: at }) });
}

/** Null when nothing is kept. */
export async function recallTyped(owner: Owner, kind: string, about: string): Promise<Typed | null> {
  const kept = await readKept(owner, kind, about);
  const isTyped = Object.keys(kept).some((name) => !ASIDE.has(name) && typedText(kept, name) !== '');
  return isTyped ? kept : null;
}

/** What was sent off need not be kept, nor what was typed before that and is still on its way. */
export async function forgetTyped(owner: Owner, kind: string, about: string): Promise<void> {
  await save(owner, kind, about, { typedAt: String(Date.now() / 1000) });
}

export function typedText(data: Typed | null, name: string): string {
  const value = data?.[name];
  return typeof value === 'string' ? value : '';
}

async function readKept(owner: Owner, kind: string, about: string): Promise<Typed> {
  const draft = await loadFormDraft(owner.deps, { id: keyOf(owner, kind, about), userId: owner.userId });
  const data = draft?.data;
  return data && typeof data === 'object' ? (data as Typed) : {};
}

async function save(owner: Owner, kind: string, about: string, data: Typed): Promise<void> {
  const { deps, workspaceId, userId } = owner;
  await saveFormDraft(deps, { id: keyOf(owner, kind, about), workspaceId, userId, kind, data });
}

function keyOf({ workspaceId, userId }: Owner, kind: string, about: string): string {
  return `${kind}:${workspaceId}:${userId}:${about}`;
}
