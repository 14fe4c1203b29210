import { readCampaign } from '#db/campaigns.ts';
import { countWaiting } from '#db/webhook-deliveries.ts';
import { listWebhookRows, type WebhookRow } from '#db/webhooks.ts';
import type { Deps } from './deps.ts';
import { type OwnWebhook, ownWebhook } from './own-webhook.ts';

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

/** One of them. Throws `webhook_not_found`. */
export async function showWebhook(deps: Pick<Deps, 'db'>, wanted: OwnWebhook): Promise<ListedWebhook> {
  const webhook = await ownWebhook(deps, wanted);
  const { campaignId, id } = webhook;
  const row = campaignId === null ? null : await readCampaign(deps.db, campaignId);
  const waiting = (await countWaiting(deps.db, [id])).get(id) ?? 0;
  return { webhook, campaignName: row?.campaign.name ?? null, waiting };
}
