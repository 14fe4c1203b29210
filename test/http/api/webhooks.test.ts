import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { ANNA, phones } from '#support/engine.ts';
import { startReceiver } from '#support/receiver.ts';

const api = await createApi();
const { ask, deps, clock, drain, tokenFor, workspace } = api;
const receiver = await startReceiver();
const input = { url: receiver.url, events: ['contact_updated'], description: 'Our CRM' };

const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Elsewhere', botUserId: 'U_2' });
const stranger = await createToken(deps, {
  workspaceId: other.id,
  actor: ANNA,
  name: 'Stranger',
  scopes: ['read', 'write', 'launch'],
  expiresAt: null,
});

async function made(json: object = input): Promise<number> {
  return (await ask('POST /webhooks', { json })).body.id;
}

describe('a webhook', () => {
  test('is made, shows its secret once, and is told with a signature by it what happens', async () => {
    const { status, body } = await ask('POST /webhooks', { json: input });
    expect(status).toBe(200);
    const { secret, ...shown } = body;
    expect(secret).toMatch(/^whsec_[\w-]{43}$/);
    expect(shown).toMatchObject({
      ...input,
      campaign_id: null,
      is_active: true,
      state: 'active',
      state_message: expect.stringMatching(/not been told anything yet/),
      created_by: expect.stringMatching(/^token:/),
      created_at: '2026-11-24T19:00:00Z',
      waiting_deliveries: 0,
    });
    expect((await ask(`GET /webhooks/${shown.id}`)).body).toEqual(shown);
    expect((await ask('GET /webhooks')).body).toMatchObject({
      webhooks: [shown],
      pagination: { page: 1, total_items: 1 },
    });

    const campaignId = await api.campaign({ phones: phones(1) });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await drain();
    await api.deliverTexts(campaignId);
    const [one] = receiver.received;
    const sent = one?.body ?? '';
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(one?.headers['ringmaster-signature'])) ?? [];
    expect(createHmac('sha256', secret).update(`${t}.${sent}`).digest('hex')).toBe(v1);
    const log = (await ask(`GET /webhooks/${shown.id}/deliveries`)).body;
    expect(log).toEqual({
      deliveries: [
        {
          id: JSON.parse(sent).id,
          webhook_id: shown.id,
          type: 'contact_updated',
          campaign_id: campaignId,
          state: 'delivered',
          tries: 1,
          next_try_at: null,
          last_try_at: '2026-11-24T19:00:00Z',
          delivered_at: '2026-11-24T19:00:00Z',
          response_status: 204,
          response_ms: expect.any(Number),
          response_body: '',
          problem: null,
          created_at: '2026-11-24T19:00:00Z',
        },
      ],
      pagination: { page: 1, per_page: 50, total_items: 1, total_pages: 1, has_next: false, has_prev: false },
    });
    const read = await ask(`GET /webhooks/${shown.id}/deliveries/${log.deliveries[0].id}`);
    expect(read.body.message).toEqual(JSON.parse(sent));
  });

  test('is refused field by field, in words', async () => {
    const json = { url: 'https://169.254.169.254/latest', events: ['dialed'] };
    const { status, body } = await ask('POST /webhooks', { json });
    expect(status).toBe(422);
    expect(body.detail).toMatchObject([
      { loc: ['body', 'url'], msg: expect.stringMatching(/private or reserved network/) },
      { loc: ['body', 'events'], msg: expect.stringMatching(/There are campaign_status_changed, /) },
    ]);
    expect((await ask('POST /webhooks', { json: {} })).status).toBe(422);
    const foreign = { ...input, campaign_id: 99_999 };
    expect((await ask('POST /webhooks', { json: foreign })).status).toBe(404);
  });

  test('of one campaign names it and is listed by it', async () => {
    const campaignId = await api.campaign();
    const id = await made({ ...input, campaign_id: campaignId });
    const listed = (await ask(`GET /webhooks?campaign_id=${campaignId}`)).body.webhooks;
    expect(listed).toMatchObject([
      { id, campaign_id: campaignId, campaign_name: expect.stringMatching(/^Campaign/) },
    ]);
  });

  test('is changed, switched off and on, and says how it stands', async () => {
    const id = await made();
    const off = await ask(`PATCH /webhooks/${id}`, { json: { is_active: false, description: null } });
    expect([off.status, off.body]).toMatchObject([
      200,
      {
        is_active: false,
        state: 'off',
        off_reason: 'by_hand',
        off_at: '2026-11-24T19:00:00Z',
        description: null,
        state_message: expect.stringMatching(/^Somebody switched it off\. /),
      },
    ]);
    const refused = await ask(`POST /webhooks/${id}/test`);
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringMatching(/switched off/)]);
    const on = await ask(`PUT /webhooks/${id}`, { json: { is_active: true, events: ['opt_out'] } });
    expect(on.body).toMatchObject({ state: 'active', off_reason: null, off_at: null, events: ['opt_out'] });
    const bad = await ask(`PATCH /webhooks/${id}`, { json: { url: 'http://example.com/' } });
    expect([bad.status, bad.body.detail[0].loc]).toEqual([422, ['body', 'url']]);
    expect((await ask(`GET /webhooks/${id}`)).body.url).toBe(receiver.url);
  });

  test('is tried, fails in words, and is replayed', async () => {
    receiver.received.length = 0;
    receiver.answer = (_, response) => void response.writeHead(500).end('broken');
    const id = await made();
    const tried = await ask(`POST /webhooks/${id}/test`);
    expect([tried.status, tried.body.message]).toEqual([202, expect.stringMatching(/sent in a moment/)]);
    const deliveryId = tried.body.delivery_id;
    await drain();
    expect((await ask(`GET /webhooks/${id}/deliveries/${deliveryId}`)).body).toMatchObject({
      type: 'test',
      state: 'waiting',
      tries: 1,
      next_try_at: '2026-11-24T19:01:00Z',
      response_status: 500,
      response_body: 'broken',
      problem: expect.stringMatching(/^It answered 500/),
      message: { type: 'test', workspace_id: workspace.id },
    });
    expect((await ask(`GET /webhooks/${id}`)).body).toMatchObject({
      state: 'failing',
      failing_since: '2026-11-24T19:00:00Z',
      waiting_deliveries: 1,
      state_message: expect.stringMatching(/did not take the last message.* 1 message waits/),
    });
    receiver.answer = (_, response) => void response.writeHead(200).end();
    expect((await ask(`POST /webhooks/${id}/deliveries/${deliveryId}/replay`)).status).toBe(202);
    await drain();
    expect(receiver.received.map(({ body }) => JSON.parse(body).id)).toEqual([deliveryId, deliveryId]);
    expect((await ask(`GET /webhooks/${id}/deliveries?state=delivered`)).body.deliveries).toMatchObject([
      { id: deliveryId, state: 'delivered' },
    ]);
    expect((await ask(`GET /webhooks/${id}/deliveries?state=lost`)).status).toBe(422);
    expect((await ask(`GET /webhooks/${id}/deliveries/999999`)).status).toBe(404);
  });

  test('gets a new secret, and both count for a day', async () => {
    const id = await made();
    const { status, body } = await ask(`POST /webhooks/${id}/rotate-secret`);
    expect([status, body]).toEqual([
      200,
      {
        secret: expect.stringMatching(/^whsec_/),
        previous_secret_valid_until: new Date(clock.now().getTime() + 86_400_000).toISOString(),
        message: expect.stringMatching(/signature of each/),
      },
    ]);
    expect((await ask(`GET /webhooks/${id}`)).body.previous_secret_valid_until).toBe('2026-11-25T19:00:00Z');
  });

  test('is deleted for good', async () => {
    const id = await made();
    const gone = await ask(`DELETE /webhooks/${id}`);
    expect([gone.status, gone.body.message]).toEqual([200, expect.stringMatching(/is deleted/)]);
    expect((await ask(`GET /webhooks/${id}`)).status).toBe(404);
  });

  test('is nobody’s business in another workspace, and nothing is changed without the scope for it', async () => {
    const id = await made();
    const token = stranger.secret;
    const asked = [
      `GET /webhooks/${id}`,
      `DELETE /webhooks/${id}`,
      `POST /webhooks/${id}/test`,
      `POST /webhooks/${id}/rotate-secret`,
      `GET /webhooks/${id}/deliveries`,
      `GET /webhooks/${id}/deliveries/1`,
      `POST /webhooks/${id}/deliveries/1/replay`,
    ];
    for (const what of asked) expect([what, (await ask(what, { token })).status]).toEqual([what, 404]);
    expect((await ask(`PATCH /webhooks/${id}`, { token, json: { is_active: false } })).status).toBe(404);
    expect((await ask('GET /webhooks', { token })).body.webhooks).toEqual([]);
    const reader = await tokenFor(['read']);
    for (const what of asked.filter((one) => !one.startsWith('GET')))
      expect([what, (await ask(what, { token: reader })).status]).toEqual([what, 403]);
    expect((await ask('POST /webhooks', { token: reader, json: input })).status).toBe(403);
    expect((await ask('GET /webhooks', { token: reader })).status).toBe(200);
    expect((await ask('GET /webhooks', { token: null })).status).toBe(401);
  });

  test('takes the scope read as well where it is said what is told to whom: it hands on what a writer may not look at', async () => {
    const id = await made();
    const writer = await tokenFor(['write']);
    const answers = [
      await ask('POST /webhooks', { token: writer, json: input }),
      await ask(`PATCH /webhooks/${id}`, { token: writer, json: { url: 'https://example.com/mine' } }),
      await ask(`PUT /webhooks/${id}`, { token: writer, json: { events: ['reply_received'] } }),
    ];
    for (const { status, body } of answers)
      expect([status, body.detail]).toEqual([
        403,
        expect.stringMatching(
          /may not look: it has the scopes write\. Nothing was done\. Use one that has write and read\./,
        ),
      ]);
    expect((await ask(`GET /webhooks/${id}`)).body).toMatchObject(input);
    expect((await ask(`DELETE /webhooks/${id}`, { token: writer })).status).toBe(200);
  });

  test('is made once under one Idempotency-Key, and its secret is not told again', async () => {
    const headers = { 'idempotency-key': 'hook-1' };
    const made = async () => (await ask('GET /webhooks')).body.pagination.total_items;
    const before = await made();
    const { secret } = (await ask('POST /webhooks', { json: input, headers })).body;
    const again = await ask('POST /webhooks', { json: input, headers });
    expect(again.status).toBe(409);
    expect(JSON.stringify(again.body)).not.toContain(secret);
    expect(await made()).toBe(before + 1);
  });
});
