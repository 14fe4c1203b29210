import { deleteWebhookRow } from '#db/webhooks.ts';
import type { Actor } from '#domain/actor.ts';
import { authorize } from './authorize.ts';
import type { Deps } from './deps.ts';
import { lockOwnWebhook } from './own-webhook.ts';
import { recordWebhookDeed } from './record-webhook-deed.ts';

/**
 * Deletes a webhook for good. Nothing is sent to it any more; what was written down for it goes with the next purge. Throws
 * `webhook_not_found` and the refusals of `authorize`.
 */
export async function deleteWebhook(
  deps: Deps,
  { workspaceId, webhookId, actor }: { workspaceId: number; webhookId: number; actor: Actor },
): Promise<void> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  await deps.db.transaction(async (tx) => {
    const webhook = await lockOwnWebhook(tx, { workspaceId, webhookId });
    await deleteWebhookRow(tx, webhookId);
    await recordWebhookDeed(deps, tx, webhook, { actor, kind: 'webhook_deleted' });
  });
}
