import { type LockedCampaign, lockCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { beginRun, resetContacts } from '#db/redial.ts';
import { listedFor } from '#domain/campaign-templates.ts';
import { isBetweenRuns } from '#domain/schedule.ts';
import type { Deps } from './deps.ts';

/**
 * Begins the next run of a locked campaign that rests between two: all contacts who are not suppressed wait again as if
 * nobody had tried them, and what happened stays in the history (campaign-api §7.14). Any other campaign is left as it is.
 * Returns the campaign as it is then.
 */
export async function beginNextRun(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
): Promise<LockedCampaign> {
  const { campaign } = locked;
  if (!isBetweenRuns(campaign)) return locked;
  await resetContacts(tx, {
    campaignId: campaign.id,
    workspaceId: campaign.workspaceId,
    channels: listedFor(campaign),
    chosen: { statuses: 'all' },
    now: deps.clock.now(),
  });
  await beginRun(tx, campaign);
  return (await lockCampaign(tx, campaign.id)) ?? locked;
}
