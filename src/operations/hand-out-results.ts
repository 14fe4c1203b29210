import type { Actor } from '#domain/actor.ts';
import type { Deps } from './deps.ts';
import { exportResults, type ResultFormat } from './export-results.ts';
import { noteHandingOut } from './note-handing-out.ts';
import { ownCampaign } from './own-campaign.ts';
import { slug } from './send-results.ts';

/**
 * The results of a campaign of one's own as a file to whoever asks for it, piece by piece; that they had it is kept.
 * Throws `campaign_not_found`.
 */
export async function handOutResults(
  deps: Pick<Deps, 'db' | 'clock'>,
  input: { workspaceId: number; campaignId: number; actor: Actor; format: ResultFormat },
): Promise<{ fileName: string; pieces: AsyncGenerator<string, void> }> {
  const { workspaceId, campaignId, actor, format } = input;
  const { campaign } = await ownCampaign(deps, { workspaceId, campaignId });
  await noteHandingOut(deps, deps.db, { workspaceId, campaignId, actor, file: 'results' });
  return {
    fileName: `${slug(campaign.name)}-results.${format}`,
    pieces: exportResults(deps, { campaignId, format }),
  };
}
