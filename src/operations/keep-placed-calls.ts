import { isCampaignRunning, keepAcceptedCalls } from '#db/calls.ts';
import type { Transaction } from '#db/client.ts';
import { hasSuppressed } from '#db/unwanted-calls.ts';
import { sweepAfterMs } from '#domain/look-times.ts';
import type { Deps } from './deps.ts';
import { endStrayLater } from './end-stray-call.ts';
import { lookLater, takeBackLater } from './wake-campaign.ts';
import type { ClaimedAttempt } from './write-attempts.ts';

/**
 * Keeps the calls that the provider took. Each is looked at when its contact's hours end, for it may still be queued then,
 * and when it must long be over. Where a report or a request named another id before, the answer names a second call for
 * one attempt, and that is ended. A campaign that was stopped while the provider was asked has its queued calls taken back, and so has
 * whoever opted out in that moment.
 */
export async function keepPlacedCalls(
  deps: Deps,
  tx: Transaction,
  accepted: { ref: string; attempt: ClaimedAttempt }[],
): Promise<void> {
  const placed = accepted.flatMap(({ ref, attempt }) => {
    const { id, call } = attempt;
    return call ? [{ id, ref, attempt, lookAt: firstLookAt(deps, attempt, call.maxSeconds) }] : [];
  });
  if (placed.length === 0) return;
  const kept = await keepAcceptedCalls(
    tx,
    placed.map(({ id, ref, lookAt }) => ({ id, ref, lookAt })),
  );
  const ownerOf = new Map(kept.map(({ id, providerRef }) => [id, providerRef]));
  for (const { id, ref, attempt } of placed) {
    if (ownerOf.get(id) !== ref)
      await endStrayLater(deps, tx, {
        ref,
        attemptId: id,
        campaignId: attempt.campaignId,
        phone: attempt.to,
      });
  }
  const isListed = await hasSuppressed(
    tx,
    placed.map(({ id }) => id),
  );
  for (const campaignId of new Set(placed.map(({ attempt }) => attempt.campaignId))) {
    if (!isListed && (await isCampaignRunning(tx, campaignId))) continue;
    await takeBackLater(tx, deps, campaignId);
  }
  await lookLater(tx, deps, new Date(Math.min(...placed.map(({ lookAt }) => lookAt.getTime()))));
}

function firstLookAt({ clock }: Deps, { closesAt }: ClaimedAttempt, maxSeconds: number): Date {
  return new Date(Math.min(closesAt.getTime(), clock.now().getTime() + sweepAfterMs(maxSeconds)));
}
