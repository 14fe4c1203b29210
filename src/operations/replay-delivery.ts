import { readDelivery, waitAgain } from '#db/webhook-deliveries.ts';
import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { lockOwnWebhook } from './own-webhook.ts';
import { recordWebhookDeed } from './record-webhook-deed.ts';
import { dueBeforeAll, wakeAsAsked } from './wake-webhook.ts';

type ReplayInput = { workspaceId: number; webhookId: number; deliveryId: number; actor: Actor };

/**
 * Has a delivery sent once more under its own id, whatever came of it, at once and before all that waits, even while the
 * webhook is left alone because it seemed down. Throws `webhook_not_found`, `delivery_not_found`, `webhook_off`, and the
 * refusals of `authorize`.
 */
export async function replayDelivery(
  deps: Deps,
  { workspaceId, webhookId, deliveryId, actor }: ReplayInput,
): Promise<void> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  await deps.db.transaction(async (tx) => {
    const webhook = await lockOwnWebhook(tx, { workspaceId, webhookId });
    const delivery = await readDelivery(tx, { webhookId, deliveryId });
    if (!delivery) throw new Refusal('delivery_not_found', { wanted: String(deliveryId) });
    if (!webhook.isActive) throw new Refusal('webhook_off', {});
    const dueAt = await dueBeforeAll(tx, webhookId, deps.clock.now());
    await waitAgain(tx, { webhookId, deliveryId, dueAt });
    await recordWebhookDeed(deps, tx, webhook, { actor, kind: 'webhook_replayed', details: { deliveryId } });
    await wakeAsAsked(tx, deps, webhook);
  });
}
