import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { deleteCampaign } from '#operations/delete-campaign.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { placeCall } from '#support/desk.ts';
import { ANNA, addContacts, NOON, phones } from '#support/engine.ts';
import { connect, says, startFeed } from '#support/feed.ts';

const api = await createApi();
const { deps, campaign } = api;
const token = await api.tokenFor(['read']);
const feed = await startFeed(deps);
afterAll(() => feed.stop());

const monitor = (secret = token) => connect(`${feed.url}/ws/campaigns/monitor?token=${secret}`);
/** Any letters, halves of pairs among them; fast-check's own take seconds to be made. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((codes) => String.fromCharCode(...codes));

/** Whatever a client might send: commands with anything in their fields, other JSON, and frames that are none. */
function frames(ids: number[]): fc.Arbitrary<string | Uint8Array> {
  const anything = fc.oneof(
    fc.constantFrom<unknown>(...ids, 0, -1, 1.5, 2 ** 31, 2 ** 53, 1e308, '1', '', null, true, [], {}),
    fc.jsonValue(),
    anyText,
  );
  const type = fc.constantFrom(
    ...['ping', 'request_update', 'request_history', 'subscribe', 'unsubscribe', 'request_status'],
    ...['__proto__', 'constructor', 'toString', 'connection_ack', ''],
  );
  const known = fc.record(
    { type, campaign_id: anything, hours: anything, ['__proto__']: anything, extra: anything },
    { requiredKeys: ['type'], noNullPrototype: true },
  );
  const deep = fc
    .integer({ min: 100, max: 8_000 })
    .map((depth) => `{"type":"subscribe","campaign_id":${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}}`);
  return fc.oneof(
    { weight: 4, arbitrary: known.map((message) => JSON.stringify(message)) },
    { weight: 2, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: anyText },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
    { weight: 1, arbitrary: deep },
    { weight: 1, arbitrary: fc.constant(`{"type":"${'x'.repeat(60_000)}"}`) },
  );
}

function isPing(frame: string | Uint8Array): boolean {
  try {
    return typeof frame === 'string' && JSON.parse(frame)?.type === 'ping';
  } catch {
    return false;
  }
}

const about = (type: string, campaign_id: number) => says({ type, data: { campaign_id } });

test('whatever is sent is answered or refused in words: nothing breaks, and nothing of others is shown', async () => {
  const broken: string[] = [];
  const log = { ...deps.log, error: (_: object, message: string) => void broken.push(message) };
  const own = await startFeed({ ...deps, log });
  const { callId, campaignId } = await placeCall(api);
  const other = await ensureWorkspace(deps, { slackTeamId: 'T7', name: 'Hidden', botUserId: 'U_BOT' });
  const secret = await api.tokenFor(['read', 'write'], other.id);
  const wish = { name: 'Hidden', campaign_type: 'sms' };
  const theirs = (await api.ask('POST /campaigns', { token: secret, json: wish })).body.id;
  const paths = [
    '/ws/campaigns/monitor',
    `/ws/campaigns/${campaignId}/progress`,
    `/ws/calls/${callId}/live-transcript`,
  ];
  const script = fc.array(frames([campaignId, theirs]), { minLength: 1, maxLength: 25 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), script, async (path, sent) => {
      const client = connect(`${own.url}${path}?token=${token}`);
      await client.message(({ type }) => type !== 'error');
      for (const frame of sent) client.socket.send(frame);
      client.send({ type: 'ping' });
      const pings = sent.filter(isPing).length + 1;
      await client.message(() => client.messages.filter(({ type }) => type === 'pong').length === pings);
      const problems = client.messages.filter(({ type }) => type === 'error');
      for (const { message } of problems) expect(message).toMatch(/^[A-Z“].{20,400}\.$/su);
      const shown = client.messages.filter(({ type }) => type !== 'error');
      expect(shown.map(({ data, campaign_id }) => data?.campaign_id ?? campaign_id)).not.toContain(theirs);
      await client.close();
    }),
    { numRuns: 12 },
  );
  expect(broken).toEqual([]);
  await own.stop();
});

describe('a socket that shows a whole workspace', () => {
  test('begins with every campaign, then tells of changes, of new campaigns and of deleted ones', async () => {
    const first = await campaign({ phones: phones(1) });
    const second = await campaign({ phones: phones(2, 10) });
    const client = monitor();
    await client.message(about('initial_progress', first));
    await client.message(about('initial_progress', second));
    expect(client.messages[0]).toEqual({
      type: 'connection_ack',
      campaign_id: null,
      timestamp: NOON.getTime() / 1_000,
    });
    await changeStatus(deps, { campaignId: first, move: 'start', actor: ANNA });
    await client.message(says({ type: 'progress_update', data: { campaign_id: first, status: 'running' } }));

    const third = await campaign({ phones: phones(3, 20) });
    await client.message(says({ data: { campaign_id: third, progress: { pending: 3 } } }));
    const told = client.messages.filter(({ data }) => data?.campaign_id === third);
    expect(told.map(({ type }) => type).indexOf('initial_progress')).toBe(0);
    await deleteCampaign(deps, { campaignId: third, actor: ANNA });
    await client.message(says({ type: 'campaign_deleted', campaign_id: third }));
    await api.drain();
    await client.close();

    const next = monitor();
    await next.message(about('initial_progress', first));
    next.send({ type: 'request_update' });
    await next.message(about('progress_update', first));
    expect(next.messages.some(({ data }) => data?.campaign_id === third)).toBe(false);
    await next.close();
  });

  test('shows those alone to which its client subscribes, until it has unsubscribed from them', async () => {
    const [wanted, other] = [
      await campaign({ phones: phones(1, 30) }),
      await campaign({ phones: phones(1, 40) }),
    ];
    const client = monitor();
    await client.message(about('initial_progress', other));
    const before = client.messages.length;
    client.send({ type: 'subscribe', campaign_id: wanted });
    await client.message(says({ type: 'connection_ack', campaign_id: wanted }), before);
    await client.message(about('initial_progress', wanted), before);
    await addContacts(deps, other, phones(1, 41));
    await addContacts(deps, wanted, phones(1, 31));
    await client.message(says({ data: { campaign_id: wanted, progress: { pending: 2 } } }), before);
    expect(client.messages.slice(before).some(({ data }) => data?.campaign_id === other)).toBe(false);
    client.send({ type: 'unsubscribe', campaign_id: wanted });
    await client.message(says({ type: 'unsubscribed', campaign_id: wanted }));
    await client.message(says({ data: { campaign_id: other, progress: { pending: 2 } } }), before);
    await client.close();
  });

  test('answers requests about one campaign or about all, and says what it does not understand', async () => {
    const id = await campaign({ phones: phones(1, 50) });
    const client = monitor();
    await client.message(about('initial_progress', id));
    client.send({ type: 'request_update', campaign_id: id });
    await client.message(about('progress_update', id));
    const before = client.messages.length;
    client.send({ type: 'request_update' });
    await client.message(about('progress_update', id), before);
    client.send({ type: 'request_history', campaign_id: id, hours: 2 });
    expect(await client.message(says({ type: 'metrics_history' }))).toEqual({
      type: 'metrics_history',
      campaign_id: id,
      data: [],
      from: expect.any(String),
      until: expect.any(String),
      before: { completed: 0, failed: 0 },
    });
    const wrong = [
      { type: 'subscribe' },
      { type: 'subscribe', campaign_id: '1' },
      { type: 'subscribe', campaign_id: 4711 },
      { type: 'unsubscribe', campaign_id: id },
      { type: 'request_update', campaign_id: 4711 },
      { type: 'request_history' },
      { type: 'request_history', campaign_id: 4711 },
    ];
    for (const message of wrong) client.send(message);
    const problems = () => client.messages.filter(({ type }) => type === 'error');
    await expect.poll(() => problems().length).toBe(wrong.length);
    expect(problems().map(({ message }) => message)).toEqual([
      expect.stringMatching(/campaign_id must be the number/),
      expect.stringMatching(/campaign_id must be the number/),
      'There is no campaign 4711 in this workspace.',
      expect.stringMatching(/not subscribed to campaign/),
      'There is no campaign 4711 in this workspace.',
      expect.stringMatching(/Say of which campaign/),
      'There is no campaign 4711 in this workspace.',
    ]);
    await client.close();
  });

  test('shows a workspace of thousands of campaigns whole, those that are not over first', async () => {
    const many = await ensureWorkspace(deps, { slackTeamId: 'T3', name: 'Many', botUserId: 'U_BOT' });
    await api.database.client.sql`
      with made as (
        insert into campaigns (workspace_id, name, campaign_type, status, time_zone, created_by, created_at, updated_at)
        select ${many.id}, 'Campaign ' || n, 'sms', case when n < 50 then 'paused' else 'cancelled' end, 'UTC', 'x',
          ${NOON.toISOString()}, ${NOON.toISOString()}
        from generate_series(1, 2500) as n returning id)
      insert into campaign_counts (campaign_id) select id from made`;
    const client = monitor(await api.tokenFor(['read'], many.id));
    await expect.poll(() => client.messages.length).toBe(2_501);
    const statuses = client.messages.slice(1).map(({ data }) => data.status);
    expect(statuses.slice(0, 49)).toEqual(Array.from({ length: 49 }, () => 'paused'));
    expect(new Set(client.messages.slice(1).map(({ data }) => data.campaign_id)).size).toBe(2_500);
    await client.close();
  });

  test('shows nothing of another workspace, whatever its client asks for', async () => {
    const mine = await campaign({ phones: phones(1, 60) });
    const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Other', botUserId: 'U_BOT' });
    const client = monitor(await api.tokenFor(['read'], other.id));
    client.send({ type: 'subscribe', campaign_id: mine });
    client.send({ type: 'request_update', campaign_id: mine });
    client.send({ type: 'request_history', campaign_id: mine });
    await addContacts(deps, mine, phones(1, 61));
    await expect.poll(() => client.messages.filter(({ type }) => type === 'error').length).toBe(3);
    client.send({ type: 'ping' });
    await client.message(says({ type: 'pong' }));
    expect(client.messages.map(({ type }) => type)).toEqual([
      'connection_ack',
      'error',
      'error',
      'error',
      'pong',
    ]);
    await client.close();
  });
});
