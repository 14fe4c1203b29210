import { readWorkspace } from '#db/workspaces.ts';
import type { Role } from '#domain/rights.ts';
import { WORKSPACE_SETTING_NAMES, type WorkspaceSettings } from '#domain/workspace-settings.ts';
import type { Deps } from './deps.ts';

/** The settings of a workspace as they stand. */
export async function showWorkspace(
  deps: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): Promise<WorkspaceSettings> {
  const row = await readWorkspace(deps.db, workspaceId);
  if (!row) throw new Error(`there is no workspace ${workspaceId}`);
  const settings: WorkspaceSettings = { ...row, defaultRole: row.defaultRole as Role };
  const named = WORKSPACE_SETTING_NAMES.map((name) => [name, settings[name]]);
  return Object.fromEntries(named) as WorkspaceSettings;
}
