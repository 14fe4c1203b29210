/** The workspace as JSON and back; the files' bytes stay on disk beside it. */

import type { Workspace } from './workspace.ts';

const TABLES = ['users', 'channels', 'messages', 'files', 'views', 'groups', 'responseUrls'] as const;
const VERSION = 1;

export type SavedWorkspace = {
  version: typeof VERSION;
  lastTsMicros: number;
  homes: unknown[];
} & Record<(typeof TABLES)[number], unknown[]>;

export function saveWorkspace(workspace: Workspace): SavedWorkspace {
  const tables = Object.fromEntries(TABLES.map((name) => [name, [...workspace[name].values()]]));
  return structuredClone({
    version: VERSION,
    lastTsMicros: workspace.lastTsMicros,
    homes: [...workspace.homes.values()],
    ...tables,
  }) as SavedWorkspace;
}

/** Replaces everything. A form that was being sent when the sandbox stopped can be sent again. */
export function loadWorkspace(workspace: Workspace, saved: SavedWorkspace): void {
  if (saved.version !== VERSION)
    throw new Error(`The saved workspace has version ${saved.version}, not ${VERSION}.`);
  for (const name of TABLES) refill(workspace[name] as Map<string, unknown>, saved[name], 'id');
  refill(workspace.homes as Map<string, unknown>, saved.homes, 'userId');
  for (const view of workspace.views.values()) view.isSubmitting = false;
  workspace.lastTsMicros = saved.lastTsMicros;
}

function refill(map: Map<string, unknown>, rows: unknown[], key: string): void {
  map.clear();
  for (const row of structuredClone(rows)) map.set(String((row as Record<string, unknown>)[key]), row);
}
