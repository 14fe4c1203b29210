import { countWaiting } from '#db/webhook-deliveries.ts';
import { listWebhookRows, type WebhookRow } from '#db/webhooks.ts';
import type { Deps } from './deps.ts';

export type ListedWebhook = { webhook: WebhookRow; campaignName: string | null; waiting: number };

/** The webhooks of a workspace in the order in which they were made, with how many deliveries wait for each. */
export async function listWebhooks(
  deps: Pick<Deps, 'db'>,
  filter: { workspaceId: number; campaignId?: number | undefined },
  page: { limit: number; offset: number },
): Promise<{ webhooks: ListedWebhook[]; total: number }> {
  const { rows, total } = await listWebhookRows(deps.db, filter, page);
  const waiting = await countWaiting(
    deps.db,
    rows.map(({ webhook }) => webhook.id),
  );
  const webhooks = rows.map((row) => ({ ...row, waiting: waiting.get(row.webhook.id) ?? 0 }));
  return { webhooks, total };
}

/** How many deliveries wait for one webhook. */
export async function waitingFor(deps: Pick<Deps, 'db'>, { id }: WebhookRow): Promise<number> {
  return (await countWaiting(deps.db, [id])).get(id) ?? 0;
}
