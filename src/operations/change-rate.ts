import { recordCampaignEvent } from '#db/campaigns.ts';
import { keepRate, readOwnRates, removeRate } from '#db/rates.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { type PricedChannel, type Rate, rateOf, ratesWith } from '#domain/rates.ts';
import type { Deps } from './deps.ts';

export type ChangeRateInput = {
  workspaceId: number;
  channel: PricedChannel;
  /** An ISO code, or `other`. */
  country: string;
  /** Micro-dollars of a segment or a begun minute; null puts the built-in rate back. */
  price: { lowMicros: number; highMicros: number } | null;
  actor: Actor;
};

const SET_HERE = 'set in this workspace';

/**
 * Sets what a workspace pays for a channel to a country, or puts the built-in rate back. It counts from the next attempt
 * on: what is reserved already stays. Returns the rate before and after.
 */
export async function changeRate(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, channel, country, price, actor }: ChangeRateInput,
): Promise<{ before: Rate; after: Rate }> {
  const now = clock.now();
  return db.transaction(async (tx) => {
    const rate = async () => rateOf(ratesWith(await readOwnRates(tx, workspaceId)), channel, country);
    const before = await rate();
    const changedBy = actorText(actor);
    const key = { workspaceId, channel, country };
    if (price) await keepRate(tx, { ...key, ...price, source: SET_HERE, changedBy, changedAt: now });
    else await removeRate(tx, key);
    const after = await rate();
    await recordCampaignEvent(tx, {
      workspaceId,
      actor: changedBy,
      kind: price ? 'rate_set' : 'rate_reset',
      details: { channel, country, before: rangeOf(before), after: rangeOf(after) },
      createdAt: now,
    });
    return { before, after };
  });
}

function rangeOf({ low, high }: Rate) {
  return { lowMicros: low, highMicros: high };
}
