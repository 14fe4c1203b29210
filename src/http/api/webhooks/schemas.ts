import { z } from '@hono/zod-openapi';
import { WEBHOOK_EVENT_NAMES, WEBHOOK_EVENTS } from '#domain/webhook-events.ts';
import { BodyId, Id, Instant, PageQuery, Pagination } from '#http/api/contract.ts';

const LONGEST_URL = 2_000;
const LONGEST_DESCRIPTION = 500;

const EVENTS_IN_WORDS = WEBHOOK_EVENT_NAMES.map((name) => `\`${name}\`: ${WEBHOOK_EVENTS[name]}`).join(' ');
const Event = z.enum(WEBHOOK_EVENT_NAMES);

const STATE_IN_WORDS =
  '`active`: what was told last was taken. `failing`: it was not, and is tried again. `off`: it is told nothing.';

export const Webhook = z
  .object({
    id: z.number().int(),
    url: z.string(),
    events: z.array(Event).openapi({ description: EVENTS_IN_WORDS }),
    campaign_id: z.number().int().nullable(),
    campaign_name: z.string().nullable(),
    description: z.string().nullable(),
    is_active: z.boolean(),
    state: z.enum(['active', 'failing', 'off']).openapi({ description: STATE_IN_WORDS }),
    state_message: z.string().openapi({ description: 'The same in words, with what to do next.' }),
    off_reason: z.enum(['by_hand', 'gone', 'failing']).nullable().openapi({
      description: 'Who switched it off: somebody, its own answer 410, or three days without success.',
    }),
    off_at: Instant.nullable(),
    failing_since: Instant.nullable(),
    last_delivered_at: Instant.nullable(),
    waiting_deliveries: z.number().int(),
    previous_secret_valid_until: Instant.nullable(),
    created_by: z.string(),
    created_at: Instant,
    updated_at: Instant,
  })
  .openapi('Webhook');

export const WebhookWithSecret = Webhook.extend({
  secret: z.string().openapi({
    description: 'What its messages are signed with. It is shown here once and never again.',
    example: 'whsec_Zm9yIHlvdXIgZXllcyBvbmx5',
  }),
}).openapi('WebhookWithSecret');

export const Webhooks = z.object({ webhooks: z.array(Webhook), pagination: Pagination }).openapi('Webhooks');

export const WebhookPath = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'Of the webhook.', example: 7 }),
});

export const ListQuery = PageQuery.extend({
  campaign_id: Id.optional().openapi({ description: 'Only those of this campaign.' }),
});

/** What the rules make of address and events is theirs: they name every problem in words. */
const Url = z.string().min(1).max(LONGEST_URL);
const EventNames = z.array(z.string().max(100)).max(50);
const Description = z.string().max(LONGEST_DESCRIPTION).nullish();

export const WebhookInput = z
  .object({
    url: Url.openapi({
      description: 'An https address on the public internet, on port 443, 8443, 80 or 8080.',
    }),
    events: EventNames.openapi({ description: EVENTS_IN_WORDS }),
    campaign_id: BodyId.nullish().openapi({ description: 'Only what happens in this campaign.' }),
    description: Description,
  })
  .openapi('WebhookInput', {
    example: {
      url: 'https://crm.example.com/hooks/ringmaster',
      events: ['contact_updated', 'reply_received', 'opt_out'],
      description: 'Our CRM',
    },
  });

export const WebhookChanges = z
  .object({
    url: Url.optional(),
    events: EventNames.optional(),
    description: Description,
    is_active: z.boolean().optional().openapi({ description: 'False switches it off, true on again.' }),
  })
  .openapi('WebhookChanges', { example: { is_active: true } });

export const NewSecret = z
  .object({ secret: z.string(), previous_secret_valid_until: Instant, message: z.string() })
  .openapi('WebhookSecret');

const State = z.enum(['waiting', 'delivered', 'given_up']);

const delivery = {
  id: z.number().int(),
  webhook_id: z.number().int(),
  type: z.enum([...WEBHOOK_EVENT_NAMES, 'test']),
  campaign_id: z.number().int().nullable(),
  state: State,
  tries: z.number().int(),
  next_try_at: Instant.nullable(),
  last_try_at: Instant.nullable(),
  delivered_at: Instant.nullable(),
  response_status: z.number().int().nullable(),
  response_ms: z.number().int().nullable(),
  response_body: z
    .string()
    .nullable()
    .openapi({ description: 'The first kilobyte of what was answered last.' }),
  problem: z.string().nullable().openapi({ description: 'Why the last try was not taken, in words.' }),
  created_at: Instant,
};
export const Delivery = z.object(delivery).openapi('WebhookDelivery');

const Message = z
  .object({
    id: z.number().int().openapi({ description: 'The same over all tries and replays.' }),
    type: z.string(),
    created_at: Instant,
    workspace_id: z.number().int(),
    campaign_id: z.number().int().nullable(),
    data: z.record(z.string(), z.unknown()),
  })
  .openapi('WebhookMessage');

export const DeliveryWithMessage = z
  .object({ ...delivery, message: Message })
  .openapi('WebhookDeliveryWithMessage');

export const Deliveries = z
  .object({ deliveries: z.array(Delivery), pagination: Pagination })
  .openapi('WebhookDeliveries');

const DeliveryId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
export const DeliveryPath = WebhookPath.extend({
  delivery_id: DeliveryId.openapi({
    param: { name: 'delivery_id', in: 'path' },
    description: 'Of the delivery.',
    example: 4711,
  }),
});
export const DeliveryQuery = PageQuery.extend({
  state: State.optional().openapi({ description: 'Only deliveries in this state.' }),
});

export const Told = z.object({ message: z.string() }).openapi('WebhookTold');
export const Asked = z.object({ delivery_id: z.number().int(), message: z.string() }).openapi('WebhookAsked');
