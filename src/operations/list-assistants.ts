import { type AssistantRow, activeAssistants } from '#db/assistants.ts';
import type { Deps } from './deps.ts';

/** The assistants of a workspace that are in use, oldest first: the first one calls where nobody chose another. */
export async function listAssistants(
  deps: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): Promise<AssistantRow[]> {
  return activeAssistants(deps.db, workspaceId);
}
