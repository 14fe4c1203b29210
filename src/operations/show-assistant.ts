import { type AssistantRow, readAssistant } from '#db/assistants.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** One assistant of a workspace, a retired one too. Throws `assistant_not_found`. */
export async function showAssistant(
  deps: Pick<Deps, 'db'>,
  { workspaceId, assistantId }: { workspaceId: number; assistantId: number },
): Promise<AssistantRow> {
  const assistant = await readAssistant(deps.db, workspaceId, assistantId);
  if (!assistant) throw new Refusal('assistant_not_found', { wanted: `#${assistantId}` });
  return assistant;
}
