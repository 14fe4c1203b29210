import { createHmac } from 'node:crypto';
import { eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#clock.ts';
import { openDatabase } from '#db/client.ts';
import { campaignEvents } from '#db/schema.ts';
import { takeDeliveries } from '#db/webhook-deliveries.ts';
import { webhookDeliveries, webhooks } from '#db/webhook-schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { createToken } from '#operations/create-token.ts';
import { createWebhook } from '#operations/create-webhook.ts';
import { deleteWebhook } from '#operations/delete-webhook.ts';
import { deliverWebhook } from '#operations/deliver-webhook.ts';
import { purge } from '#operations/purge.ts';
import { recover } from '#operations/recover.ts';
import { replayDelivery } from '#operations/replay-delivery.ts';
import { rotateWebhookSecret } from '#operations/rotate-webhook-secret.ts';
import { tryWebhook } from '#operations/try-webhook.ts';
import { updateWebhook } from '#operations/update-webhook.ts';
import { wakeWebhook } from '#operations/wake-webhook.ts';
import { cuttable } from '#support/cuttable.ts';
import { ANNA, createEngine } from '#support/engine.ts';
import { startReceiver } from '#support/receiver.ts';

const MINUTE = 60_000;
const TOKEN = { kind: 'api_token', tokenId: 1 } as const;
const engine = await createEngine();
const { deps, clock, chat, workspace } = engine;
const workspaceId = workspace.id;
const receiver = await startReceiver();
await changeWorkspace(deps.db, workspaceId, { defaultRole: 'admin' });

let made = 0;
const make = (given: Partial<Parameters<typeof createWebhook>[1]> = {}) =>
  createWebhook(deps, {
    workspaceId,
    actor: ANNA,
    creationKey: `webhook-${++made}`,
    url: receiver.url,
    events: ['opt_out'],
    campaignId: null,
    description: null,
    ...given,
  });
const own = (webhookId: number) => ({ workspaceId, webhookId, actor: ANNA });
const tried = async (webhookId: number, times = 1) => {
  const ids: number[] = [];
  for (let n = 0; n < times; n += 1) ids.push((await tryWebhook(deps, own(webhookId))).deliveryId);
  return ids;
};
const answer = (status: number, headers: Record<string, string> = {}, body = '') => {
  receiver.answer = (_, response) => void response.writeHead(status, headers).end(body);
};
const log = (webhookId: number) =>
  deps.db
    .select()
    .from(webhookDeliveries)
    .where(eq(webhookDeliveries.webhookId, webhookId))
    .orderBy(webhookDeliveries.id);
const read = async (webhookId: number) => {
  const [row] = await deps.db.select().from(webhooks).where(eq(webhooks.id, webhookId));
  if (!row) throw new Error('the webhook is gone');
  return row;
};

beforeEach(async () => {
  receiver.received.length = 0;
  chat.posted.length = 0;
  answer(204);
  await deps.db.delete(webhooks);
  await deps.db.delete(webhookDeliveries);
  await deps.db.execute(sql`delete from graphile_worker._private_jobs`);
});

describe('a delivery', () => {
  test('that is taken is kept with what was answered', async () => {
    answer(200, {}, 'thank you');
    const { id } = await make();
    await tried(id);
    await engine.drain();
    expect(await log(id)).toMatchObject([
      {
        state: 'delivered',
        tries: 1,
        responseStatus: 200,
        responseMs: expect.any(Number),
        responseBody: 'thank you',
        problem: null,
        deliveredAt: clock.now(),
      },
    ]);
    expect(await read(id)).toMatchObject({ failures: 0, lastDeliveredAt: clock.now(), leaseUntil: null });
  });

  test('that is not taken is tried again, later each time, under the same id', async () => {
    answer(500, {}, 'no');
    const { id } = await make();
    const [deliveryId] = await tried(id);
    await engine.drain();
    expect(await log(id)).toMatchObject([
      { state: 'waiting', tries: 1, problem: expect.stringMatching(/500/) },
    ]);
    await engine.wait(MINUTE - 1_000);
    await engine.drain();
    expect(receiver.received).toHaveLength(1);
    await engine.wait(1_000);
    await engine.drain();
    expect(receiver.received).toHaveLength(2);
    answer(200);
    await engine.wait(5 * MINUTE);
    await engine.drain();
    expect(await log(id)).toMatchObject([{ state: 'delivered', tries: 3, problem: null }]);
    expect(receiver.received.map(({ headers }) => headers['ringmaster-delivery'])).toEqual(
      Array(3).fill(String(deliveryId)),
    );
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(await read(id)).toMatchObject({ failures: 0, failingSince: null, givesUpAt: null });
  });

  test('is given up after its last try, and sent once more when somebody replays it', async () => {
    const { id } = await make();
    const [deliveryId = 0] = await tried(id);
    await deps.db.update(webhookDeliveries).set({ tries: 10 });
    answer(404);
    await engine.drain();
    expect(await log(id)).toMatchObject([{ state: 'given_up', tries: 11 }]);
    await engine.wait(48 * 60 * MINUTE);
    await engine.drain();
    expect(receiver.received).toHaveLength(1);
    answer(200);
    await replayDelivery(deps, { ...own(id), deliveryId });
    await engine.drain();
    expect(await log(id)).toMatchObject([{ id: deliveryId, state: 'delivered', tries: 1 }]);
    expect(receiver.received[1]?.headers['ringmaster-delivery']).toBe(String(deliveryId));
  });

  test('of another webhook cannot be replayed, nor one of a webhook that is off', async () => {
    const one = await make();
    const other = await make();
    const [deliveryId = 0] = await tried(one.id);
    await expect(replayDelivery(deps, { ...own(other.id), deliveryId })).rejects.toMatchObject({
      code: 'delivery_not_found',
    });
    await updateWebhook(deps, { ...own(one.id), changes: { isActive: false } });
    await expect(replayDelivery(deps, { ...own(one.id), deliveryId })).rejects.toMatchObject({
      code: 'webhook_off',
    });
    const foreign = { ...own(one.id), workspaceId: workspaceId + 1, actor: TOKEN };
    await expect(tryWebhook(deps, foreign)).rejects.toMatchObject({
      code: 'webhook_not_found',
    });
  });

  test('that was being sent when its process died is sent again when the lease ends', async () => {
    const { id } = await make();
    await tried(id);
    const leaseUntil = clock.realDelay(90_000);
    await deps.db.update(webhooks).set({ leaseUntil });
    await takeDeliveries(deps.db, { webhookId: id, now: clock.now(), leaseUntil, limit: 5 });
    await deps.db.execute(sql`delete from graphile_worker._private_jobs`);
    await engine.wait(89_000);
    await recover(deps);
    await engine.drain();
    expect(receiver.received).toEqual([]);
    await engine.wait(1_000);
    await recover(deps);
    await engine.drain();
    expect(receiver.received).toHaveLength(1);
    expect(await log(id)).toMatchObject([{ state: 'delivered', tries: 2 }]);
  });

  test('whose database went away while it was sent is kept as taken in the end', async () => {
    const { id } = await make();
    const ids = await tried(id, 12);
    await deps.db.execute(sql`delete from graphile_worker._private_jobs`);
    const url = new URL(engine.database.url);
    const way = await cuttable(Number(url.port));
    url.host = new URL(way.url).host;
    const elsewhere = openDatabase(url.href, { maxConnections: 2 });
    receiver.answer = (_, response) => {
      if (receiver.received.length === 1) way.cut();
      if (receiver.received.length === ids.length) way.mend();
      response.writeHead(204).end();
    };
    await deliverWebhook({ ...deps, db: elsewhere.db }, { webhookId: id }).catch(() => undefined);
    await elsewhere.close();
    await way.close();
    await engine.wait(90_000);
    await recover(deps);
    await engine.drain();
    expect((await log(id)).map(({ state }) => state)).toEqual(Array(12).fill('delivered'));
    const arrived = receiver.received.map(({ headers }) => Number(headers['ringmaster-delivery']));
    expect(new Set(arrived)).toEqual(new Set(ids));
    expect(await read(id)).toMatchObject({ failures: 0, leaseUntil: null });
  });

  test('that nobody noticed is found by the reaper', async () => {
    const { id } = await make();
    await deps.db.insert(webhookDeliveries).values({ webhookId: id, type: 'test' });
    await engine.drain();
    expect(receiver.received).toEqual([]);
    await recover(deps);
    await engine.drain();
    expect(await log(id)).toMatchObject([{ state: 'delivered', createdAt: clock.now() }]);
  });

  test('is kept for thirty days', async () => {
    const { id } = await make();
    await tried(id);
    await engine.drain();
    clock.move(29 * 24 * 60 * MINUTE);
    await purge(deps);
    expect(await log(id)).toHaveLength(1);
    clock.move(2 * 24 * 60 * MINUTE);
    await purge(deps);
    expect(await log(id)).toEqual([]);
  });
});

describe('a webhook', () => {
  test('is sent many at a time over few connections, never more than five at once', async () => {
    let open = 0;
    let most = 0;
    receiver.answer = (_, response) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        response.writeHead(200).end();
      }, 5);
    };
    const { id } = await make();
    await deps.db.execute(sql`
      insert into webhook_deliveries (webhook_id, type, wakes)
      select ${id}, 'test', n = 1 from generate_series(1, 230) n`);
    const before = receiver.connections;
    await engine.drain();
    expect(receiver.received).toHaveLength(230);
    expect(most).toBe(5);
    expect(receiver.connections - before).toBeLessThanOrEqual(10);
    expect(new Set((await log(id)).map(({ state }) => state))).toEqual(new Set(['delivered']));
  });

  test('that is down is left alone, asked with one delivery at a time, and sent everything once it is back', async () => {
    answer(503);
    const { id } = await make();
    await tried(id, 30);
    await engine.drain();
    expect(receiver.received).toHaveLength(5);
    const untouched = (await log(id)).filter(({ tries }) => tries === 0);
    expect(untouched).toHaveLength(25);
    expect(await read(id)).toMatchObject({ failures: 5, restUntil: clock.realDelay(30_000) });
    await wakeWebhook(deps.db, deps, id);
    await engine.drain();
    expect(receiver.received).toHaveLength(5);
    await engine.wait(30_000);
    await engine.drain();
    expect(receiver.received).toHaveLength(6);
    expect(await read(id)).toMatchObject({ failures: 6, restUntil: clock.realDelay(60_000) });
    answer(200);
    await engine.wait(60_000);
    await engine.drain();
    await engine.wait(5 * MINUTE);
    await engine.drain();
    expect((await log(id)).map(({ state }) => state)).toEqual(Array(30).fill('delivered'));
    expect(await read(id)).toMatchObject({ failures: 0, restUntil: null, failingSince: null });
  });

  test('that is left alone is sent at once what somebody asks for, before all that waits', async () => {
    answer(503);
    const { id } = await make();
    const waiting = await tried(id, 30);
    await engine.drain();
    await engine.wait(1_000);
    receiver.received.length = 0;
    const [tryId] = await tried(id);
    await engine.drain();
    expect(receiver.received.map(({ headers }) => headers['ringmaster-delivery'])).toEqual([String(tryId)]);
    expect(await read(id)).toMatchObject({ failures: 6, restUntil: clock.realDelay(60_000) });
    const replayedId = waiting.at(-1) ?? 0;
    answer(200);
    await replayDelivery(deps, { ...own(id), deliveryId: replayedId });
    await engine.drain();
    expect(receiver.received[1]?.headers['ringmaster-delivery']).toBe(String(replayedId));
    expect(await read(id)).toMatchObject({ failures: 0, restUntil: null });
    const states = new Map((await log(id)).map((row) => [row.id, row.state]));
    expect(states.get(replayedId)).toBe('delivered');
    expect(waiting.slice(5).map((one) => states.get(one))).toEqual(Array(25).fill('delivered'));
  });

  test('that asks to wait is left alone for so long', async () => {
    answer(429, { 'retry-after': '120' });
    const { id } = await make();
    await tried(id, 20);
    await engine.drain();
    expect(receiver.received.length).toBeLessThanOrEqual(5);
    const asked = receiver.received.length;
    answer(200);
    await engine.wait(119_000);
    await engine.drain();
    expect(receiver.received).toHaveLength(asked);
    await engine.wait(1_000);
    await engine.drain();
    expect((await log(id)).filter(({ state }) => state === 'delivered')).toHaveLength(20);
  });

  test('that somebody else sends to is looked at a little later, so that nothing stays behind', async () => {
    const { id } = await make();
    await tried(id);
    await deps.db.update(webhooks).set({ leaseUntil: clock.realDelay(10_000) });
    await engine.drain();
    expect(receiver.received).toEqual([]);
    await deps.db.update(webhooks).set({ leaseUntil: null });
    await engine.wait(2_000);
    await engine.drain();
    expect(receiver.received).toHaveLength(1);
  });

  test('gives others their turn after a while, and goes on where it was', async () => {
    const { id } = await make();
    await tried(id, 40);
    await deps.db.execute(sql`delete from graphile_worker._private_jobs`);
    receiver.answer = (_, response) => {
      clock.move(1_000);
      response.writeHead(200).end();
    };
    await deliverWebhook(deps, { webhookId: id });
    expect(receiver.received.length).toBeGreaterThanOrEqual(5);
    expect(receiver.received.length).toBeLessThan(15);
    expect((await read(id)).leaseUntil).toBeNull();
    await engine.drain();
    expect(receiver.received).toHaveLength(40);
    expect((await log(id)).every(({ state, tries }) => state === 'delivered' && tries === 1)).toBe(true);
  });

  test('goes on behind those that wait for their turn by then, however long its own messages have waited', async () => {
    const { id } = await make();
    await tried(id, 20);
    await deps.db.execute(sql`delete from graphile_worker._private_jobs`);
    const began = Date.now();
    const dueAt = new Date(began - 60 * MINUTE);
    await deps.db.update(webhookDeliveries).set({ nextTryAt: dueAt });
    await deliverWebhook({ ...deps, clock: systemClock }, { webhookId: id }, AbortSignal.abort());
    const [job] = await deps.db.execute<{ run_at: string }>(sql`select run_at from graphile_worker.jobs`);
    expect(new Date(job?.run_at ?? 0).getTime()).toBeGreaterThanOrEqual(began);
  });

  test('whose process is to end gives back what it has not sent', async () => {
    const { id } = await make();
    await tried(id, 20);
    await deps.db.execute(sql`delete from graphile_worker._private_jobs`);
    const stop = new AbortController();
    receiver.answer = (_, response) => {
      stop.abort();
      response.writeHead(200).end();
    };
    await deliverWebhook(deps, { webhookId: id }, stop.signal);
    const rows = await log(id);
    expect(rows.filter(({ state }) => state === 'delivered').length).toBe(receiver.received.length);
    expect(receiver.received.length).toBeLessThanOrEqual(5);
    expect(rows.filter(({ tries }) => tries === 0)).toHaveLength(20 - receiver.received.length);
    await engine.drain();
    expect((await log(id)).every(({ state }) => state === 'delivered')).toBe(true);
  });

  test('that says it is gone is switched off at once, and whoever made it is told', async () => {
    answer(410);
    const { id } = await make({ url: `${receiver.url}?key=hidden` });
    await tried(id);
    await engine.drain();
    expect(await read(id)).toMatchObject({ isActive: false, offReason: 'gone', offAt: clock.now() });
    expect(chat.posted).toMatchObject([
      {
        place: { channelId: 'U_ANNA', threadTs: null },
        content: {
          kind: 'note',
          level: 'warning',
          text: expect.stringMatching(/gone for good, so it was switched off/),
        },
      },
    ]);
    expect(JSON.stringify(chat.posted)).not.toContain('hidden');
    const [event] = await deps.db
      .select()
      .from(campaignEvents)
      .where(eq(campaignEvents.kind, 'webhook_switched_off'));
    expect(event).toMatchObject({ actor: 'system', details: { webhookId: id, reason: 'gone' } });
    expect(JSON.stringify(event)).not.toContain('hidden');
  });

  test('that is led elsewhere while its old address says that it is gone stays on', async () => {
    const { id } = await make({ url: `${receiver.url}/old` });
    await tried(id);
    const moved = `${receiver.url}/new`;
    receiver.answer = ({ path }, response) => {
      if (path === '/hooks/new') return void response.writeHead(200).end();
      const change = updateWebhook(deps, { ...own(id), changes: { url: moved } });
      void change.then(() => response.writeHead(410).end());
    };
    await engine.drain();
    expect(await read(id)).toMatchObject({ isActive: true, url: moved });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hooks/old', '/hooks/new']);
    expect(await log(id)).toMatchObject([{ state: 'delivered' }]);
  });

  test('that is led elsewhere while its old address fails is sent everything at the new one at once', async () => {
    const { id } = await make({ url: `${receiver.url}/old` });
    const ids = await tried(id, 8);
    const moved = `${receiver.url}/new`;
    let change: Promise<unknown> | null = null;
    receiver.answer = ({ path }, response) => {
      if (path === '/hooks/new') return void response.writeHead(200).end();
      change ??= updateWebhook(deps, { ...own(id), changes: { url: moved } });
      void change.then(() => response.writeHead(503).end());
    };
    await engine.drain();
    const isNew = ({ path }: { path: string }) => path === '/hooks/new';
    expect(receiver.received.filter(isNew)).toHaveLength(ids.length);
    expect((await log(id)).map(({ state, tries }) => `${state} ${tries}`)).toEqual(
      Array(8).fill('delivered 1'),
    );
    expect(await read(id)).toMatchObject({ failures: 0, failingSince: null, restUntil: null });
  });

  test.each([
    ['deleted', (id: number) => deleteWebhook(deps, own(id)), 0],
    ['switched off', (id: number) => updateWebhook(deps, { ...own(id), changes: { isActive: false } }), 0],
    [
      'led elsewhere',
      (id: number) => updateWebhook(deps, { ...own(id), changes: { url: `${receiver.url}/new` } }),
      35,
    ],
  ])(
    'that is %s in the middle of a batch has only what is under way sent as before',
    async (_, change, others) => {
      const { id } = await make({ url: `${receiver.url}/old` });
      await tried(id, 40);
      await deps.db.execute(sql`delete from graphile_worker._private_jobs`);
      let changing: Promise<unknown> | null = null;
      receiver.answer = (__, response) => {
        changing ??= change(id).then(() => clock.move(1_000));
        void changing.then(() => response.writeHead(200).end());
      };
      await deliverWebhook(deps, { webhookId: id });
      const at = (place: string) => receiver.received.filter(({ path }) => path === `/hooks/${place}`).length;
      expect([at('old'), at('new')]).toEqual([5, others]);
    },
  );

  test('is sent what waits in the order in which it happened, over the turns that it takes', async () => {
    const { id } = await make();
    await deps.db.execute(sql`
      insert into webhook_deliveries (webhook_id, type, wakes)
      select ${id}, 'test', n = 1 from generate_series(1, 450) n`);
    receiver.answer = (_, response) => {
      clock.move(50);
      response.writeHead(200).end();
    };
    await engine.drain();
    const ids = receiver.received.map(({ headers }) => Number(headers['ringmaster-delivery']));
    const furthest = ids.map((one, place) => Math.abs(one - (ids[0] ?? 0) - place));
    expect(ids).toHaveLength(450);
    expect(Math.max(...furthest)).toBeLessThan(40);
  });

  test('that takes nothing for three days is switched off, told of in its thread, and goes on where it was once it is on again', async () => {
    answer(500);
    const campaignId = await engine.campaign({ channelId: 'C_HOOKS' });
    const { secret } = await createToken(deps, {
      workspaceId,
      actor: ANNA,
      name: 'CRM',
      scopes: ['write'],
      expiresAt: null,
    });
    expect(secret).toMatch(/^rm_/);
    const [token] = await deps.db.execute<{ id: number }>(sql`select max(id) as id from api_tokens`);
    const { id } = await make({ campaignId, actor: { kind: 'api_token', tokenId: token?.id ?? 0 } });
    await tried(id);
    await engine.drain();
    const { failingSince } = await read(id);
    expect(failingSince).toEqual(clock.now());
    await tried(id, 2);
    await engine.wait(71 * 60 * MINUTE);
    await engine.drain();
    expect((await read(id)).isActive).toBe(true);
    await engine.wait(60 * MINUTE);
    await engine.drain();
    expect(await read(id)).toMatchObject({ isActive: false, offReason: 'failing', failingSince });
    expect(chat.posted.map(({ place }) => place)).toContainEqual({ channelId: 'U_ANNA', threadTs: null });
    expect(chat.posted.map(({ place, content }) => [place, content])).toContainEqual([
      expect.objectContaining({ channelId: 'C_HOOKS' }),
      expect.objectContaining({ text: expect.stringMatching(/took nothing for three days/) }),
    ]);
    answer(200);
    await updateWebhook(deps, { ...own(id), changes: { isActive: true } });
    await engine.drain();
    expect(await read(id)).toMatchObject({ isActive: true, offReason: null, failures: 0 });
    await engine.wait(24 * 60 * MINUTE);
    await engine.drain();
    expect((await log(id)).map(({ state }) => state)).toEqual(Array(3).fill('delivered'));
  });

  test('that failed long ago and was told nothing since is not switched off by one failure', async () => {
    answer(500);
    const { id } = await make();
    await tried(id);
    await deps.db.update(webhookDeliveries).set({ tries: 10 });
    await engine.drain();
    expect(await log(id)).toMatchObject([{ state: 'given_up' }]);
    await engine.wait(10 * 24 * 60 * MINUTE);
    await tried(id);
    await engine.drain();
    expect((await read(id)).isActive).toBe(true);
    await engine.wait(MINUTE);
    await engine.drain();
    expect(await read(id)).toMatchObject({ isActive: false, offReason: 'failing' });
  });

  test('signs with both secrets for a day after it was given a new one', async () => {
    const { id, secret: old } = await make();
    const { secret } = await rotateWebhookSecret(deps, own(id));
    expect(secret).not.toBe(old);
    await tried(id);
    await engine.drain();
    await engine.wait(24 * 60 * MINUTE);
    await tried(id);
    await engine.drain();
    const signedBy = receiver.received.map(({ headers, body }) => {
      const [t = '', ...signatures] = String(headers['ringmaster-signature']).split(',');
      const of = (key: string) =>
        `v1=${createHmac('sha256', key)
          .update(`${t.slice(2)}.${body}`)
          .digest('hex')}`;
      return [signatures.includes(of(secret)), signatures.includes(of(old)), signatures.length];
    });
    expect(signedBy).toEqual([
      [true, true, 2],
      [true, false, 1],
    ]);
  });

  test('that is deleted is sent nothing more, and its log goes with the next purge', async () => {
    const { id } = await make();
    await tried(id);
    await deleteWebhook(deps, own(id));
    await engine.drain();
    expect(receiver.received).toEqual([]);
    await purge(deps);
    expect(await log(id)).toEqual([]);
  });

  test('is made once, however often the request comes, and there are twenty at most', async () => {
    const one = await make({ creationKey: 'same' });
    expect((await make({ creationKey: 'same' })).id).toBe(one.id);
    for (let n = 1; n < 20; n += 1) await make();
    await expect(make()).rejects.toMatchObject({ code: 'webhooks_many' });
    expect(await deps.db.$count(webhooks)).toBe(20);
  });

  test('is not made by somebody who may not administer, nor for a campaign of somebody else', async () => {
    await changeWorkspace(deps.db, workspaceId, { defaultRole: 'launcher' });
    await expect(make()).rejects.toMatchObject({ code: 'not_allowed' });
    await changeWorkspace(deps.db, workspaceId, { defaultRole: 'admin' });
    await expect(make({ campaignId: 9_999 })).rejects.toMatchObject({ code: 'campaign_not_found' });
  });

  test('says everything that is wrong with it at once', async () => {
    const wrong = { url: 'http://10.0.0.1/', events: ['dialed'], description: 'x'.repeat(501) };
    await expect(make(wrong)).rejects.toMatchObject({
      code: 'settings_invalid',
      details: {
        problems: [
          { field: 'url', sentence: expect.stringMatching(/https/) },
          { field: 'events', sentence: expect.stringMatching(/no event “dialed”/) },
          { field: 'description', sentence: expect.stringMatching(/501 characters/) },
        ],
      },
    });
    await expect(make({ events: [] })).rejects.toMatchObject({ code: 'settings_invalid' });
  });
});
