import { changeWebhook } from '#db/webhooks.ts';
import type { Actor } from '#domain/actor.ts';
import { authorize } from './authorize.ts';
import { newWebhookSecret } from './create-webhook.ts';
import type { Deps } from './deps.ts';
import { lockOwnWebhook } from './own-webhook.ts';
import { recordWebhookDeed } from './record-webhook-deed.ts';

const BOTH_SIGN_MS = 24 * 3_600_000;

/**
 * Gives a webhook a new secret, to be shown once. The one before it signs as well for 24 hours, so that the other end can
 * be changed over without losing a message; one from before that is over at once. Throws `webhook_not_found` and the
 * refusals of `authorize`.
 */
export async function rotateWebhookSecret(
  deps: Deps,
  { workspaceId, webhookId, actor }: { workspaceId: number; webhookId: number; actor: Actor },
): Promise<{ secret: string; previousSecretUntil: Date }> {
  await authorize(deps, { workspaceId, actor, channelId: null, right: 'administer' });
  const secret = newWebhookSecret();
  const previousSecretUntil = new Date(deps.clock.now().getTime() + BOTH_SIGN_MS);
  await deps.db.transaction(async (tx) => {
    const webhook = await lockOwnWebhook(tx, { workspaceId, webhookId });
    await changeWebhook(tx, webhookId, {
      secret,
      previousSecret: webhook.secret,
      previousSecretUntil,
      updatedAt: deps.clock.now(),
    });
    await recordWebhookDeed(deps, tx, webhook, { actor, kind: 'webhook_secret_rotated' });
  });
  return { secret, previousSecretUntil };
}
