import { expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { ANNA, phones } from '#support/engine.ts';

const api = await createApi();
const { ask, campaign, deps, drain, report, tokenFor } = api;

test('what people texted back is listed, the newest first, with what was made of it', async () => {
  const [first = '', second = ''] = phones(2);
  const campaignId = await campaign({ phones: [first, second] });
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await drain();
  const text = { kind: 'text_inbound', to: '+15005550006', mediaCount: 0, optOut: null } as const;
  await report({ ...text, ref: 'MM1', from: first, body: 'Tell me more' });
  await report({ ...text, ref: 'MM2', from: second, body: 'STOP' });
  await drain();
  const { status, body } = await ask(`GET /campaigns/${campaignId}/replies`);
  expect(status).toBe(200);
  expect(body.replies).toEqual([
    expect.objectContaining({ from: second, body: 'STOP', verdict: 'stop' }),
    {
      id: expect.any(Number),
      contact_id: expect.any(Number),
      contact_name: 'P1',
      from: first,
      to: '+15005550006',
      body: 'Tell me more',
      media_count: 0,
      verdict: 'reply',
      received_at: '2026-11-24T19:00:00Z',
    },
  ]);
  expect(body.pagination).toMatchObject({ page: 1, per_page: 50, total_items: 2, has_next: false });
  const page = await ask(`GET /campaigns/${campaignId}/replies?per_page=1&page=2`);
  expect(page.body.replies).toEqual([body.replies[1]]);
  const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Globex', botUserId: 'U_BOT' });
  const token = await tokenFor(['read'], other.id);
  expect((await ask(`GET /campaigns/${campaignId}/replies`, { token })).status).toBe(404);
});
