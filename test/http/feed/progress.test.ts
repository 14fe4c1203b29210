import { afterAll, describe, expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { deleteCampaign } from '#operations/delete-campaign.ts';
import { createApi } from '#support/api.ts';
import { ANNA, addContacts, NOON, phones } from '#support/engine.ts';
import { connect, says, startFeed } from '#support/feed.ts';

const api = await createApi();
const { deps, campaign } = api;
const token = await api.tokenFor(['read']);
const feed = await startFeed(deps);
afterAll(() => feed.stop());

const watch = (id: number | string, secret = token) =>
  connect(`${feed.url}/ws/campaigns/${id}/progress?token=${secret}`);
const shows = (status: string, progress: object) => says({ data: { status, progress } });

describe('a socket that shows a campaign', () => {
  test('begins with an acknowledgement and how the campaign stands, then tells of every change', async () => {
    const id = await campaign({ phones: phones(2) });
    const client = watch(id);
    await client.message(says({ type: 'initial_progress' }));
    expect(client.messages).toEqual([
      { type: 'connection_ack', campaign_id: id, timestamp: NOON.getTime() / 1_000 },
      {
        type: 'initial_progress',
        data: {
          campaign_id: id,
          status: 'draft',
          progress: {
            total_contacts: 2,
            completed: 0,
            failed: 0,
            processing: 0,
            pending: 2,
            progress_percentage: 0,
            success_rate: 0,
            skipped: 0,
          },
          started_at: null,
          completed_at: null,
          hold: null,
          recent_activity: [],
        },
      },
    ]);
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await api.drain();
    await client.message(shows('running', { processing: 2, pending: 0 }));
    await api.deliverTexts(id);
    const last = await client.message(shows('completed', { completed: 2 }));
    expect(last).toMatchObject({
      type: 'progress_update',
      data: { campaign_id: id, progress: { progress_percentage: 100 }, completed_at: '2026-11-24T19:00:00Z' },
    });
    expect(last.data).not.toHaveProperty('recent_activity');
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    await client.close();

    const again = watch(id);
    const { data } = await again.message(says({ type: 'initial_progress' }));
    expect(data).toMatchObject({ status: 'completed', recent_activity: [{ status: 'completed' }, {}] });
    await again.close();
  });

  test('is told of changes within a moment, of many at once in a few messages, and of nothing twice', async () => {
    const id = await campaign({ phones: phones(1, 100) });
    const client = watch(id);
    await client.message(says({ type: 'initial_progress' }));
    for (let n = 1; n <= 20; n += 1) await addContacts(deps, id, phones(1, 100 + n));
    await client.message(shows('draft', { pending: 21 }));
    const updates = client.messages.filter(({ type }) => type === 'progress_update');
    expect(updates.length).toBeLessThan(10);
    const texts = updates.map((update) => JSON.stringify(update));
    expect(new Set(texts).size).toBe(texts.length);
    await client.close();
  });

  test('answers what it is asked', async () => {
    const id = await campaign({ phones: phones(3, 200) });
    const client = watch(id);
    client.send({ type: 'ping' });
    await client.message(says({ type: 'pong' }));
    const before = client.messages.length;
    client.send({ type: 'request_update' });
    const update = await client.message(says({ type: 'progress_update' }), before);
    expect(update.data).toMatchObject({ campaign_id: id, progress: { pending: 3 } });
    for (const wrong of ['{', '[]', '"ping"', 'null', '{"type":"dance"}', '{}']) client.send(wrong);
    await expect.poll(() => client.messages.filter(({ type }) => type === 'error').length).toBe(6);
    expect(client.messages.at(-1)).toEqual({
      type: 'error',
      message: expect.stringMatching(/It takes ping, request_update/),
    });
    await client.close();
  });

  test('tells by the hour how the campaign came to where it is', async () => {
    const id = await campaign({ phones: phones(2, 400) });
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await api.drain();
    await api.deliverTexts(id);
    const client = watch(id);
    for (const hours of [0, 169, 1.5, '24', null]) client.send({ type: 'request_history', hours });
    const problems = () => client.messages.filter(({ type }) => type === 'error');
    await expect.poll(() => problems().length).toBe(5);
    for (const { message } of problems())
      expect(message).toMatch(/its hours must be a whole number from 1 to 168/);
    client.send({ type: 'request_history' });
    expect(await client.message(says({ type: 'metrics_history' }))).toEqual({
      type: 'metrics_history',
      campaign_id: id,
      data: [{ timestamp: '2026-11-24T19:00:00Z', completed: 2, failed: 0, success_rate: 100 }],
      from: '2026-11-23T20:00:00Z',
      until: '2026-11-24T19:00:00Z',
      before: { completed: 0, failed: 0 },
    });
    await client.close();
  });

  test('is closed when its campaign is not there, is another workspace’s, or is deleted', async () => {
    for (const unknown of [4711, 'one', 0, '99999999999'])
      expect((await watch(unknown).closed).code).toBe(4004);
    const id = await campaign({ phones: phones(1, 300) });
    const client = watch(id);
    await client.message(says({ type: 'initial_progress' }));
    await deleteCampaign(deps, { campaignId: id, actor: ANNA });
    expect((await client.closed).code).toBe(4004);
    expect((await watch(id).closed).code).toBe(4004);
    await api.drain();
  });
});
