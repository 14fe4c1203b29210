import { renameChannel as renameChannelRows } from '#db/cards.ts';
import type { Deps } from './deps.ts';

/** Slack gave a channel another id (it was made private or shared): cards, campaigns and messages follow it. */
export async function renameChannel(
  deps: Pick<Deps, 'db'>,
  { oldChannelId, newChannelId }: { oldChannelId: string; newChannelId: string },
): Promise<void> {
  await deps.db.transaction((tx) => renameChannelRows(tx, oldChannelId, newChannelId));
}
