import type { ApiToken } from '#operations/check-token.ts';
import type { Deps } from '#operations/deps.ts';
import { ownCampaign } from '#operations/own-campaign.ts';
import { actorOf } from './api.ts';

/** The campaign that an address names, and who asks. Throws `campaign_not_found`, also for one of another workspace. */
export async function campaignAsked(deps: Deps, token: ApiToken, { id: campaignId }: { id: number }) {
  const { workspaceId } = token;
  const { campaign } = await ownCampaign(deps, { workspaceId, campaignId });
  return { campaignId, campaign, workspaceId, actor: actorOf(token) };
}
