import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { contacts } from '#db/schema.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { phones } from '#support/engine.ts';

const { ask, campaign, tokenFor, deps } = await createApi();
const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Globex', botUserId: 'U_BOT' });
const stranger = await tokenFor(['read', 'write', 'launch'], other.id);

const add = async (json: Record<string, unknown>) => (await ask('POST /dnc', { json })).body;
const statusesOf = async (campaignId: number) => {
  const rows = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
  return rows.map(({ phoneNumber, status, skipReason }) => [phoneNumber, status, skipReason]);
};

describe('the do-not-call list', () => {
  test('takes a number with everything that is said of it, and keeps who sent it', async () => {
    const json = { phone_number: '(212) 555-0001', reason: 'They wrote to us.', channel: 'voice' };
    const answer = await ask('POST /dnc', { json });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      entry: {
        id: expect.any(Number),
        phone_number: '+12125550001',
        channel: 'voice',
        reason: 'They wrote to us.',
        source: 'api',
        campaign_id: null,
        actor: expect.stringMatching(/^token:\d+$/),
        created_at: '2026-11-24T19:00:00Z',
      },
      range: null,
      already_listed: false,
      message: '+12125550001 is on the do-not-call list: no campaign of this workspace calls it from now on.',
    });
    const again = await ask('POST /dnc', { json });
    expect([again.body.already_listed, again.body.entry]).toEqual([true, answer.body.entry]);
  });

  test('has whoever waits skipped, in the one campaign that is named or in all', async () => {
    const first = await campaign({ phones: phones(2, 10) });
    const second = await campaign({ phones: phones(2, 10) });
    const { entry } = await add({ phone_number: '+12125550010', campaign_id: first });
    expect(entry.campaign_id).toBe(first);
    const { message } = await add({ phone_number: '+12125550012', campaign_id: first, channel: 'sms' });
    expect(message).toBe(
      `+12125550012 is on the do-not-call list: campaign ${first} never texts it from now on.`,
    );
    for (const campaign_id of [true, String(first), [first]]) {
      const refused = await ask('POST /dnc', { json: { phone_number: '+12125550013', campaign_id } });
      expect([campaign_id, refused.status]).toEqual([campaign_id, 422]);
    }
    await add({ phone_number: '+12125550011', channel: 'sms' });
    const skipped = ['+12125550011', 'skipped', 'do_not_call'];
    expect(await statusesOf(first)).toEqual([['+12125550010', 'skipped', 'do_not_call'], skipped]);
    expect(await statusesOf(second)).toEqual([['+12125550010', 'pending', null], skipped]);
  });

  test('is read page by page, the newest first, and searched by number or reason', async () => {
    for (const n of [20, 21, 22]) await add({ phone_number: `+121255500${n}`, reason: `Case ${n} of Ann` });
    const page = (query: string) => ask(`GET /dnc?${query}`);
    const first = (await page('search=5550-02&per_page=2')).body;
    expect(first.entries.map((entry: { reason: string }) => entry.reason)).toEqual([
      'Case 22 of Ann',
      'Case 21 of Ann',
    ]);
    expect(first.pagination).toEqual({
      page: 1,
      per_page: 2,
      total_items: 3,
      total_pages: 2,
      has_next: true,
      has_prev: false,
    });
    expect((await page('search=5550-02&per_page=2&page=2')).body.entries).toHaveLength(1);
    expect(
      (await page('search=case+21')).body.entries.map((e: { phone_number: string }) => e.phone_number),
    ).toEqual(['+12125550021']);
    expect((await page('page=900')).body.entries).toEqual([]);
    expect((await page('channel=voice')).body.pagination.total_items).toBe(1);
    expect((await page('channel=fax')).status).toBe(422);
  });

  test('says of a number what is kept from it, by which entries and ranges', async () => {
    const mine = await campaign({});
    await add({ phone_number: '+12075550101', channel: 'sms', campaign_id: mine, reason: 'No texts.' });
    const { range } = await add({ phone_number: '+1 207 *', channel: 'voice', reason: 'Maine.' });
    expect(range).toMatchObject({ range: '+1207*', channel: 'voice', source: 'api' });
    const checked = (await ask('GET /dnc/check?phone_number=%2B12075550101')).body;
    expect(checked).toMatchObject({
      phone_number: '+12075550101',
      is_listed: true,
      calls_allowed: false,
      texts_allowed: true,
      reasons: [`Texts of campaign ${mine} only: No texts.`, 'Calls by the range +1207*: Maine.'],
    });
    const inCampaign = (await ask(`GET /dnc/check?phone_number=%2B12075550101&campaign_id=${mine}`)).body;
    expect(inCampaign.texts_allowed).toBe(false);
    expect((await ask('GET /dnc/check?phone_number=%2B12125559999')).body).toMatchObject({
      is_listed: false,
      calls_allowed: true,
      texts_allowed: true,
      reasons: [],
    });
    expect((await ask('GET /dnc/ranges')).body.ranges).toEqual([range]);
    const off = await ask(`DELETE /dnc/ranges/${range.id}`);
    expect([off.status, off.body.message]).toEqual([200, expect.stringMatching(/^\+1207\* is off/)]);
    expect((await ask('GET /dnc/ranges')).body.pagination.total_items).toBe(0);
  });

  test('lets one entry be taken off, and says when another still stands', async () => {
    const { entry: calls } = await add({ phone_number: '+12125550030', channel: 'voice' });
    const { entry: texts } = await add({ phone_number: '+12125550030', channel: 'sms' });
    expect((await ask(`DELETE /dnc/${calls.id}`)).body.message).toMatch(/Other entries of it still stand\.$/);
    expect((await ask(`DELETE /dnc/${texts.id}`)).body.message).toMatch(/stay skipped\.$/);
    const gone = await ask(`DELETE /dnc/${texts.id}`);
    expect([gone.status, gone.body.detail]).toEqual([
      404,
      expect.stringMatching(/^There is no entry \d+ on/),
    ]);
  });

  test('is another one in each workspace', async () => {
    const { entry } = await add({ phone_number: '+12125550040' });
    const mine = await campaign({});
    const asStranger = { token: stranger };
    expect((await ask('GET /dnc', asStranger)).body.entries).toEqual([]);
    expect((await ask(`DELETE /dnc/${entry.id}`, asStranger)).status).toBe(404);
    expect((await ask('GET /dnc/check?phone_number=%2B12125550040', asStranger)).body.is_listed).toBe(false);
    const json = { phone_number: '+12125550041', campaign_id: mine };
    expect((await ask('POST /dnc', { json, ...asStranger })).status).toBe(404);
  });

  test('refuses what is no number, and tokens that may not change it', async () => {
    const bad = await ask('POST /dnc', { json: { phone_number: '123' } });
    expect([bad.status, bad.body.detail[0].loc]).toEqual([422, ['body', 'phone_number']]);
    expect((await ask('GET /dnc/check?phone_number=abc')).body.detail[0].loc).toEqual([
      'query',
      'phone_number',
    ]);
    expect((await ask('POST /dnc', { json: { phone_number: '+1*' } })).status).toBe(422);
    const token = await tokenFor(['read', 'launch']);
    const json = { phone_number: '+12125550050' };
    expect((await ask('POST /dnc', { json, token })).status).toBe(403);
  });

  test('lets nobody off who may not have people contacted', async () => {
    const { entry } = await add({ phone_number: '+12125550090' });
    const { range } = await add({ phone_number: '+1212557*' });
    const writer = await tokenFor(['read', 'write']);
    for (const path of [`/dnc/${entry.id}`, `/dnc/ranges/${range.id}`]) {
      const refused = await ask(`DELETE ${path}`, { token: writer });
      expect([refused.status, refused.body.detail]).toEqual([
        403,
        expect.stringContaining('may not have anybody contacted'),
      ]);
    }
    const launcher = await tokenFor(['launch']);
    for (const path of [`/dnc/${entry.id}`, `/dnc/ranges/${range.id}`])
      expect((await ask(`DELETE ${path}`, { token: launcher })).status).toBe(200);
  });
});
