import { requestResults } from '#operations/request-results.ts';
import type { CampaignDetail } from '#operations/show-campaign.ts';
import type { Entry } from './context.ts';
import { directChannel } from './direct-channel.ts';
import { sentenceMessage } from './reply.ts';

/** Has the results put into the campaign's thread; without a card they come to the person who asked, in private. */
export async function exportCampaign(entry: Entry, campaign: CampaignDetail): Promise<void> {
  const { deps, workspaceId, actor, answer } = entry;
  const asked = { workspaceId, campaignId: campaign.id, actor };
  const where = await requestResults(deps, { ...asked, otherwise: null });
  if (where === 'thread') {
    return answer.privately(
      sentenceMessage(`The results of “${campaign.name}” are being put into its thread as a CSV file.`),
    );
  }
  const otherwise = { channelId: await directChannel(entry), threadTs: null };
  await requestResults(deps, { ...asked, otherwise });
  await answer.privately(
    sentenceMessage(
      `“${campaign.name}” has no card, so its results come to you as a direct message from me.`,
    ),
  );
}
