import { campaignIdsIn } from '#db/campaigns.ts';
import type { Deps } from './deps.ts';

/** The campaigns of a workspace that change by themselves: those that wait for their time, run, or rest. */
export async function listMoving(
  deps: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): Promise<number[]> {
  return campaignIdsIn(deps.db, workspaceId, ['scheduled', 'running', 'paused']);
}
