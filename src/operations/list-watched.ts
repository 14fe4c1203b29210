import { campaignIdsToWatch } from '#db/feed.ts';
import type { Deps } from './deps.ts';

/** What is read again every few seconds has to end somewhere. */
const MOST = 20_000;

/** The campaigns that somebody sees who watches a whole workspace: those not over first, then the newest, at most 20,000. */
export async function listWatched(
  deps: Pick<Deps, 'db'>,
  { workspaceId }: { workspaceId: number },
): Promise<number[]> {
  return campaignIdsToWatch(deps.db, workspaceId, MOST);
}
