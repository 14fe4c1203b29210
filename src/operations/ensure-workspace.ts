import { upsertWorkspace, type WorkspaceRow } from '#db/workspaces.ts';
import type { Deps } from './deps.ts';

/** The workspace of a Slack team: made when it is met for the first time, connected again when it had been cut off. */
export async function ensureWorkspace(
  deps: Pick<Deps, 'db' | 'clock'>,
  input: { slackTeamId: string; name?: string | null; botUserId?: string | null },
): Promise<WorkspaceRow> {
  return upsertWorkspace(deps.db, {
    slackTeamId: input.slackTeamId,
    name: input.name ?? null,
    botUserId: input.botUserId ?? null,
    createdAt: deps.clock.now(),
  });
}
