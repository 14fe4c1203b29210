import { deleteOldWatches } from '#db/feed.ts';
import { purgeOld } from '#db/purge.ts';
import { purgeDeliveries } from '#db/webhook-deliveries.ts';
import { ANSWERS_KEPT_MS } from '#domain/repeated-request.ts';
import { deleteRecordings } from './delete-recordings.ts';
import type { Deps } from './deps.ts';
import { removeDeletedCampaigns } from './remove-campaign.ts';

const DAY_MS = 86_400_000;
/** What webhooks were told, and what they answered. */
const DELIVERY_DAYS = 30;

/**
 * Forgets, once a day, what nobody needs any more: what Slack delivered after two days, what carriers reported and what
 * webhooks were told after thirty, abandoned forms after thirty, files sent over the API that no import waits for and
 * answers kept for repetitions after one, posted messages and rejected rows after ninety, and recordings after as many
 * days as their assistant keeps them. The ledger, the do-not-call list, answers of people and transcripts stay.
 */
export async function purge(deps: Deps): Promise<void> {
  const before = (days: number) => new Date(deps.clock.now().getTime() - days * DAY_MS);
  await purgeOld(deps.db, {
    deliveries: before(2),
    reports: before(30),
    forms: before(30),
    messages: before(90),
    rejects: before(90),
    requests: new Date(deps.clock.now().getTime() - ANSWERS_KEPT_MS),
    uploads: before(1),
    failedTasks: deps.clock.toReal(before(7)),
  });
  await purgeDeliveries(deps.db, before(DELIVERY_DAYS));
  await deleteOldWatches(deps.db, before(1));
  await removeDeletedCampaigns(deps);
  await deleteRecordings(deps);
}
