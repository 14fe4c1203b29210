import { describe, expect, test } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { phones } from '#support/engine.ts';

const { ask, campaign, carrier, deps, drain, workspace, tokenFor } = await createApi();

describe('before a campaign begins', () => {
  test('the pre-flight says who would be reached, what it costs, and that nothing is missing', async () => {
    const id = await campaign({ phones: phones(3), fields: { settings: { budgetLimitMicros: 5_000_000 } } });
    const { status, body } = await ask(`GET /campaigns/${id}/preflight`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      campaign_id: id,
      problems: [],
      contacts: { ready: 3, do_not_call: 0, outside_hours_now: 0 },
      segments: 3,
      approval: 'not_demanded',
      attestation: 'not_demanded',
    });
    expect(body.cost.low).toBeGreaterThan(0);
    expect(body.cost.high).toBeLessThan(1);
  });

  test('the pre-flight names what is missing', async () => {
    const id = await campaign({ template: '' });
    const { body } = await ask(`GET /campaigns/${id}/preflight`);
    expect(body.problems).toEqual([
      expect.stringContaining('POST /api/v1/campaigns/{id}/import-data'),
      expect.stringContaining('has no text message'),
    ]);
  });

  test('the pre-flight and a start that is refused say the same of what is missing', async () => {
    const id = await campaign({ template: 'Hello' });
    const { body } = await ask(`GET /campaigns/${id}/preflight`);
    expect(body.problems).toEqual([(await ask(`POST /campaigns/${id}/start`)).body.detail]);
  });

  test('the preview shows what the first contacts would read and hear', async () => {
    const id = await campaign({ phones: phones(4, 10), type: 'mixed', template: 'Hello {{name}}' });
    const { body } = await ask(`GET /campaigns/${id}/preview`);
    expect(body.sms.examples).toHaveLength(3);
    expect(body.sms.examples[0]).toMatchObject({ text: 'Hello P1', missing: [], segments: 1, refusal: null });
    expect(body.sms.examples[0].phone_number).not.toContain('555001');
    expect(body.call.examples[0].lines.map(({ text }: { text: string }) => text)).toContain(
      'Confirm the appointment.',
    );
    const texts = await campaign({ phones: phones(1, 20), template: 'Hello' });
    const { call, sms } = (await ask(`GET /campaigns/${texts}/preview`)).body;
    expect([call, sms.problem, sms.notes]).toEqual([null, null, []]);
  });

  test('a name that no contact brings is a gap for the pre-flight, for the preview, and in the text that goes out', async () => {
    const id = await campaign({
      phones: phones(2, 25),
      type: 'mixed',
      template: 'Hello {{code}}!',
      fields: {
        welcomeMessageTemplate: 'Hi {{nmae}}.',
        mixedSettings: { first: 'sms', followUp: 'always', delayMinutes: 0 },
      },
    });
    const before = (await ask(`GET /campaigns/${id}/preflight`)).body;
    expect(before.problems).toEqual([]);
    expect(before.missing_variables).toHaveLength(2);
    expect(before.missing_variables).toEqual(
      expect.arrayContaining([
        { name: 'nmae', contacts: 2 },
        { name: 'code', contacts: 2 },
      ]),
    );
    const { sms, call } = (await ask(`GET /campaigns/${id}/preview`)).body;
    expect(sms).toMatchObject({ problem: null, notes: [expect.stringContaining('no variable “code”')] });
    expect(sms.examples).toMatchObject([{ text: 'Hello !', missing: ['code'] }, {}]);
    expect(call).toMatchObject({
      problems: [],
      notes: [expect.stringContaining('The welcome: There is no')],
    });
    expect(call.examples).toMatchObject([{ missing: ['nmae'] }, {}]);
    expect((await ask(`POST /campaigns/${id}/start`)).status).toBe(200);
    await drain();
    expect(carrier.requests.map(({ body }) => body)).toEqual(['Hello !', 'Hello !']);
    await ask(`POST /campaigns/${id}/stop`);
  });

  test('a second person is asked where the workspace demands it, once', async () => {
    const id = await campaign({ phones: phones(1, 30) });
    const needless = await ask(`POST /campaigns/${id}/request-approval`);
    expect([needless.status, needless.body.detail]).toEqual([400, expect.stringContaining('does not have')]);
    await changeWorkspace(deps.db, workspace.id, { requiresApproval: true });
    expect((await ask(`GET /campaigns/${id}/preflight`)).body.approval).toBe('missing');
    const asked = await ask(`POST /campaigns/${id}/request-approval`);
    expect([asked.status, asked.body.approval_id]).toEqual([200, expect.any(Number)]);
    expect((await ask(`GET /campaigns/${id}/preflight`)).body.approval).toBe('asked');
    expect((await ask(`POST /campaigns/${id}/request-approval`)).status).toBe(400);
    await changeWorkspace(deps.db, workspace.id, { requiresApproval: false });
  });
});

test('a campaign says why it stands still', async () => {
  const id = await campaign({ phones: phones(2, 40) });
  const { body } = await ask(`GET /campaigns/${id}/why`);
  expect(body.campaign_id).toBe(id);
  expect(body.sentences[0]).toContain('is a draft: 2 waiting');
});

test('nobody else is told any of it', async () => {
  const id = await campaign({ phones: phones(1, 50) });
  const other = await ensureWorkspace(deps, { slackTeamId: 'T9', name: 'Other', botUserId: 'U_BOT' });
  const token = await tokenFor(['read', 'write'], other.id);
  for (const what of ['GET preflight', 'GET preview', 'GET why', 'POST request-approval']) {
    const [method, name] = what.split(' ');
    expect((await ask(`${method} /campaigns/${id}/${name}`, { token })).status).toBe(404);
  }
});
