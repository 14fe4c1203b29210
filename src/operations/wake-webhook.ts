import type { Executor, Transaction } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
import { nextDeliveryAt } from '#db/webhook-deliveries.ts';
import { changeWebhook, type WebhookRow } from '#db/webhooks.ts';
import { seemsDown } from '#domain/webhook-delivery.ts';
import type { TaskOptions } from '#ports/tasks.ts';
import type { Deps } from './deps.ts';

/** Has a webhook sent what is due at `at`, now by default; one waiting task for each. */
export async function wakeWebhook(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  webhookId: number,
  at?: Date,
  keep: TaskOptions['keep'] = 'latest',
): Promise<void> {
  await enqueue(
    executor,
    deps.clock,
    'deliver_webhook',
    { webhookId },
    { key: `webhook:${webhookId}`, at, keep },
  );
}

/**
 * Has a webhook sent something at once because somebody asks for it: one that is left alone because it seemed down is not
 * any more. What its other end asked to wait stands.
 */
export async function wakeAsAsked(
  tx: Transaction,
  deps: Pick<Deps, 'clock'>,
  { id, failures }: WebhookRow,
): Promise<void> {
  if (seemsDown(failures)) await changeWebhook(tx, id, { restUntil: null });
  await wakeWebhook(tx, deps, id);
}

/** When something is due that goes before all that waits for a webhook: now, or just before the oldest of what is due. */
export async function dueBeforeAll(tx: Transaction, webhookId: number, now: Date): Promise<Date> {
  const oldest = await nextDeliveryAt(tx, webhookId);
  return oldest && oldest <= now ? new Date(oldest.getTime() - 1) : now;
}
