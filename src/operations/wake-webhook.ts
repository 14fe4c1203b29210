import type { Executor } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
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
