import { noticeDeliveries } from '#db/webhook-deliveries.ts';
import type { Deps } from './deps.ts';
import { wakeWebhook } from './wake-webhook.ts';

const BATCH = 5_000;

/**
 * Takes note of what the database wrote down for webhooks since the last time, in the order in which it happened, and has
 * each of them sent. What is written down meanwhile is noticed too, or brings this back by itself.
 */
export async function noticeWebhookEvents(deps: Deps): Promise<void> {
  for (let noticed = BATCH; noticed === BATCH; ) {
    noticed = await deps.db.transaction(async (tx) => {
      const found = await noticeDeliveries(tx, deps.clock.now(), BATCH);
      for (const webhookId of found.webhookIds) await wakeWebhook(tx, deps, webhookId);
      return found.noticed;
    });
  }
}
