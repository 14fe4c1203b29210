import { sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { phones } from '#support/engine.ts';

const { ask, campaign, deps, workspace, tokenFor } = await createApi();

/** So many calls of a campaign that began on a Tuesday at 10:20 in New York. */
async function called(campaignId: number, { calls, answered }: { calls: number; answered: number }) {
  await deps.db.execute(sql`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, purpose, n, phone_number,
      sender, state, outcome, provider, gate, asked_at, created_at, ended_at)
    select ${`heat-${campaignId}-`} || i, ${workspace.id}, ${campaignId}, c.id, 1, 'call', 'campaign', i, c.phone_number,
      '+15005550006', 'ended', case when i <= ${answered}::int then 'answered' else 'no_answer' end, 'scripted',
      '{"zones":["America/New_York"]}', at, at, at
    from contacts c, generate_series(1, ${calls}::int) i, (select '2026-11-17T15:20:00Z'::timestamptz as at) t
    where c.campaign_id = ${campaignId}`);
}

describe('the heat map', () => {
  test('says what is usual while nobody has been called', async () => {
    const { status, body } = await ask('GET /heat-map');
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ campaign_id: null, days: 90, calls: 0, basis: 'usual', hours: [] }),
    ]);
    expect(body.best_words).toBe('Tue–Thu 10–12 and 14–16');
    expect(body.best).toContainEqual({ weekday: 'tuesday', from: 10, until: 12, calls: 0, answered: 0 });
  });

  test('counts calls by the hour of the week, of the workspace or of one campaign', async () => {
    const one = await campaign({ phones: phones(1), type: 'call' });
    const other = await campaign({ phones: phones(1, 10), type: 'call' });
    await called(one, { calls: 240, answered: 90 });
    await called(other, { calls: 9, answered: 9 });
    const hour = { weekday: 'tuesday', hour: 10 };
    const all = await ask('GET /heat-map');
    expect(all.body).toMatchObject({ basis: 'own', calls: 249 });
    expect(all.body.hours).toEqual([{ ...hour, calls: 249, answered: 99, answer_rate: 39.8 }]);
    const its = await ask(`GET /heat-map?campaign_id=${one}`);
    expect(its.body).toMatchObject({ campaign_id: one, calls: 240 });
    expect(its.body.hours).toEqual([{ ...hour, calls: 240, answered: 90, answer_rate: 37.5 }]);
    // Nine calls say nothing yet.
    const few = await ask(`GET /heat-map?campaign_id=${other}`);
    expect(few.body.hours).toEqual([{ ...hour, calls: 9, answered: 9, answer_rate: null }]);
  });

  test('shows nothing of another workspace', async () => {
    const id = await campaign({ phones: phones(1, 20), type: 'call' });
    const elsewhere = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Other', botUserId: 'U_BOT' });
    const token = await tokenFor(['read'], elsewhere.id);
    expect((await ask('GET /heat-map', { token })).body).toMatchObject({ calls: 0, hours: [] });
    expect((await ask(`GET /heat-map?campaign_id=${id}`, { token })).status).toBe(404);
    expect((await ask('GET /heat-map?campaign_id=x')).status).toBe(422);
    expect((await ask('GET /heat-map', { token: null })).status).toBe(401);
  });
});
