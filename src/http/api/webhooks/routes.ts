import { createRoute } from '@hono/zod-openapi';
import { type Api, actorOf } from '#http/api/api.ts';
import { json, needs, paginationOf, REFUSED, rowsOf } from '#http/api/contract.ts';
import { createWebhook } from '#operations/create-webhook.ts';
import { deleteWebhook } from '#operations/delete-webhook.ts';
import type { Deps } from '#operations/deps.ts';
import { listWebhooks, showWebhook } from '#operations/list-webhooks.ts';
import { rotateWebhookSecret } from '#operations/rotate-webhook-secret.ts';
import { updateWebhook } from '#operations/update-webhook.ts';
import { deliveryRoutes } from './deliveries.ts';
import { presentWebhook } from './present.ts';
import {
  ListQuery,
  NewSecret,
  Told,
  Webhook,
  WebhookChanges,
  WebhookInput,
  WebhookPath,
  Webhooks,
  WebhookWithSecret,
} from './schemas.ts';

/** Nobody on the way keeps a secret, our own answers under an Idempotency-Key included. */
const UNKEPT = { 'cache-control': 'no-store' };
const path = '/api/v1/webhooks';
const tags = ['Webhooks'];
const params = WebhookPath;

const list = createRoute({
  method: 'get',
  path,
  tags,
  ...needs('read'),
  summary: 'List the addresses that are told what happens',
  request: { query: ListQuery },
  responses: { 200: json(Webhooks, 'A page of them.'), ...REFUSED },
});

const create = createRoute({
  method: 'post',
  path,
  tags,
  // It is told what only those who may look may know.
  ...needs('write', 'read'),
  summary: 'Have an address told what happens from now on',
  description:
    'Events are signed with the secret of the answer, which is shown this once. The address is `https` on the public internet.',
  request: { body: { ...json(WebhookInput, 'Which address, and of what.'), required: true } },
  responses: { 200: json(WebhookWithSecret, 'It is told from now on. Keep the secret.'), ...REFUSED },
});

const read = createRoute({
  method: 'get',
  path: `${path}/{id}`,
  tags,
  ...needs('read'),
  summary: 'Read a webhook',
  request: { params },
  responses: { 200: json(Webhook, 'The webhook without its secret.'), ...REFUSED },
});

const changing = {
  path: `${path}/{id}`,
  tags,
  ...needs('write', 'read'),
  request: { params, body: { ...json(WebhookChanges, 'What is to be different.'), required: true } },
  responses: { 200: json(Webhook, 'The webhook as it is now.'), ...REFUSED },
};
const change = createRoute({
  method: 'patch',
  ...changing,
  summary: 'Change a webhook, or switch it off or on',
  description: 'What is left out stays as it is.',
});
const put = createRoute({
  method: 'put',
  ...changing,
  summary: 'The same as PATCH',
  description: 'For clients that change with PUT.',
});

const remove = createRoute({
  method: 'delete',
  path: `${path}/{id}`,
  tags,
  ...needs('write'),
  summary: 'Delete a webhook and its log',
  description: 'What waits to be sent there is dropped.',
  request: { params },
  responses: { 200: json(Told, 'It is told nothing more.'), ...REFUSED },
});

const rotate = createRoute({
  method: 'post',
  path: `${path}/{id}/rotate-secret`,
  tags,
  ...needs('write'),
  summary: 'Give a webhook a new secret; the one before signs as well for 24 hours',
  description:
    'So that a receiver can change over without missing anything: until then every message carries both signatures.',
  request: { params },
  responses: { 200: json(NewSecret, 'The new secret. Keep it.'), ...REFUSED },
});

/** Addresses that are told what happens, signed and until they take it. */
export function webhookRoutes(api: Api, deps: Deps): void {
  api.openapi(list, async (c) => {
    const { campaign_id: campaignId, ...page } = c.req.valid('query');
    const { workspaceId } = c.get('token');
    const { webhooks, total } = await listWebhooks(deps, { workspaceId, campaignId }, rowsOf(page));
    const shown = webhooks.map((one) => presentWebhook(one, deps.clock.now()));
    return c.json({ webhooks: shown, pagination: paginationOf(page, total) }, 200);
  });
  api.openapi(create, async (c) => {
    const { campaign_id: campaignId = null, description = null, ...given } = c.req.valid('json');
    const { workspaceId } = c.get('token');
    const who = { workspaceId, actor: actorOf(c.get('token')), creationKey: c.get('requestKey') };
    const made = await createWebhook(deps, { ...given, ...who, campaignId, description });
    return c.json({ ...(await shown(workspaceId, made.id)), secret: made.secret }, 200, UNKEPT);
  });
  api.openapi(read, async (c) =>
    c.json(await shown(c.get('token').workspaceId, c.req.valid('param').id), 200),
  );
  for (const route of [change, put])
    api.openapi(route, async (c) => {
      const { is_active: isActive, ...fields } = c.req.valid('json');
      const asked = own(c.get('token').workspaceId, c.req.valid('param').id);
      const actor = actorOf(c.get('token'));
      const changes = { ...fields, ...(isActive !== undefined && { isActive }) };
      await updateWebhook(deps, { ...asked, actor, changes });
      return c.json(await shown(asked.workspaceId, asked.webhookId), 200);
    });
  api.openapi(remove, async (c) => {
    const { id } = c.req.valid('param');
    await deleteWebhook(deps, { ...own(c.get('token').workspaceId, id), actor: actorOf(c.get('token')) });
    const message = `Webhook ${id} is deleted and is told nothing more. What its other end has stays there.`;
    return c.json({ message }, 200);
  });
  api.openapi(rotate, async (c) => {
    const asked = own(c.get('token').workspaceId, c.req.valid('param').id);
    const made = await rotateWebhookSecret(deps, { ...asked, actor: actorOf(c.get('token')) });
    const until = made.previousSecretUntil.toISOString();
    const message = 'Messages carry a signature of each secret until then. Put the new one in before that.';
    return c.json({ secret: made.secret, previous_secret_valid_until: until, message }, 200, UNKEPT);
  });
  deliveryRoutes(api, deps);

  async function shown(workspaceId: number, webhookId: number) {
    return presentWebhook(await showWebhook(deps, own(workspaceId, webhookId)), deps.clock.now());
  }
}

function own(workspaceId: number, webhookId: number) {
  return { workspaceId, webhookId };
}
