import { type ImportWithRejects, readImportOf } from '#db/import-lists.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { type OwnCampaign, ownCampaign } from './own-campaign.ts';

export type FollowedImport = ImportWithRejects & { counts: OwnCampaign['counts'] };

/** How far an import of a campaign of one's own is. Throws `campaign_not_found` or `import_not_found`. */
export async function followImport(
  deps: Pick<Deps, 'db'>,
  { workspaceId, campaignId, importId }: { workspaceId: number; campaignId: number; importId: number },
): Promise<FollowedImport> {
  const found = await readImportOf(deps.db, campaignId, importId);
  // In this order: one that has ended by now is in the counts.
  const { counts } = await ownCampaign(deps, { workspaceId, campaignId });
  if (!found) throw new Refusal('import_not_found', { wanted: `#${importId}` });
  return { ...found, counts };
}
