import { describe, expect, test } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import { createApi } from '#support/api.ts';
import { phones } from '#support/engine.ts';

const { ask, campaign, carrier, deps, drain, tokenFor, wait, workspace } = await createApi();

describe('the schedule of a campaign', () => {
  test('is immediate until one is saved', async () => {
    const id = await campaign({ phones: phones(2) });
    expect((await ask(`GET /campaigns/${id}/schedule`)).body).toEqual({
      schedule_type: 'immediate',
      scheduled_at: null,
      recurring_config: null,
      timezone: null,
      next_run_at: null,
    });
  });

  test('reads local times in its time zone and answers in UTC', async () => {
    const id = await campaign({ phones: phones(2, 10) });
    const json = {
      schedule_type: 'scheduled',
      scheduled_at: '2027-02-15T09:00:00',
      timezone: 'America/New_York',
    };
    const saved = await ask(`POST /campaigns/${id}/schedule`, { json });
    expect([saved.status, saved.body]).toEqual([200, { success: true, message: 'Schedule saved' }]);
    expect((await ask(`GET /campaigns/${id}/schedule`)).body.scheduled_at).toBe('2027-02-15T14:00:00Z');
    expect((await ask(`POST /campaigns/${id}/unschedule`)).status).toBe(200);
  });

  test('of a recurring campaign leaves out its next run on request', async () => {
    const id = await campaign({ phones: phones(2, 60) });
    const recurring_config = { frequency: 'daily', time: '10:00', time_zone: 'America/New_York' };
    const json = { schedule_type: 'recurring', recurring_config };
    await ask(`POST /campaigns/${id}/schedule`, { json });
    expect((await ask(`GET /campaigns/${id}/schedule`)).body.next_run_at).toBe('2026-11-25T15:00:00Z');
    const skipped = await ask(`POST /campaigns/${id}/skip-run`);
    expect(skipped.body).toEqual({ success: true, message: 'Run skipped' });
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({
      status: 'scheduled',
      next_run_at: '2026-11-26T15:00:00Z',
    });
    await ask(`POST /campaigns/${id}/unschedule`);
    const nothing = await ask(`POST /campaigns/${id}/skip-run`);
    expect([nothing.status, nothing.body.detail]).toEqual([400, expect.stringMatching(/^No run waits/)]);
    const again = await ask(`POST /campaigns/${id}/unschedule`);
    expect([again.status, again.body.detail]).toEqual([400, expect.stringContaining('already a draft')]);
  });

  test('may stand before the contacts do: they are loaded meanwhile, and its time finds them', async () => {
    const [filled, empty] = [await campaign(), await campaign()];
    const json = { schedule_type: 'scheduled', scheduled_at: '2026-11-24T20:00:00Z' };
    for (const id of [filled, empty]) {
      expect((await ask(`POST /campaigns/${id}/schedule`, { json })).status).toBe(200);
      const early = await ask(`POST /campaigns/${id}/start`);
      expect([early.status, early.body.detail]).toEqual([
        400,
        expect.stringMatching(/^No contacts found\. /),
      ]);
    }
    const headers = { 'content-type': 'text/csv' };
    const body = 'phone_number,name\n+12125550470,Ann\n';
    expect((await ask(`POST /campaigns/${filled}/import-data`, { headers, body })).status).toBe(202);
    await drain();
    await wait(3_600_000);
    await drain();
    expect(carrier.requests.map(({ to }) => to)).toEqual(['+12125550470']);
    const { status, hold } = (await ask(`GET /campaigns/${empty}`)).body;
    expect([status, hold]).toEqual(['scheduled', expect.stringContaining('no contacts')]);
    await ask(`POST /campaigns/${filled}/stop`);
    await ask(`POST /campaigns/${empty}/stop`);
  });

  test('is refused in the past, in words that clients look for', async () => {
    const id = await campaign({ phones: phones(2, 20) });
    const json = { schedule_type: 'scheduled', scheduled_at: '2020-01-01T09:00:00' };
    const answer = await ask(`POST /campaigns/${id}/schedule`, { json });
    expect([answer.status, answer.body.detail]).toEqual([
      400,
      expect.stringMatching(/^Scheduled time is in the past\. /),
    ]);
  });

  test('is refused with everything that is wrong with it', async () => {
    const id = await campaign({ phones: phones(2, 40) });
    const recurring_config = { frequency: 'weekly', days_of_week: [0], time: '25:00' };
    const json = { schedule_type: 'recurring', timezone: 'America/New_York', recurring_config };
    const answer = await ask(`POST /campaigns/${id}/schedule`, { json });
    expect([answer.status, answer.body.detail]).toEqual([
      400,
      expect.stringMatching(/1 \(Monday\) to 7 \(Sunday\).*time of day like 09:00/),
    ]);
    expect((await ask(`GET /campaigns/${id}/schedule`)).body.schedule_type).toBe('immediate');
  });

  test('needs somebody who answers for the contacts where the workspace demands it', async () => {
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: true });
    const id = await campaign({ phones: phones(2, 50) });
    const json = { schedule_type: 'scheduled', scheduled_at: '2027-02-15T09:00:00' };
    const refused = await ask(`POST /campaigns/${id}/schedule`, { json });
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('“attest: true”')]);
    const saved = await ask(`POST /campaigns/${id}/schedule`, { json: { ...json, attest: true } });
    expect(saved.status).toBe(200);
    await changeWorkspace(deps.db, workspace.id, { requiresAttestation: false });
  });

  test('is not changed without the scope for it', async () => {
    const id = await campaign({ phones: phones(2, 30) });
    const token = await tokenFor(['read', 'write']);
    const json = { schedule_type: 'immediate' };
    expect((await ask(`POST /campaigns/${id}/schedule`, { json, token })).status).toBe(403);
    expect((await ask(`POST /campaigns/${id}/schedule`, { json, token: null })).status).toBe(401);
    expect((await ask(`POST /campaigns/${id}/schedule`, { json: [] })).status).toBe(422);
    expect((await ask('GET /campaigns/99999999999/schedule')).status).toBe(422);
    expect((await ask('GET /campaigns/99/schedule')).status).toBe(404);
  });
});
