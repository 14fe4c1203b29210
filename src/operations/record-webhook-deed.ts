import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import type { WebhookRow } from '#db/webhooks.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import type { Deps } from './deps.ts';

/** Writes down what somebody did with a webhook. Of its address the host is kept: the rest may hold a secret. */
export async function recordWebhookDeed(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  { id, workspaceId, campaignId, url }: WebhookRow,
  { actor, kind, details = {} }: { actor: Actor; kind: string; details?: Record<string, unknown> },
): Promise<void> {
  await recordCampaignEvent(tx, {
    workspaceId,
    campaignId,
    actor: actorText(actor),
    kind,
    details: { webhookId: id, host: new URL(url).host, ...details },
    createdAt: deps.clock.now(),
  });
}
