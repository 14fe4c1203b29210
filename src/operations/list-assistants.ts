import { type AssistantRow, activeAssistants, allAssistants } from '#db/assistants.ts';
import type { Deps } from './deps.ts';

/** The assistants of a workspace, oldest first: those in use, of which the first calls where nobody chose another, or all. */
export async function listAssistants(
  deps: Pick<Deps, 'db'>,
  { workspaceId, withRetired = false }: { workspaceId: number; withRetired?: boolean },
): Promise<AssistantRow[]> {
  return withRetired ? allAssistants(deps.db, workspaceId) : activeAssistants(deps.db, workspaceId);
}
