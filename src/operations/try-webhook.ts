import { insertDelivery } from '#db/webhook-deliveries.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { lockOwnWebhook } from './own-webhook.ts';
import { recordWebhookDeed } from './record-webhook-deed.ts';
import { dueBeforeAll, wakeAsAsked } from './wake-webhook.ts';

/**
 * Has a webhook sent a message of the type `test`, signed and logged like any other, at once and before all that waits,
 * even while it is left alone because it seemed down; the id of that delivery. Throws `webhook_not_found`, `webhook_off`,
 * and the refusals of `authorize`.
 */
export async function tryWebhook(
  deps: Deps,
  { workspaceId, webhookId, actor }: { workspaceId: number; webhookId: number; actor: Actor },
): Promise<{ deliveryId: number }> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  return deps.db.transaction(async (tx) => {
    const webhook = await lockOwnWebhook(tx, { workspaceId, webhookId });
    if (!webhook.isActive) throw new Refusal('webhook_off', {});
    const now = deps.clock.now();
    const deliveryId = await insertDelivery(tx, {
      webhookId,
      campaignId: webhook.campaignId,
      type: 'test',
      createdAt: now,
      nextTryAt: await dueBeforeAll(tx, webhookId, now),
    });
    await recordWebhookDeed(deps, tx, webhook, { actor, kind: 'webhook_tried', details: { deliveryId } });
    await wakeAsAsked(tx, deps, webhook);
    return { deliveryId };
  });
}
