import { openHolds, openReviews } from '#db/open-decisions.ts';
import type { Deps } from './deps.ts';
import { ownCampaign } from './own-campaign.ts';

export type OpenDecisions = {
  reviews: Awaited<ReturnType<typeof openReviews>>;
  holds: Awaited<ReturnType<typeof openHolds>>;
};

/**
 * What of a campaign of one's own workspace waits for somebody's decision: attempts whose fate the provider cannot tell, and
 * texts that may have meant “leave me alone” and keep somebody waiting in it. Throws `campaign_not_found`.
 */
export async function listDecisions(
  deps: Pick<Deps, 'db'>,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
): Promise<OpenDecisions> {
  await ownCampaign(deps, { workspaceId, campaignId });
  const [reviews, holds] = await Promise.all([
    openReviews(deps.db, campaignId),
    openHolds(deps.db, { workspaceId, campaignId }),
  ]);
  return { reviews, holds };
}
