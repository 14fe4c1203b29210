import { type DeliveryRow, listDeliveryRows, readDelivery } from '#db/webhook-deliveries.ts';
import { Refusal } from '#domain/refusal.ts';
import { composeDeliveries, type Envelope } from './compose-deliveries.ts';
import type { Deps } from './deps.ts';
import { type OwnWebhook, ownWebhook } from './own-webhook.ts';

/** What was told to a webhook, newest first. Throws `webhook_not_found`. */
export async function listDeliveries(
  deps: Pick<Deps, 'db'>,
  { state, ...wanted }: OwnWebhook & { state?: DeliveryRow['state'] | undefined },
  page: { limit: number; offset: number },
): Promise<{ rows: DeliveryRow[]; total: number }> {
  const { id } = await ownWebhook(deps, wanted);
  return listDeliveryRows(deps.db, { webhookId: id, state }, page);
}

/** One delivery with what it says when it is sent now. Throws `webhook_not_found` and `delivery_not_found`. */
export async function showDelivery(
  deps: Pick<Deps, 'db'>,
  { deliveryId, ...wanted }: OwnWebhook & { deliveryId: number },
): Promise<{ row: DeliveryRow; envelope: Envelope }> {
  const webhook = await ownWebhook(deps, wanted);
  const row = await readDelivery(deps.db, { webhookId: webhook.id, deliveryId });
  const [envelope] = row ? await composeDeliveries(deps.db, webhook.workspaceId, [row]) : [];
  if (!row || !envelope) throw new Refusal('delivery_not_found', { wanted: String(deliveryId) });
  return { row, envelope };
}
