import { waitingCallIds } from '#db/calls.ts';
import { doneWhilePausedIds, resultsDueIds, runningCampaignIds } from '#db/campaigns.ts';
import { staleCardIds } from '#db/cards.ts';
import { openDeliveryIds } from '#db/deliveries.ts';
import { untoldImportIds } from '#db/import-requests.ts';
import { nextLookAt } from '#db/looks.ts';
import { openPostIds } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import { dueCampaignIds } from '#db/schedules.ts';
import { hasUnnoticed, webhooksWithDue } from '#db/webhook-deliveries.ts';
import type { TaskName, Tasks } from '#ports/tasks.ts';
import type { Deps } from './deps.ts';
import { lookLater, touchCard, wakeCampaign } from './wake-campaign.ts';
import { wakeWebhook } from './wake-webhook.ts';

/**
 * Adds the task of everything whose row says that it waits: a worker that died takes the tasks it had fetched with it
 * for hours, the rows stay. A task that is there already stays where it is.
 */
export async function requeueWaiting(deps: Deps): Promise<void> {
  const { db, clock } = deps;
  const now = clock.now();
  const dispatched = [...(await runningCampaignIds(db)), ...(await doneWhilePausedIds(db))];
  for (const campaignId of dispatched) await wakeCampaign(db, deps, campaignId);
  for (const campaignId of await dueCampaignIds(db, now))
    await keepWaiting(deps, 'start_due', { campaignId }, `due:${campaignId}`);
  for (const campaignId of await staleCardIds(db)) await touchCard(db, deps, campaignId);
  for (const campaignId of await resultsDueIds(db)) {
    await keepWaiting(deps, 'send_results', { campaignId }, `results:${campaignId}`);
  }
  for (const postId of await openPostIds(db, now))
    await keepWaiting(deps, 'send_post', { postId }, `post:${postId}`);
  for (const deliveryId of await openDeliveryIds(db, now)) {
    await keepWaiting(deps, 'handle_delivery', { deliveryId }, `delivery:${deliveryId}`);
  }
  for (const importId of await untoldImportIds(db)) {
    await keepWaiting(deps, 'tell_import', { importId }, `tell-import:${importId}`);
  }
  const { unfinished, verdicts } = await waitingCallIds(db);
  for (const callId of unfinished) await keepWaiting(deps, 'finish_call', { callId }, `finish:${callId}`);
  for (const callId of verdicts) await keepWaiting(deps, 'act_on_verdict', { callId }, `verdict:${callId}`);
  await keepWaiting(deps, 'merge_provider_events', {}, 'merge');
  await requeueWebhooks(deps, now);
  const lookAt = await nextLookAt(db);
  if (lookAt) await lookLater(db, deps, lookAt);
}

async function requeueWebhooks(deps: Deps, now: Date): Promise<void> {
  if (await hasUnnoticed(deps.db)) await keepWaiting(deps, 'notice_webhook_events', {}, 'webhook-events');
  for (const webhookId of await webhooksWithDue(deps.db, now))
    await wakeWebhook(deps.db, deps, webhookId, now, 'earliest');
}

async function keepWaiting<T extends TaskName>(
  deps: Deps,
  task: T,
  payload: Tasks[T],
  key: string,
): Promise<void> {
  await enqueue(deps.db, deps.clock, task, payload, { key, keep: 'earliest' });
}
