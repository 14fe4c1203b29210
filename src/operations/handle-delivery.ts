import { changeDelivery, takeDelivery } from '#db/deliveries.ts';
import { enqueue } from '#db/queue.ts';
import type { HandleChatDelivery } from '#ports/chat.ts';
import type { Deps } from './deps.ts';

const LEASE_REAL_MS = 60_000;
const RETRY_REAL_MS = 2_000;
const MAX_TRIES = 5;

/** Hands a stored delivery back to the chat edge, by one process at a time; a failure is tried again a few times. */
export async function handleDelivery(
  deps: Deps,
  handle: HandleChatDelivery,
  { deliveryId }: { deliveryId: number },
): Promise<void> {
  const row = await takeDelivery(deps.db, deliveryId, deps.clock.now(), deps.clock.realDelay(LEASE_REAL_MS));
  if (!row) return;
  try {
    await handle({ id: row.id, kind: row.kind, payload: row.payload });
    await changeDelivery(deps.db, row.id, { handledAt: deps.clock.now(), leaseUntil: null });
  } catch (cause) {
    deps.log.error({ deliveryId, tries: row.tries, cause }, 'a delivery of Slack could not be handled');
    if (row.tries >= MAX_TRIES) {
      return changeDelivery(deps.db, row.id, {
        handledAt: deps.clock.now(),
        leaseUntil: null,
        problem: 'gave up',
      });
    }
    await changeDelivery(deps.db, row.id, { leaseUntil: null });
    const at = deps.clock.realDelay(RETRY_REAL_MS * row.tries);
    await enqueue(
      deps.db,
      deps.clock,
      'handle_delivery',
      { deliveryId },
      { key: `delivery:${deliveryId}`, at },
    );
  }
}
