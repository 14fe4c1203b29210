import { readWorkspaces, type WorkspaceRow } from '#db/workspaces.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/**
 * The workspace that somebody at the machine means: by its number, its team’s id in Slack or its name, or the only one there
 * is when they do not say. Throws `workspace_unclear` with those that are known.
 */
export async function findWorkspace(
  deps: Pick<Deps, 'db'>,
  { wanted }: { wanted: string | null },
): Promise<WorkspaceRow> {
  const all = await readWorkspaces(deps.db);
  const fitting = wanted === null ? all : all.filter((workspace) => isMeant(workspace, wanted.trim()));
  const [found, another] = fitting;
  if (found && !another) return found;
  const known = (fitting.length > 0 ? fitting : all).map(({ slackTeamId, name }) => ({ slackTeamId, name }));
  throw new Refusal('workspace_unclear', { wanted, known });
}

function isMeant({ id, slackTeamId, name }: WorkspaceRow, wanted: string): boolean {
  return wanted === String(id) || wanted === slackTeamId || wanted.toLowerCase() === name.toLowerCase();
}
