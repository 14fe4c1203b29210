import { readCampaign } from '#db/campaigns.ts';
import { type Drawing, loseChannel as loseCards } from '#db/cards.ts';
import type { Transaction } from '#db/client.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';

export type ChannelLoss = 'archived' | 'deleted' | 'bot_removed' | 'out_of_reach';

const WHAT: Record<ChannelLoss, string> = {
  archived: 'The channel of its card was archived',
  deleted: 'The channel of its card was deleted',
  bot_removed: 'Ringmaster was removed from the channel of its card',
  out_of_reach: 'The channel of its card was deleted, or Ringmaster was removed from it',
};

/**
 * A channel is out of reach: its cards take no more edits, and whoever made each campaign hears of it in private. The
 * campaigns go on; nothing about them lives in Slack. Found by drawing a card, it counts only while that card was not
 * regained: the answer may be older than an invitation.
 */
export async function loseChannel(
  deps: Deps,
  { channelId, loss, foundBy }: { channelId: string; loss: ChannelLoss; foundBy?: Drawing },
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    for (const campaignId of await loseCards(tx, channelId, foundBy))
      await tellMaker(deps, tx, campaignId, channelId, loss);
  });
}

async function tellMaker(
  deps: Deps,
  tx: Transaction,
  campaignId: number,
  channelId: string,
  loss: ChannelLoss,
): Promise<void> {
  const row = await readCampaign(tx, campaignId);
  const maker = /^slack:(.+)$/.exec(row?.campaign.createdBy ?? '')?.[1];
  if (!row || !maker) return;
  const { name, status, workspaceId } = row.campaign;
  const still = status === 'running' ? 'It goes on running.' : 'The campaign itself is untouched.';
  await announce(tx, deps, {
    workspaceId,
    campaignId,
    // Slack opens a direct message when a person's id is given as the channel.
    channelId: maker,
    key: `channel-lost:${campaignId}:${channelId}:${deps.clock.now().getTime()}`,
    place: 'channel',
    content: {
      kind: 'note',
      level: 'warning',
      text: `${WHAT[loss]}, so “${name}” can no longer be followed there. ${still} Use /campaign show ${campaignId} in another channel to get a new card.`,
      buttons: [],
    },
  });
}
