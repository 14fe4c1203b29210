import { isDeepStrictEqual } from 'node:util';
import { changeWebhook, type WebhookRow } from '#db/webhooks.ts';
import type { Actor } from '#domain/actor.ts';
import { authorize } from './authorize.ts';
import { checkWebhookFields, type WebhookFields } from './check-webhook-fields.ts';
import type { Deps } from './deps.ts';
import { lockOwnWebhook, ownWebhook } from './own-webhook.ts';
import { recordWebhookDeed } from './record-webhook-deed.ts';
import { wakeWebhook } from './wake-webhook.ts';

export type UpdateWebhookInput = {
  workspaceId: number;
  webhookId: number;
  actor: Actor;
  /** Any of these; those that stand already change nothing. */
  changes: WebhookFields & { isActive?: boolean };
};

const AS_NEW = { failures: 0, failingSince: null, givesUpAt: null, restUntil: null } as const;

/**
 * Changes a webhook, or switches it off or on. One that is switched on, or led to another address, is sent what still waits
 * for it. Throws `webhook_not_found`, `settings_invalid` with every problem, and the refusals of `authorize`.
 */
export async function updateWebhook(
  deps: Deps,
  { workspaceId, webhookId, actor, changes }: UpdateWebhookInput,
): Promise<WebhookRow> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  await ownWebhook(deps, { workspaceId, webhookId });
  const { isActive, ...fields } = changes;
  const checked = await checkWebhookFields(deps, fields);
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const before = await lockOwnWebhook(tx, { workspaceId, webhookId });
    const wanted = { ...checked, ...(isActive !== undefined && { isActive }) };
    const names = (Object.keys(wanted) as (keyof typeof wanted)[]).filter(
      (name) => !isDeepStrictEqual(wanted[name], before[name]),
    );
    if (names.length === 0) return before;
    const isOnAgain = names.includes('isActive') && isActive === true;
    const changed = await changeWebhook(tx, webhookId, {
      ...wanted,
      ...(names.includes('isActive') && (isActive ? ON : { offReason: 'by_hand' as const, offAt: now })),
      ...((isOnAgain || names.includes('url')) && AS_NEW),
      updatedAt: now,
    });
    if (!changed) throw new Error(`webhook ${webhookId} went although it was locked`);
    await recordWebhookDeed(deps, tx, changed, {
      actor,
      kind: 'webhook_updated',
      details: { fields: names },
    });
    if (changed.isActive) await wakeWebhook(tx, deps, webhookId);
    return changed;
  });
}

const ON = { offReason: null, offAt: null };
