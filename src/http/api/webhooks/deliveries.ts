import { createRoute } from '@hono/zod-openapi';
import { type Api, actorOf } from '#http/api/api.ts';
import { json, needs, paginationOf, REFUSED, rowsOf } from '#http/api/contract.ts';
import type { Deps } from '#operations/deps.ts';
import { listDeliveries, showDelivery } from '#operations/list-deliveries.ts';
import { replayDelivery } from '#operations/replay-delivery.ts';
import { tryWebhook } from '#operations/try-webhook.ts';
import { presentDelivery, presentMessage } from './present.ts';
import {
  Asked,
  Deliveries,
  DeliveryPath,
  DeliveryQuery,
  DeliveryWithMessage,
  WebhookPath,
} from './schemas.ts';

const path = '/api/v1/webhooks/{id}';
const tags = ['Webhooks'];
const params = WebhookPath;

const list = createRoute({
  method: 'get',
  path: `${path}/deliveries`,
  tags,
  ...needs('read'),
  summary: 'The log of what a webhook was told, newest first, for 30 days',
  request: { params, query: DeliveryQuery },
  responses: { 200: json(Deliveries, 'A page of it.'), ...REFUSED },
});

const read = createRoute({
  method: 'get',
  path: `${path}/deliveries/{delivery_id}`,
  tags,
  ...needs('read'),
  summary: 'Read one delivery with its message',
  request: { params: DeliveryPath },
  responses: { 200: json(DeliveryWithMessage, 'The delivery.'), ...REFUSED },
});

const replay = createRoute({
  method: 'post',
  path: `${path}/deliveries/{delivery_id}/replay`,
  tags,
  ...needs('write'),
  summary: 'Have a delivery sent once more under the same id',
  description: 'At once and before what waits, also when it was taken before.',
  request: { params: DeliveryPath },
  responses: { 202: json(Asked, 'It is sent in a moment; the log tells what came of it.'), ...REFUSED },
});

const test = createRoute({
  method: 'post',
  path: `${path}/test`,
  tags,
  ...needs('write'),
  summary: 'Send a webhook a message of the type `test`',
  description: 'To see that the address is reached and checks the signature.',
  request: { params },
  responses: { 202: json(Asked, 'It is sent in a moment; the log tells what came of it.'), ...REFUSED },
});

/** What webhooks were told, and telling them again. */
export function deliveryRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { state, ...page } = c.req.valid('query');
    const { workspaceId } = c.get('token');
    const asked = { workspaceId, webhookId: c.req.valid('param').id, state };
    const { rows, total } = await listDeliveries(deps, asked, rowsOf(page));
    return c.json({ deliveries: rows.map(presentDelivery), pagination: paginationOf(page, total) }, 200);
  });
  api.openapi(read, async (c) => {
    const { id: webhookId, delivery_id: deliveryId } = c.req.valid('param');
    const { workspaceId } = c.get('token');
    return c.json(presentMessage(await showDelivery(deps, { workspaceId, webhookId, deliveryId })), 200);
  });
  api.openapi(replay, async (c) => {
    const { id: webhookId, delivery_id: deliveryId } = c.req.valid('param');
    const token = c.get('token');
    const asked = { workspaceId: token.workspaceId, webhookId, deliveryId };
    await replayDelivery(deps, { ...asked, actor: actorOf(token) });
    return c.json({ delivery_id: deliveryId, message: sentSoon(webhookId, deliveryId) }, 202);
  });
  api.openapi(test, async (c) => {
    const { id: webhookId } = c.req.valid('param');
    const token = c.get('token');
    const asked = { workspaceId: token.workspaceId, webhookId };
    const { deliveryId } = await tryWebhook(deps, { ...asked, actor: actorOf(token) });
    return c.json({ delivery_id: deliveryId, message: sentSoon(webhookId, deliveryId) }, 202);
  });
}

function sentSoon(webhookId: number, deliveryId: number): string {
  return `It is sent in a moment. GET /api/v1/webhooks/${webhookId}/deliveries/${deliveryId} tells what came of it.`;
}
