import { countSockets } from '#db/feed.ts';
import type { Deps } from './deps.ts';

/** How many sockets, over all processes, show one campaign, and how many show all campaigns of its workspace. */
export async function countWatchers(
  deps: Pick<Deps, 'db' | 'clock'>,
  { campaignId, workspaceId }: { campaignId: number; workspaceId: number },
): Promise<{ campaign: number; workspace: number }> {
  const topics = { campaign: `campaign:${campaignId}`, workspace: `workspace:${workspaceId}` };
  const sockets = await countSockets(deps.db, Object.values(topics), deps.clock.now());
  return { campaign: sockets.get(topics.campaign) ?? 0, workspace: sockets.get(topics.workspace) ?? 0 };
}
