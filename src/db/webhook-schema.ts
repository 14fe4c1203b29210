import { bigint, boolean, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { DeliveryType, WebhookEvent } from '#domain/webhook-events.ts';
import { at } from './columns.ts';

/** Who is told what happens here, as the code reads it; `migrations/0011_webhooks.sql` makes it. */

export const webhooks = pgTable('webhooks', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id'),
  url: text('url').notNull(),
  description: text('description'),
  events: text('events').array().notNull().$type<WebhookEvent[]>(),
  secret: text('secret').notNull(),
  previousSecret: text('previous_secret'),
  previousSecretUntil: at('previous_secret_until'),
  isActive: boolean('is_active').notNull().default(true),
  offReason: text('off_reason').$type<'by_hand' | 'gone' | 'failing'>(),
  offAt: at('off_at'),
  failures: integer('failures').notNull().default(0),
  failingSince: at('failing_since'),
  givesUpAt: at('gives_up_at'),
  restUntil: at('rest_until'),
  leaseUntil: at('lease_until'),
  lastDeliveredAt: at('last_delivered_at'),
  creationKey: text('creation_key'),
  createdBy: text('created_by').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
});

export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    webhookId: integer('webhook_id').notNull(),
    campaignId: integer('campaign_id'),
    type: text('type').notNull().$type<DeliveryType>(),
    subjectId: bigint('subject_id', { mode: 'number' }),
    data: jsonb('data').notNull().default({}).$type<Record<string, unknown>>(),
    wakes: boolean('wakes').notNull().default(false),
    state: text('state').notNull().default('waiting').$type<'waiting' | 'delivered' | 'given_up'>(),
    tries: smallint('tries').notNull().default(0),
    nextTryAt: at('next_try_at'),
    triedAt: at('tried_at'),
    deliveredAt: at('delivered_at'),
    responseStatus: smallint('response_status'),
    responseMs: integer('response_ms'),
    responseBody: text('response_body'),
    problem: text('problem'),
    createdAt: at('created_at'),
  },
  (t) => [primaryKey({ columns: [t.webhookId, t.id] })],
);
