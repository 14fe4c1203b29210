import { createWebhook } from '#operations/create-webhook.ts';
import { deleteWebhook } from '#operations/delete-webhook.ts';
import { replayDelivery } from '#operations/replay-delivery.ts';
import { rotateWebhookSecret } from '#operations/rotate-webhook-secret.ts';
import { tryWebhook } from '#operations/try-webhook.ts';
import { updateWebhook } from '#operations/update-webhook.ts';
import { ANNA, type Engine } from '#support/engine.ts';

const BEN = { kind: 'slack_user', userId: 'U_BEN' } as const;

/** What Anna does with webhooks, for the audit. */
export function webhookDeeds({ deps, workspace }: Engine) {
  const workspaceId = workspace.id;
  const anna = { workspaceId, actor: ANNA };
  let made = 0;
  const input = () => ({
    workspaceId,
    url: 'http://127.0.0.1:9/hooks?key=hidden',
    events: ['opt_out'],
    campaignId: null,
    description: null,
    creationKey: `audit-${++made}`,
  });
  const webhook = async () => {
    const { id } = await createWebhook(deps, { ...input(), actor: BEN });
    return { ...anna, webhookId: id };
  };
  return {
    'create-webhook': {
      kind: 'webhook_created',
      run: () => createWebhook(deps, { ...input(), actor: ANNA }),
    },
    'update-webhook': {
      kind: 'webhook_updated',
      run: async () => updateWebhook(deps, { ...(await webhook()), changes: { isActive: false } }),
    },
    'rotate-webhook-secret': {
      kind: 'webhook_secret_rotated',
      run: async () => rotateWebhookSecret(deps, await webhook()),
    },
    'try-webhook': { kind: 'webhook_tried', run: async () => tryWebhook(deps, await webhook()) },
    'replay-delivery': {
      kind: 'webhook_replayed',
      run: async () => {
        const own = await webhook();
        const { deliveryId } = await tryWebhook(deps, { ...own, actor: BEN });
        return replayDelivery(deps, { ...own, deliveryId });
      },
    },
    'delete-webhook': {
      kind: 'webhook_deleted',
      run: async () => deleteWebhook(deps, await webhook()),
    },
  };
}
