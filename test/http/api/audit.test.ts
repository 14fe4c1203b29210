import { expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { ANNA, phones } from '#support/engine.ts';

const { ask, campaign, deps, tokenFor } = await createApi();

test('what was done is listed with who did it, of all or of one campaign, the newest first', async () => {
  const id = await campaign({ phones: phones(1) });
  await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
  await ask(`POST /campaigns/${id}/pause`);
  const { status, body } = await ask(`GET /audit?campaign_id=${id}`);
  expect(status).toBe(200);
  expect(body.deeds).toEqual([
    expect.objectContaining({ actor: expect.stringMatching(/^token:\d+$/), did: 'paused the campaign' }),
    {
      at: '2026-11-24T19:00:00Z',
      actor: 'slack:U_ANNA',
      did: 'started the campaign',
      campaign_id: id,
      campaign_name: expect.stringMatching(/^Campaign/),
    },
    expect.objectContaining({ did: 'made the campaign' }),
  ]);
  expect(body.pagination).toMatchObject({ total_items: 3, total_pages: 1 });
  const second = (await ask(`GET /audit?campaign_id=${id}&per_page=1&page=2`)).body;
  expect(second.deeds).toEqual([body.deeds[1]]);
  expect((await ask('GET /audit')).body.pagination.total_items).toBeGreaterThan(3);
});

test('what was done in another workspace is not told', async () => {
  const id = await campaign({});
  const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Globex', botUserId: 'U_BOT' });
  const token = await tokenFor(['read'], other.id);
  expect((await ask(`GET /audit?campaign_id=${id}`, { token })).status).toBe(404);
  const { deeds } = (await ask('GET /audit', { token })).body;
  expect(deeds.map(({ did }: { did: string }) => did)).toEqual([expect.stringMatching(/token/)]);
});
