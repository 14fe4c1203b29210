import { type CampaignRow, recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { Note } from '#ports/chat-content.ts';
import { announce } from './announce.ts';
import type { Deps } from './deps.ts';

type CampaignNote = {
  /** One message per key and campaign. */
  key: string;
  level: Note['level'];
  text: string;
  actor: Actor;
  buttons?: Note['buttons'];
};

/** Tells a campaign's thread what somebody did, or what the product found, in the transaction of its cause. */
export async function tellThread(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  { id, workspaceId, channelId }: CampaignRow,
  { key, level, text, actor, buttons = [] }: CampaignNote,
): Promise<void> {
  const by = actor.kind === 'slack_user' ? actor.userId : null;
  await announce(tx, deps, {
    workspaceId,
    campaignId: id,
    channelId,
    key: `${key}:${id}`,
    content: { kind: 'note', level, text, by, buttons },
  });
}

/** Writes down what was done with a campaign that its status does not tell, and by whom. */
export async function recordDeed(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  { id, workspaceId }: CampaignRow,
  { actor, kind, details }: { actor: Actor; kind: string; details: Record<string, unknown> },
): Promise<void> {
  await recordCampaignEvent(tx, {
    workspaceId,
    campaignId: id,
    actor: actorText(actor),
    kind,
    details,
    createdAt: deps.clock.now(),
  });
}
