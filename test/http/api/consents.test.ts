import { describe, expect, test } from 'vitest';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';

const { ask, deps, tokenFor } = await createApi();
const GIVEN = {
  phone_number: '(212) 555-0001',
  channel: 'sms',
  given_at: '2026-02-01T10:30:00+01:00',
  method: 'web form',
  wording: 'Text me about my appointments.',
};
const about = (phone: string) => `GET /consents?phone_number=${encodeURIComponent(phone)}`;

describe('a consent', () => {
  test('is noted once, with when, how and in which words it was given', async () => {
    const noted = await ask('POST /consents', { json: GIVEN });
    expect([noted.status, noted.body.changed]).toEqual([200, true]);
    expect((await ask(about('+12125550001'))).body).toEqual({
      phone_number: '+12125550001',
      consents: [
        {
          id: expect.any(Number),
          channel: 'sms',
          given_at: '2026-02-01T09:30:00Z',
          method: 'web form',
          wording: 'Text me about my appointments.',
          actor: expect.stringMatching(/^token:\d+$/),
          created_at: '2026-11-24T19:00:00Z',
          withdrawn_at: null,
          withdrawn_by: null,
        },
      ],
      calls_need_consent: false,
      texts_need_consent: false,
      is_listed: false,
    });
    expect((await ask('POST /consents', { json: GIVEN })).body.changed).toBe(false);
  });

  test('ends when the person withdraws it, and stays on record', async () => {
    const { phone_number, channel } = GIVEN;
    const json = { phone_number, channel };
    const ended = (await ask('POST /consents/withdraw', { json })).body;
    expect(ended).toMatchObject({ changed: true, consents: [{ withdrawn_at: '2026-11-24T19:00:00Z' }] });
    expect((await ask('POST /consents/withdraw', { json })).body.changed).toBe(false);
  });

  test('is refused for a day to come and without its circumstances, and is another workspace’s own affair', async () => {
    const future = await ask('POST /consents', { json: { ...GIVEN, given_at: '2030-01-01T00:00:00Z' } });
    expect([future.status, future.body.detail]).toEqual([400, expect.stringMatching(/still to come/)]);
    expect((await ask('POST /consents', { json: { ...GIVEN, method: ' ' } })).status).toBe(422);
    expect((await ask(about('12'))).status).toBe(422);
    const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Globex', botUserId: 'U_BOT' });
    const token = await tokenFor(['read'], other.id);
    expect((await ask(about('+12125550001'), { token })).body.consents).toEqual([]);
    expect((await ask('POST /consents', { json: GIVEN, token })).status).toBe(403);
  });
});
