import { regainChannel as regainCards } from '#db/cards.ts';
import type { Deps } from './deps.ts';
import { touchCard } from './wake-campaign.ts';

/** A channel is in reach again (unarchived, or we were invited back): its cards show what happened meanwhile. */
export async function regainChannel(deps: Deps, { channelId }: { channelId: string }): Promise<void> {
  await deps.db.transaction(async (tx) => {
    for (const campaignId of await regainCards(tx, channelId)) await touchCard(tx, deps, campaignId);
  });
}
