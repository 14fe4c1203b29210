import { runningCampaignIds } from '#db/campaigns.ts';
import { openDeliveryIds, purgeDeliveries } from '#db/deliveries.ts';
import { untoldImportIds } from '#db/import-requests.ts';
import { keepUnknown, lockAttempts } from '#db/ledger.ts';
import { nextLeaseEndAt, nextLookAt, takeExpiredLeases } from '#db/looks.ts';
import { openPostIds } from '#db/posts.ts';
import { purgeMergedEvents } from '#db/provider-events.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';
import { endAttempts } from './end-attempts.ts';
import { recoverImports } from './recover-imports.ts';
import { stopCampaigns } from './stop-campaigns.ts';
import { lookLater, wakeCampaign } from './wake-campaign.ts';

const BATCH = 500;
const DAY_MS = 86_400_000;
const KEEP_EVENTS_MS = 30 * DAY_MS;
const KEEP_DELIVERIES_MS = 2 * DAY_MS;

/**
 * The reaper: at start and every minute, in every process. What a dead process left behind is found in the rows it had
 * committed: attempts whose lease ran out, campaigns that run, reports, messages and deliveries that wait. Running it
 * twice changes nothing (design §4).
 */
export async function recover(deps: Deps): Promise<void> {
  await reapAttempts(deps);
  for (const campaignId of await runningCampaignIds(deps.db)) await wakeCampaign(deps.db, deps, campaignId);
  await recoverImports(deps);
  const now = deps.clock.now();
  for (const postId of await openPostIds(deps.db, now)) {
    await enqueue(deps.db, deps.clock, 'send_post', { postId }, { key: `post:${postId}`, keep: 'earliest' });
  }
  for (const deliveryId of await openDeliveryIds(deps.db, now)) {
    await enqueue(
      deps.db,
      deps.clock,
      'handle_delivery',
      { deliveryId },
      { key: `delivery:${deliveryId}`, keep: 'earliest' },
    );
  }
  for (const importId of await untoldImportIds(deps.db)) {
    await enqueue(
      deps.db,
      deps.clock,
      'tell_import',
      { importId },
      { key: `tell-import:${importId}`, keep: 'earliest' },
    );
  }
  await enqueue(deps.db, deps.clock, 'merge_provider_events', {}, { key: 'merge' });
  const lookAt = await nextLookAt(deps.db);
  if (lookAt) await lookLater(deps.db, deps, lookAt);
  await purgeMergedEvents(deps.db, new Date(now.getTime() - KEEP_EVENTS_MS));
  await purgeDeliveries(deps.db, new Date(now.getTime() - KEEP_DELIVERIES_MS));
}

/**
 * Attempts whose holder died. Before the provider was asked nobody was contacted, so they are withdrawn and the contact
 * is free; after that their fate is unknown and they are looked up. The next lease to end brings the reaper back.
 */
async function reapAttempts(deps: Deps): Promise<void> {
  const now = deps.clock.now();
  const stops = await deps.db.transaction(async (tx) => {
    const expired = await takeExpiredLeases(tx, now, BATCH);
    await lockAttempts(
      tx,
      expired.map((attempt) => attempt.id),
    );
    const asked = expired.filter((attempt) => attempt.askedAt !== null);
    await keepUnknown(
      tx,
      asked.map((attempt) => attempt.id),
      now,
    );
    if (asked.length > 0)
      deps.log.warn({ attempts: asked.length }, 'attempts were under way when their process died');
    const neverAsked = expired.filter((attempt) => attempt.askedAt === null);
    return endAttempts(
      deps,
      tx,
      neverAsked.map(({ id }) => ({ id, outcome: 'withdrawn', ref: null, status: null, refusal: null })),
    );
  });
  await stopCampaigns(deps, stops);
  const leaseEndAt = await nextLeaseEndAt(deps.db);
  if (leaseEndAt) await enqueue(deps.db, deps.clock, 'recover', {}, { key: 'recover:lease', at: leaseEndAt });
}
