import type { z } from '@hono/zod-openapi';
import { instant } from '#http/instant.ts';
import type { listDeliveries, showDelivery } from '#operations/list-deliveries.ts';
import type { ListedWebhook } from '#operations/list-webhooks.ts';
import { webhookState, webhookStateWords } from '#operations/webhook-state.ts';
import type { Delivery, DeliveryWithMessage, Webhook } from './schemas.ts';

/** A webhook as lists and reads show it: everything but its secret. */
export function presentWebhook(
  { webhook, campaignName, waiting }: ListedWebhook,
  now: Date,
): z.output<typeof Webhook> {
  const { previousSecretUntil } = webhook;
  return {
    id: webhook.id,
    url: webhook.url,
    events: webhook.events,
    campaign_id: webhook.campaignId,
    campaign_name: campaignName,
    description: webhook.description,
    is_active: webhook.isActive,
    state: webhookState(webhook),
    state_message: webhookStateWords(webhook, waiting),
    off_reason: webhook.offReason,
    off_at: instant(webhook.offAt),
    failing_since: instant(webhook.failingSince),
    last_delivered_at: instant(webhook.lastDeliveredAt),
    waiting_deliveries: waiting,
    previous_secret_valid_until: instant(
      previousSecretUntil && previousSecretUntil > now ? previousSecretUntil : null,
    ),
    created_by: webhook.createdBy,
    created_at: instant(webhook.createdAt),
    updated_at: instant(webhook.updatedAt),
  };
}

type Row = Awaited<ReturnType<typeof listDeliveries>>['rows'][number];

/** One line of the log. */
export function presentDelivery(row: Row): z.output<typeof Delivery> {
  return {
    id: row.id,
    webhook_id: row.webhookId,
    type: row.type,
    campaign_id: row.campaignId,
    state: row.state,
    tries: row.tries,
    next_try_at: instant(row.state === 'waiting' ? row.nextTryAt : null),
    last_try_at: instant(row.triedAt),
    delivered_at: instant(row.deliveredAt),
    response_status: row.responseStatus,
    response_ms: row.responseMs,
    response_body: row.responseBody,
    problem: row.problem,
    created_at: instant(row.createdAt ?? row.nextTryAt ?? new Date(0)),
  };
}

/** One line of the log with what is sent. */
export function presentMessage({
  row,
  envelope,
}: Awaited<ReturnType<typeof showDelivery>>): z.output<typeof DeliveryWithMessage> {
  return { ...presentDelivery(row), message: envelope };
}
