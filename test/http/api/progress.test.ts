import { describe, expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { createApi } from '#support/api.ts';
import { ANNA, NOON, phones } from '#support/engine.ts';

const api = await createApi();
const { ask, campaign, deps, drain } = api;

describe('how far a campaign is', () => {
  test('is nothing at all before it begins, with 0 where nothing can be divided', async () => {
    const id = await campaign({ phones: phones(3) });
    const { status, body } = await ask(`GET /campaigns/${id}/progress`);
    expect([status, body]).toEqual([
      200,
      {
        campaign_id: id,
        status: 'draft',
        progress: {
          total_contacts: 3,
          completed: 0,
          failed: 0,
          processing: 0,
          pending: 3,
          progress_percentage: 0,
          success_rate: 0,
          skipped: 0,
        },
        metrics: {
          total_duration_seconds: 0,
          average_duration_seconds: 0,
          success_rate: 0,
          answer_rate: 0,
          completion_rate: 0,
          cost_estimate: 0,
          actual_cost: 0,
          cost_is_estimate: false,
          last_updated: '2026-11-24T19:00:00Z',
        },
        started_at: null,
        completed_at: null,
        hold: null,
        recent_activity: [],
      },
    ]);
  });

  test('follows its texts to their end, newest attempt first', async () => {
    const id = await campaign({ phones: phones(3, 10) });
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await drain();
    const running = (await ask(`GET /campaigns/${id}/progress`)).body;
    expect(running).toMatchObject({ status: 'running', progress: { processing: 3, pending: 0 } });
    expect(running.metrics).toMatchObject({ cost_is_estimate: true, actual_cost: 0 });
    expect(running.metrics.cost_estimate).toBeGreaterThan(0);
    const ids = running.recent_activity.map((entry: { execution_id: number }) => entry.execution_id);
    expect(ids).toEqual([...ids].sort((a, b) => b - a));
    expect(running.recent_activity[0]).toMatchObject({
      contact_phone: '+12125550012',
      status: 'in_progress',
      executed_at: '2026-11-24T19:00:00Z',
      call_id: null,
      sms_id: expect.stringMatching(/^SM/),
    });
    await api.deliverTexts(id);
    const over = (await ask(`GET /campaigns/${id}/progress`)).body;
    expect(over).toMatchObject({
      status: 'completed',
      started_at: '2026-11-24T19:00:00Z',
      completed_at: '2026-11-24T19:00:00Z',
      progress: { total_contacts: 3, completed: 3, progress_percentage: 100, success_rate: 100 },
      metrics: { success_rate: 100, completion_rate: 100 },
    });
  });

  test('says in words what holds it', async () => {
    const id = await campaign({ phones: phones(1, 20) });
    api.clock.set(new Date('2026-11-25T04:00:00Z'));
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await drain();
    const { body } = await ask(`GET /campaigns/${id}/progress`);
    api.clock.set(NOON);
    expect([body.status, body.hold]).toEqual(['running', expect.stringMatching(/^Outside calling hours: /)]);
  });

  test('is nobody else’s to know', async () => {
    const id = await campaign({ phones: phones(1, 30) });
    const token = await api.tokenFor(['write', 'launch']);
    expect((await ask(`GET /campaigns/${id}/progress`, { token })).status).toBe(403);
    expect((await ask(`GET /campaigns/${id}/progress`, { token: null })).status).toBe(401);
    expect((await ask('GET /campaigns/4711/progress')).status).toBe(404);
    expect((await ask('GET /campaigns/none/progress')).status).toBe(422);
  });
});
