import type { Transaction } from '#db/client.ts';
import { skipNumber } from '#db/contacts.ts';
import { enqueue } from '#db/queue.ts';
import { closeHolds, insertSuppression, type SuppressionRow } from '#db/suppressions.ts';
import { campaignsCalling } from '#db/unwanted-calls.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { Deps } from './deps.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

export type Suppression = {
  workspaceId: number;
  phoneNumber: string;
  channel: SuppressionRow['channel'];
  reason: string;
  source: SuppressionRow['source'];
  campaignId: number | null;
  actor: Actor;
};

/**
 * Puts a number on the do-not-call list, in the caller's transaction: it waits for nothing of that channel in the workspace
 * any more, and an open question about it is answered. False when it already stood there for this channel.
 */
export async function suppress(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  entry: Suppression,
): Promise<boolean> {
  const now = deps.clock.now();
  const { actor, ...row } = entry;
  const isNew = await insertSuppression(tx, { ...row, actor: actorText(actor), createdAt: now });
  // The question was about texts: an entry for calls alone does not answer it.
  if (entry.channel !== 'voice') {
    await closeHolds(tx, entry.workspaceId, entry.phoneNumber, {
      decision: 'suppress',
      decidedAt: now,
      decidedBy: actorText(actor),
    });
  }
  if (entry.channel !== 'sms') await takeBackCalls(deps, tx, entry);
  const reason = entry.source === 'opt_out' ? 'opted_out' : 'do_not_call';
  for (const campaignId of await skipNumber(tx, { ...entry, reason })) {
    await wakeCampaign(tx, deps, campaignId);
    await touchCard(tx, deps, campaignId);
  }
  return isNew;
}

/** Calls to the number that the provider has queued are not to be dialled any more. */
async function takeBackCalls(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  { workspaceId, phoneNumber }: Suppression,
): Promise<void> {
  for (const campaignId of await campaignsCalling(tx, workspaceId, phoneNumber))
    await enqueue(tx, deps.clock, 'take_back_calls', { campaignId }, { key: `cancel:${campaignId}` });
}
