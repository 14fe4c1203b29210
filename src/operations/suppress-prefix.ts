import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { campaignsCallingPrefix, insertPrefix, type PrefixRow } from '#db/suppression-prefixes.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { rangeText } from '#domain/do-not-call.ts';
import type { Deps } from './deps.ts';
import { takeBackLater } from './wake-campaign.ts';

/** A range of numbers for the do-not-call list. */
export type PrefixSuppression = Pick<
  PrefixRow,
  'workspaceId' | 'prefix' | 'channel' | 'reason' | 'source' | 'onlyCampaignId'
> & { actor: Actor };

/**
 * Puts every number that begins with a prefix on the do-not-call list. Whoever of them waits is skipped when their turn
 * comes; calls to them that still ring are taken back. `changed` is false when the range stood there.
 */
export async function suppressPrefix(
  deps: Pick<Deps, 'db' | 'clock'>,
  { actor, ...entry }: PrefixSuppression,
): Promise<{ changed: boolean }> {
  const now = deps.clock.now();
  const { workspaceId, prefix, channel, onlyCampaignId } = entry;
  return deps.db.transaction(async (tx) => {
    const changed = await enterPrefix(deps, tx, { ...entry, actor: actorText(actor), createdAt: now });
    if (!changed) return { changed };
    await recordCampaignEvent(tx, {
      workspaceId,
      campaignId: onlyCampaignId,
      actor: actorText(actor),
      kind: 'suppression_added',
      details: { range: rangeText(prefix), channel, reason: entry.reason },
      createdAt: now,
    });
    return { changed };
  });
}

/** Enters a range, in the caller's transaction, and has calls to it taken back; false when it stood there. */
export async function enterPrefix(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  row: Parameters<typeof insertPrefix>[1],
): Promise<boolean> {
  const isNew = await insertPrefix(tx, row);
  if (!isNew || row.channel === 'sms') return isNew;
  for (const campaignId of await campaignsCallingPrefix(tx, row.workspaceId, row.prefix))
    await takeBackLater(tx, deps, campaignId);
  return isNew;
}
