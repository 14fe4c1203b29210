import { insertDelivery } from '#db/deliveries.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';

/**
 * Stores what Slack delivered and has it handled after the commit, so that it may be answered at once and is neither lost
 * nor done twice. `isNew` is false when this key was delivered before.
 */
export async function recordDelivery(
  deps: Pick<Deps, 'db' | 'clock'>,
  input: { deliveryKey: string; kind: string; payload: unknown },
): Promise<{ isNew: boolean }> {
  return deps.db.transaction(async (tx) => {
    const deliveryId = await insertDelivery(tx, { ...input, receivedAt: deps.clock.now() });
    if (deliveryId === null) return { isNew: false };
    await enqueue(tx, deps.clock, 'handle_delivery', { deliveryId }, { key: `delivery:${deliveryId}` });
    return { isNew: true };
  });
}
