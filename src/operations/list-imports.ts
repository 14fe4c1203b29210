import { readImportsOf } from '#db/import-lists.ts';
import type { Deps } from './deps.ts';
import type { FollowedImport } from './follow-import.ts';
import { ownCampaign } from './own-campaign.ts';

/** The imports of a campaign of one's own, newest first, and how many there are. Throws `campaign_not_found`. */
export async function listImports(
  deps: Pick<Deps, 'db'>,
  { page, ...of }: { workspaceId: number; campaignId: number; page: { limit: number; offset: number } },
): Promise<{ imports: FollowedImport[]; total: number }> {
  const { rows, total } = await readImportsOf(deps.db, of.campaignId, page);
  // In this order: those that have ended by now are in the counts.
  const { counts } = await ownCampaign(deps, of);
  return { imports: rows.map((found) => ({ ...found, counts })), total };
}
