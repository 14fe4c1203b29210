import { upsertFormDraft } from '#db/form-drafts.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

export type FormDraftInput = {
  id?: string;
  workspaceId: number;
  userId: string;
  kind: string;
  data: unknown;
};

/** Keeps what somebody has typed so far, so that a closed form loses nothing. Throws when the draft is somebody else's. */
export async function saveFormDraft(
  deps: Deps,
  input: FormDraftInput,
): Promise<{ id: string; version: number }> {
  const id = input.id ?? deps.randomToken();
  const version = await upsertFormDraft(deps.db, { ...input, id, updatedAt: deps.clock.now() });
  if (version === null)
    throw new Refusal('not_allowed', { doing: 'change somebody else’s draft', roles: [] });
  return { id, version };
}
