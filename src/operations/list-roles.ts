import { type RoleGrant, readGrants } from '#db/roles.ts';
import { readWorkspace } from '#db/workspaces.ts';
import type { Role } from '#domain/rights.ts';
import type { Deps } from './deps.ts';

/** The roles that were given in a workspace, and the one of everybody else. */
export async function listRoles(
  deps: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): Promise<{ standard: Role; grants: RoleGrant[] }> {
  const workspace = await readWorkspace(deps.db, workspaceId);
  if (!workspace) throw new Error(`there is no workspace ${workspaceId}`);
  return { standard: workspace.defaultRole as Role, grants: await readGrants(deps.db, workspaceId) };
}
