import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { attempts, campaigns } from '#db/schema.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { LookupFailed, type OurNumber } from '#ports/telephony.ts';
import { createApi } from '#support/api.ts';
import { placeCall } from '#support/desk.ts';

const api = await createApi();
const { ask, deps, tokenFor } = api;
const make = async (json: Record<string, unknown>) => (await ask('POST /assistants', { json })).body;

describe('an assistant', () => {
  test('is made of a name alone, and answered in the words of the reference', async () => {
    const made = await ask('POST /assistants', { json: { name: 'Sarah' } });
    expect(made.status).toBe(200);
    expect(made.body).toMatchObject({
      id: expect.any(Number),
      organization_id: api.workspace.id,
      user_id: null,
      name: 'Sarah',
      description: null,
      is_active: true,
      llm_provider: 'openai',
      llm_provider_config: { model: null },
      llm_settings: { system_prompt: null, welcome_message: null },
      tts_settings: { voice_id: 'joanna', language: 'en-US' },
      recording_settings: { enabled: false, disclosure_mode: 'every_call', retention_days: 30 },
      max_call_length: 600,
      created_at: '2026-11-24T19:00:00Z',
      total_calls: 0,
      avg_call_duration: 0,
      success_rate: 0,
    });
    expect((await ask(`GET /assistants/${made.body.id}`)).body).toEqual(made.body);
  });

  test('takes what can be set, and what is as it is here anyway', async () => {
    const made = await make({
      name: 'Vera',
      description: 'For clinics',
      llm_provider: 'openai',
      llm_settings: { system_prompt: 'Be brief.', temperature: 0.7, max_tokens: 1000, top_p: null },
      tts_settings: { voice_id: 'vicki' },
      tools_settings: {
        end_call: { enabled: true },
        transfer_call: { enabled: true, targets: [{ label: 'Front desk', phone_number: '(212) 555-0100' }] },
        dtmf_solver: null,
        custom_tools: [],
      },
      recording_settings: { enabled: true, retention_days: 7 },
      max_call_length: 300,
      webhook_url: '',
      bypass_numbers: [],
      phone_numbers: ['+15005550006'],
    });
    expect(made).toMatchObject({
      description: 'For clinics',
      llm_settings: { system_prompt: 'Be brief.' },
      tts_settings: { voice_id: 'vicki', language: 'de-DE' },
      recording_settings: { enabled: true, retention_days: 7 },
      max_call_length: 300,
      phone_numbers: ['+15005550006'],
    });
    expect(made.tools_settings.transfer_call).toEqual({
      enabled: true,
      targets: [
        { key: 'front-desk', label: 'Front desk', phone_number: '+12125550100', slack_user_id: null },
      ],
    });
  });

  test('is not made when something is asked of it that nobody can give, field by field', async () => {
    const json = {
      name: 'Nora',
      llm_settings: { temperature: 0.2, max_tokens: 9 },
      tools_settings: { end_call: { enabled: false }, dtmf_solver: { enabled: true } },
      voice_cloning: { enabled: true },
      webhook_url: 'https://example.com',
    };
    const answer = await ask('POST /assistants', { json });
    expect(answer.status).toBe(422);
    expect(answer.body.detail.map(({ loc }: { loc: string[] }) => loc.join('.'))).toEqual([
      'body.llm_settings.temperature',
      'body.llm_settings.max_tokens',
      'body.tools_settings.end_call.enabled',
      'body.tools_settings.dtmf_solver.enabled',
      'body.voice_cloning.enabled',
      'body.webhook_url',
    ]);
    expect(answer.body.detail.at(-1).msg).toMatch(/Events go to webhooks: make one with POST/);
    const bad = { name: 'Nora', tts_settings: { voice_id: 'nobody' }, max_call_length: 5 };
    const wrong = (await ask('POST /assistants', { json: bad })).body.detail;
    expect(wrong.map(({ loc }: { loc: string[] }) => loc.join('.'))).toEqual([
      'body.tts_settings.voice_id',
      'body.max_call_length',
    ]);
  });

  test('is merged by PATCH and set group by group by PUT', async () => {
    const { id } = await make({
      name: 'Mia',
      llm_settings: { system_prompt: 'Be kind.' },
      recording_settings: { enabled: true, retention_days: 9 },
    });
    const patched = await ask(`PATCH /assistants/${id}`, {
      json: { recording_settings: { retention_days: 5 } },
    });
    expect(patched.body.recording_settings).toMatchObject({ enabled: true, retention_days: 5 });
    const put = await ask(`PUT /assistants/${id}`, { json: { recording_settings: { retention_days: 5 } } });
    expect(put.body.recording_settings).toMatchObject({ enabled: false, retention_days: 5 });
    expect(put.body.llm_settings.system_prompt).toBe('Be kind.');
  });

  test('may be sent back as it was read, which changes nothing', async () => {
    const before = await make({ name: 'Olga', llm_settings: { system_prompt: 'Be calm.' } });
    const after = await ask(`PUT /assistants/${before.id}`, { json: before });
    expect([after.status, after.body]).toEqual([200, before]);
    const renamed = await ask(`PUT /assistants/${before.id}`, { json: { ...before, name: 'Olga B.' } });
    expect(renamed.body).toEqual({ ...before, name: 'Olga B.' });
  });

  test('is retired by itself, stays so, and is then listed only on request', async () => {
    const { id } = await make({ name: 'Rosa' });
    const both = await ask(`PATCH /assistants/${id}`, { json: { is_active: false, name: 'Rose' } });
    expect([both.status, both.body.detail[0].loc]).toEqual([422, ['body', 'is_active']]);
    const retired = await ask(`PATCH /assistants/${id}`, { json: { is_active: false } });
    expect(retired.body).toMatchObject({ name: 'Rosa', is_active: false });
    expect((await ask(`PATCH /assistants/${id}`, { json: { is_active: true } })).status).toBe(422);
    const ids = async (query: string) =>
      (await ask(`GET /assistants?${query}`)).body.items.map((one: { id: number }) => one.id);
    expect(await ids('')).not.toContain(id);
    expect(await ids('include_inactive=true')).toContain(id);
    const page = (await ask('GET /assistants?skip=1&limit=2')).body;
    expect([page.items.length, page.skip, page.limit]).toEqual([2, 1, 2]);
    expect(page.total).toBe((await ids('limit=1000')).length);
  });

  test('is not retired while a campaign calls with it, and tells what its calls came to', async () => {
    const { campaignId, callId, attemptId } = await placeCall(api);
    const id = await assistantOf(callId);
    const held = new Date('2026-11-24T19:00:10Z');
    await deps.db
      .update(calls)
      .set({ answeredAt: held, spokeAt: held, endedAt: held, durationSeconds: 45 })
      .where(eq(calls.id, callId));
    await deps.db
      .update(attempts)
      .set({ state: 'ended', outcome: 'answered', endedAt: held })
      .where(eq(attempts.id, attemptId));
    const read = (await ask(`GET /assistants/${id}`)).body;
    expect(read).toMatchObject({ total_calls: 1, avg_call_duration: 45, success_rate: 100 });
    const refused = await ask(`PATCH /assistants/${id}`, { json: { is_active: false } });
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining(`#${campaignId}`)]);
  });

  test('of another workspace is not there, and reading gives no right to change', async () => {
    const { id } = await make({ name: 'Ines' });
    const other = await ensureWorkspace(deps, { slackTeamId: 'T9', name: 'Globex', botUserId: 'U_BOT' });
    const token = await tokenFor(['read', 'write'], other.id);
    expect((await ask(`GET /assistants/${id}`, { token })).status).toBe(404);
    expect((await ask(`PATCH /assistants/${id}`, { json: { name: 'Ours' }, token })).status).toBe(404);
    const reader = await tokenFor(['read']);
    expect((await ask('POST /assistants', { json: { name: 'Eve' }, token: reader })).status).toBe(403);
    expect((await ask(`GET /assistants/${id}`, { token: reader })).status).toBe(200);
  });
});

describe('what an assistant says by itself', () => {
  const WORDS = {
    llm_settings: {
      system_prompt: 'You are Sarah.',
      welcome_message: 'Hello {{name}}, this is {{assistant_name}}.',
    },
    end_call_message: 'Goodbye {{name}}.',
  };

  test('is kept, checked as the templates of campaigns are, and taken back', async () => {
    const made = await make({ name: 'Wanda', ...WORDS });
    expect(made).toMatchObject(WORDS);
    const bad = { llm_settings: { welcome_message: 'Hi {{name' }, end_call_message: 'x'.repeat(4_001) };
    const refused = await ask(`PATCH /assistants/${made.id}`, { json: bad });
    expect(refused.status).toBe(422);
    expect(refused.body.detail.map(({ loc }: { loc: string[] }) => loc.join('.'))).toEqual([
      'body.llm_settings.welcome_message',
      'body.end_call_message',
    ]);
    const merged = await ask(`PATCH /assistants/${made.id}`, {
      json: { llm_settings: { system_prompt: 'Be brief.' } },
    });
    expect(merged.body.llm_settings.welcome_message).toBe(WORDS.llm_settings.welcome_message);
    const json = { llm_settings: { system_prompt: 'Be brief.' }, end_call_message: null };
    const set = (await ask(`PUT /assistants/${made.id}`, { json })).body;
    expect([set.llm_settings.welcome_message, set.end_call_message]).toEqual([null, null]);
  });

  test('is said where the campaign has no words of its own, in previews and on calls alike', async () => {
    const { id: assistant_id } = await make({ name: 'Wilma', ...WORDS });
    const json = { name: 'Bare', campaign_type: 'call', assistant_id };
    const { id } = (await ask('POST /campaigns', { json })).body;
    const form = new FormData();
    form.set('file', new File(['phone,name\n+12125550161,Ann\n'], 'ann.csv'));
    await ask(`POST /campaigns/${id}/import-data`, { body: form });
    await api.drain();
    const welcome = 'Hello Ann, this is Wilma.';
    const preview = async () => JSON.stringify((await ask(`GET /campaigns/${id}/preview`)).body);
    expect(await preview()).toContain(welcome);
    expect(await preview()).toContain('Goodbye Ann.');
    expect((await ask(`GET /campaigns/${id}/preflight`)).body.problems).toEqual([]);
    expect((await ask(`GET /campaigns/${id}`)).body.welcome_message_template).toBe(null);
    await ask(`PUT /campaigns/${id}`, { json: { end_call_message_template: 'So long.' } });
    expect((await ask(`POST /campaigns/${id}/start`)).status).toBe(200);
    await api.drain();
    const [attempt] = (await ask(`GET /campaigns/${id}/executions`)).body.executions;
    expect(attempt.execution_data.personalized_welcome_message).toBe(welcome);
    const [call] = await deps.db.select().from(calls).where(eq(calls.campaignId, id));
    expect(call?.script).toMatchObject({ welcome, closing: 'So long.' });
  });
});

describe('our numbers', () => {
  const number = (phoneNumber: string, can: Partial<OurNumber> = {}): OurNumber => ({
    phoneNumber,
    name: `Line ${phoneNumber.slice(-2)}`,
    isActive: true,
    voice: true,
    sms: true,
    mms: false,
    ...can,
  });
  const [OWN, CAROLS, DEFAULT] = ['+12025550102', '+12025550103', '+15005550006'];

  test('are those of the provider, each with who of the workspace contacts people from it', async () => {
    api.carrier.listNumbers = async () => [number(DEFAULT), number(CAROLS, { sms: false }), number(OWN)];
    const { id: workspaceId } = await ensureWorkspace(deps, {
      slackTeamId: 'T8',
      name: 'Initech',
      botUserId: 'U_BOT',
    });
    const token = await tokenFor(['read', 'write'], workspaceId);
    const post = async (path: string, json: object) => (await ask(`POST ${path}`, { token, json })).body.id;
    const other = await post('/assistants', { name: 'Otto', phone_numbers: [OWN, CAROLS] });
    const carol = await post('/assistants', { name: 'Carol', phone_numbers: [CAROLS] });
    const campaign = (name: string, json: object) => post('/campaigns', { name, ...json });
    const calling = await campaign('Calls', { campaign_type: 'call', assistant_id: carol });
    const mixed = await campaign('Both', { campaign_type: 'mixed', assistant_id: carol });
    const own = await campaign('Own', { campaign_type: 'mixed', assistant_id: carol, from_number: OWN });
    const gone = await campaign('Gone', { campaign_type: 'sms', assistant_id: carol });
    const over = await campaign('Over', { campaign_type: 'sms', assistant_id: carol });
    await ask(`DELETE /campaigns/${gone}`, { token });
    await deps.db.update(campaigns).set({ status: 'completed' }).where(eq(campaigns.id, over));
    const { status, body } = await ask('GET /phone-numbers', { token });
    expect([status, body.total, body.items.length]).toEqual([200, 3, 3]);
    const [first, second, third] = body.items;
    const shownOtto = { id: other, name: 'Otto', is_active: true };
    const shownCarol = { id: carol, name: 'Carol', is_active: true };
    expect(first).toEqual({
      id: 12025550102,
      phone_number: OWN,
      friendly_name: 'Line 02',
      provider: deps.telephony.provider,
      is_active: true,
      capabilities: { voice: true, sms: true, mms: false },
      allowed_country_codes: null,
      assistant: shownOtto,
      flow: null,
      assistants: [shownOtto],
      campaigns: [{ id: own, name: 'Own', status: 'draft' }],
      campaign_count: 1,
      is_default_for: [],
    });
    expect(second).toMatchObject({
      phone_number: CAROLS,
      capabilities: { voice: true, sms: false },
      assistant: shownCarol,
      assistants: [shownCarol, shownOtto],
      campaigns: [{ id: mixed }, { id: calling }],
      campaign_count: 2,
    });
    expect(third).toMatchObject({
      phone_number: DEFAULT,
      assistant: null,
      campaigns: [{ id: mixed }],
      is_default_for: ['calls', 'texts'],
    });
    const page = (await ask('GET /phone-numbers?skip=1&limit=1', { token })).body;
    expect([page.items, page.total, page.skip, page.limit]).toEqual([[second], 3, 1, 1]);
    const elsewhere = (await ask('GET /phone-numbers')).body.items;
    expect(elsewhere[0]).toMatchObject({ phone_number: OWN, assistant: null, campaigns: [] });
  });

  test('are asked for now and then alone, and in words when the provider does not answer', async () => {
    let asked = 0;
    let isThere = false;
    api.carrier.listNumbers = async () => {
      asked += 1;
      if (!isThere) throw new LookupFailed('down');
      return [number(OWN)];
    };
    api.clock.move(30_000);
    const refused = await ask('GET /phone-numbers');
    expect([refused.status, refused.body.detail]).toEqual([503, expect.stringMatching(/^The provider does/)]);
    isThere = true;
    const answers = await Promise.all([1, 2, 3].map(() => ask('GET /phone-numbers')));
    expect(answers.map(({ body }) => body.total)).toEqual([1, 1, 1]);
    expect(asked).toBe(2);
    api.clock.move(30_000);
    await ask('GET /phone-numbers');
    expect(asked).toBe(3);
    expect((await ask('GET /phone-numbers', { token: await tokenFor(['write']) })).status).toBe(403);
  });
});

async function assistantOf(callId: number): Promise<number> {
  const [call] = await deps.db.select().from(calls).where(eq(calls.id, callId));
  return call?.assistantId ?? 0;
}
