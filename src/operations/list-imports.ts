import { readImportsOf } from '#db/import-lists.ts';
import type { Deps } from './deps.ts';
import type { FollowedImport } from './follow-import.ts';
import { ownCampaign } from './own-campaign.ts';

/** The imports of a campaign of one's own, newest first, and how many there are. Throws `campaign_not_found`. */
export async function listImports(
  deps: Pick<Deps, 'db'>,
  { page, ...of }: { workspaceId: number; campaignId: number; page: { limit: number; offset: number } },
): Promise<{ imports: FollowedImport[]; total: number }> {
  const { counts } = await ownCampaign(deps, of);
  const { rows, total } = await readImportsOf(deps.db, of.campaignId, page);
  return { imports: rows.map((found) => ({ ...found, counts })), total };
}
