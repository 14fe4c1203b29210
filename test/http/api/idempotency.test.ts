import { eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { apiRequests } from '#db/api-schema.ts';
import { campaigns } from '#db/schema.ts';
import { claimRequest } from '#operations/claim-request.ts';
import { purge } from '#operations/purge.ts';
import { createApi } from '#support/api.ts';
import { makeAssistant } from '#support/desk.ts';
import { phones } from '#support/engine.ts';

const api = await createApi();
const { ask, deps, clock, tokenFor } = api;
const assistantId = await makeAssistant(api);
const body = (name: string) => ({ name, campaign_type: 'sms', assistant_id: assistantId });
const create = (key: string, name: string, token?: string) =>
  ask('POST /campaigns', {
    json: body(name),
    headers: { 'Idempotency-Key': key },
    ...(token ? { token } : {}),
  });
const named = async (name: string) =>
  (await deps.db.select().from(campaigns).where(eq(campaigns.name, name))).length;

describe('a request under an Idempotency-Key', () => {
  test('is done once, and its answer given again for a day', async () => {
    const first = await create('k1', 'Once');
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([200, null]);
    clock.move(86_399_000);
    const again = await create('k1', 'Once');
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 'true']);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('content-type')).toMatch(/^application\/json/);
    expect(await named('Once')).toBe(1);
    clock.move(1_000);
    const anew = await create('k1', 'Once');
    expect([anew.status, anew.headers.get('idempotent-replayed')]).toEqual([200, null]);
    expect(anew.body.id).not.toBe(first.body.id);
  });

  test('stands for one address and one body', async () => {
    const { body: made } = await create('k2', 'Mine');
    const other = await create('k2', 'Yours');
    expect([other.status, other.body.detail[0].loc]).toEqual([422, ['header', 'Idempotency-Key']]);
    const elsewhere = await ask(`POST /campaigns/${made.id}/start`, { headers: { 'Idempotency-Key': 'k2' } });
    expect(elsewhere.status).toBe(422);
    expect(await named('Yours')).toBe(0);
  });

  test('is each token’s own', async () => {
    const { body: mine } = await create('k3', 'Mine too');
    const { body: theirs } = await create('k3', 'Theirs', await tokenFor(['write']));
    expect(theirs.id).not.toBe(mine.id);
  });

  test('of a token that may only look is not kept: it makes nothing, and could fill the database with its keys', async () => {
    const rows = () => deps.db.$count(apiRequests);
    const before = await rows();
    const token = await tokenFor(['read']);
    expect((await create('k11', 'Not mine', token)).status).toBe(403);
    const look = { json: { template: 'Hi' }, token, headers: { 'Idempotency-Key': 'k12' } };
    expect((await ask('POST /campaigns/template-preview', look)).status).toBe(200);
    expect(await rows()).toBe(before);
  });

  test('is done once, however many come at the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => create('k4', 'Burst')));
    expect(await named('Burst')).toBe(1);
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    expect((await create('k4', 'Burst')).status).toBe(200);
  });

  test('is free again when it was refused', async () => {
    const id = await api.campaign({ phones: [] });
    const start = () => ask(`POST /campaigns/${id}/start`, { headers: { 'Idempotency-Key': 'k5' } });
    expect((await start()).status).toBe(400);
    const empty = await create('k5', '');
    expect(empty.status).toBe(422);
    expect((await create('k5', 'At last')).status).toBe(200);
  });

  test('makes one campaign although the process died before its answer was kept', async () => {
    const first = await create('k6', 'Crash');
    await deps.db
      .update(apiRequests)
      .set({ status: null, body: null, leaseUntil: deps.clock.realDelay(30_000) })
      .where(eq(apiRequests.idempotencyKey, 'k6'));
    const early = await create('k6', 'Crash');
    expect([early.status, early.headers.get('retry-after')]).toEqual([409, '1']);
    expect(early.body.detail).toMatch(/still under way/);
    clock.move(30_000);
    const again = await create('k6', 'Crash');
    expect([again.status, again.body.id]).toEqual([200, first.body.id]);
    expect(await named('Crash')).toBe(1);
  });

  /** Its work is done, and its answer never was. */
  const crash = async (key: string) => {
    await deps.db
      .update(apiRequests)
      .set({ status: null, body: null, leaseUntil: clock.now() })
      .where(eq(apiRequests.idempotencyKey, key));
  };

  test('starts a campaign once, and says so again after a crash, whatever has become of it', async () => {
    const id = await api.campaign({ phones: phones(1, 20) });
    const json = { attest: true };
    const start = () => ask(`POST /campaigns/${id}/start`, { json, headers: { 'Idempotency-Key': 'k9' } });
    const first = await start();
    for (const [move, status] of [
      ['pause', 'paused'],
      ['stop', 'cancelled'],
    ]) {
      await ask(`POST /campaigns/${id}/${move}`);
      await crash('k9');
      const again = await start();
      expect([again.status, again.body]).toEqual([200, first.body]);
      expect((await ask(`GET /campaigns/${id}`)).body.status).toBe(status);
    }
  });

  test('sets up one further run, and answers the same after a crash', async () => {
    const id = await api.campaign({ phones: phones(2, 30) });
    await ask(`POST /campaigns/${id}/start`);
    await ask(`POST /campaigns/${id}/stop`);
    const scheduled_at = new Date(clock.now().getTime() + 3_600_000).toISOString();
    const json = {
      contact_selection: 'all',
      schedule_settings: { schedule_type: 'scheduled', scheduled_at },
    };
    const again = () =>
      ask(`POST /campaigns/${id}/re-execute`, { json, headers: { 'Idempotency-Key': 'k10' } });
    const first = await again();
    expect(first.body).toMatchObject({ contacts_reset: 2, schedule_type: 'once', status: 'scheduled' });
    await crash('k10');
    const second = await again();
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({ status: 'scheduled', run_number: 2 });
    await ask(`POST /campaigns/${id}/stop`);
  });

  test('whose answer held a secret is not done again either, and the secret is nowhere', async () => {
    const make = () =>
      ask('POST /tokens', {
        json: { name: 'Child', scopes: ['read'] },
        headers: { 'Idempotency-Key': 'k7' },
      });
    const first = await make();
    const again = await make();
    expect([again.status, again.body.detail]).toEqual([409, expect.stringMatching(/done already.*not kept/)]);
    const [kept] = await deps.db.execute<{ text: string }>(
      sql`select string_agg(r::text, '') as text from api_requests r`,
    );
    expect(kept?.text).not.toContain(first.body.token);
  });

  test.each(['', ' '.repeat(0), 'k'.repeat(256), 'caf\u00e9'])(
    'needs a key that can be one: “%s”',
    async (key) => {
      const answer = await create(key, 'Odd');
      expect([answer.status, answer.body.detail[0].loc]).toEqual([422, ['header', 'Idempotency-Key']]);
    },
  );

  test('that looks at something is not kept', async () => {
    const id = await api.campaign({ phones: phones(1) });
    const look = () => ask(`GET /campaigns/${id}/schedule`, { headers: { 'Idempotency-Key': 'k8' } });
    expect([(await look()).status, (await look()).headers.get('idempotent-replayed')]).toEqual([200, null]);
  });
});

test('answers are forgotten after a day', async () => {
  const ref = { tokenId: 1, idempotencyKey: 'old', fingerprint: 'x' };
  await claimRequest(deps, ref);
  clock.move(86_400_000 + 1);
  await claimRequest(deps, { ...ref, idempotencyKey: 'new' });
  await purge(deps);
  const kept = await deps.db.select({ key: apiRequests.idempotencyKey }).from(apiRequests);
  expect(kept).toEqual([{ key: 'new' }]);
});
