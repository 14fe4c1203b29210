import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import { createAssistant } from '#operations/create-assistant.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { createApi } from '#support/api.ts';
import { ANNA, addContacts, phones } from '#support/engine.ts';

const { ask, campaign, deps, workspace, tokenFor, drain, deliverTexts, chat } = await createApi();
let assistantId = 0;

beforeAll(async () => {
  const made = await createAssistant(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: 'sarah',
    name: 'Sarah',
  });
  assistantId = made.assistantId;
});

const reminders = () => ({
  name: 'February reminders',
  description: 'Everybody with an appointment',
  campaign_type: 'call',
  assistant_id: assistantId,
  welcome_message_template: 'Hi {{name|title_case}}, this is {{assistant_name}} from {{company}}.',
  agenda_template: 'Confirm the appointment on {{appointment_date}}.',
  fallback_values: { name: 'there', appointment_time: 'your scheduled time' },
});

describe('a campaign that is made', () => {
  test('is a draft with the documented fields and defaults', async () => {
    const { status, body } = await ask('POST /campaigns', { json: reminders() });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...reminders(),
      status: 'draft',
      assistant_name: 'Sarah',
      end_call_message_template: null,
      sms_message_template: null,
      max_attempts: 3,
      retry_delay_minutes: 30,
      variable_mappings: {},
      available_variables: [],
      pending_import: null,
      total_contacts: 0,
      completed_contacts: 0,
      failed_contacts: 0,
      created_at: '2026-11-24T19:00:00Z',
      updated_at: '2026-11-24T19:00:00Z',
      started_at: null,
      completed_at: null,
      last_import_file_name: null,
      last_import_date: null,
      last_import_row_count: null,
      mixed_settings: null,
      budget_limit: null,
      from_number: null,
      channel_id: null,
      hold: null,
      next_run_at: null,
    });
    expect(body.execution_settings).toMatchObject({
      max_attempts: 3,
      concurrent_limit: 5,
      rate_limit_per_minute: 10,
      allowed_hours: { start: expect.any(String), end: expect.any(String), days: expect.any(Array) },
      contact_time_zone: true,
    });
    expect((await ask(`GET /campaigns/${body.id}`)).body).toEqual(body);
  });

  test('keeps every setting, and a read shows it in every place it has', async () => {
    const settings = {
      execution_settings: {
        max_attempts: 5,
        retry_delay_minutes: 45,
        concurrent_limit: 20,
        rate_limit_per_minute: 120,
        allowed_hours: { start: '10:00', end: '16:00', days: ['monday', 'tuesday'] },
        time_zone: 'America/Chicago',
        contact_time_zone: false,
        additional_hours: [{ start: '10:00', end: '12:00', days: ['saturday'] }],
        holiday_places: ['US'],
        pause_dates: ['2026-12-24'],
        end_of_day: 'stop',
        text_expiry_hours: 48,
        exclude_contacted_days: 7,
        canary_size: 25,
        breaker: { attempts: 40, percent: 30 },
      },
      advanced_settings: {
        enable_voicemail_detection: true,
        leave_voicemail: true,
        voicemail_message: 'Hi {{name}}, this is {{assistant_name}}. Please call us back.',
        detection_mode: 'sync',
      },
      mixed_settings: { first: 'sms', follow_up: 'if_not_reached', delay_minutes: 60 },
      retry_policy: { no_answer: 'retry_once', voicemail: 'final' },
      budget_limit: 12.5,
      from_number: '+15550001234',
    };
    const json = { ...reminders(), campaign_type: 'mixed', sms_message_template: 'Hi', ...settings };
    const { status, body } = await ask('POST /campaigns', { json });
    expect([status, body]).toEqual([200, expect.objectContaining(settings)]);
    expect([body.max_attempts, body.retry_delay_minutes]).toEqual([5, 45]);
    const sameAgain = await ask(`PUT /campaigns/${body.id}`, { json: body });
    expect(sameAgain.body).toEqual({ message: 'Campaign updated successfully' });
    expect((await ask(`GET /campaigns/${body.id}`)).body).toEqual(body);
  });

  test('needs an assistant to call with, and none to send texts', async () => {
    const { assistant_id: _, ...without } = reminders();
    const refused = await ask('POST /campaigns', { json: without });
    expect([refused.status, refused.body.detail[0].loc]).toEqual([422, ['body', 'assistant_id']]);
    const json = { name: 'Texts', campaign_type: 'sms', sms_message_template: 'Hi {{name}}' };
    expect((await ask('POST /campaigns', { json })).body.assistant_id).toBeNull();
    const unknown = await ask('POST /campaigns', { json: { ...reminders(), assistant_id: 999_999 } });
    expect(unknown.status).toBe(404);
  });

  test.each([
    ['a name too many characters long', { name: 'x'.repeat(201) }, ['name']],
    ['no name', { name: ' ' }, ['name']],
    ['another type', { campaign_type: 'fax' }, ['campaign_type']],
    ['too many attempts', { max_attempts: 11 }, ['max_attempts']],
    ['attempts that are no number', { max_attempts: 'three' }, ['max_attempts']],
    ['an assistant beyond all numbers', { assistant_id: 1e15 }, ['assistant_id']],
    ['half an attempt', { max_attempts: 2.5 }, ['max_attempts']],
    ['a retry too soon', { retry_delay_minutes: 4 }, ['retry_delay_minutes']],
    [
      'two answers to one question',
      { max_attempts: 2, execution_settings: { max_attempts: 3 } },
      ['max_attempts'],
    ],
    [
      'too many at once',
      { execution_settings: { concurrent_limit: 501 } },
      ['execution_settings', 'concurrent_limit'],
    ],
    ['a slip of the pen', { execution_settings: { allowed_hour: {} } }, ['execution_settings']],
    [
      'hours that end before they begin',
      { execution_settings: { allowed_hours: { start: '17:00', end: '09:00', days: ['monday'] } } },
      ['execution_settings', 'allowed_hours'],
    ],
    [
      'hours of which the law leaves nothing',
      { execution_settings: { allowed_hours: { start: '01:00', end: '03:00', days: ['monday'] } } },
      ['execution_settings', 'allowed_hours'],
    ],
    [
      'a place without holidays',
      { execution_settings: { holiday_places: ['XX'] } },
      ['execution_settings', 'holiday_places'],
    ],
    [
      'a nervous breaker',
      { execution_settings: { breaker: { percent: 5 } } },
      ['execution_settings', 'breaker', 'percent'],
    ],
    [
      'a voicemail without words',
      { advanced_settings: { leave_voicemail: true } },
      ['advanced_settings', 'voicemail_message'],
    ],
    [
      'a voicemail that runs code',
      { advanced_settings: { voicemail_message: '{{ name.constructor() }}' } },
      ['advanced_settings', 'voicemail_message'],
    ],
    ['a broken template', { welcome_message_template: 'Hi {{name' }, ['welcome_message_template']],
    ['a budget of nothing', { budget_limit: 0 }, ['budget_limit']],
    ['a sender that is no number', { from_number: 'ACME' }, ['from_number']],
    ['a fallback that is no text', { fallback_values: { name: 3 } }, ['fallback_values', 'name']],
    ['a channel of others', { channel_id: 'C_SHARED' }, ['channel_id']],
  ])('is refused with %s, and the field is named', async (_, fields, loc) => {
    const { status, body } = await ask('POST /campaigns', { json: { ...reminders(), ...fields } });
    expect([status, body.detail?.[0]?.loc]).toEqual([422, ['body', ...loc]]);
    expect(body.detail[0].msg).toEqual(expect.any(String));
  });

  test('is refused with too many places for holidays before any of them is looked up', async () => {
    const looked = vi.spyOn(deps.holidays, 'knows');
    onTestFinished(() => looked.mockRestore());
    const execution_settings = { holiday_places: Array(21).fill('ZZ') };
    const { body } = await ask('POST /campaigns', { json: { ...reminders(), execution_settings } });
    expect(body.detail.map(({ msg }: { msg: string }) => msg)).toEqual([
      'Keep the holidays of at most 20 places.',
    ]);
    expect(looked).not.toHaveBeenCalled();
  });

  test('is refused with everything that is wrong, in its shape and in its values, at once', async () => {
    const json = {
      name: '',
      campaign_type: 'call',
      max_attempts: 99,
      retry_delay_minutes: 'soon',
      welcome_message_template: 'Hi {{name',
      agenda_template: '{{ name|shout }}',
      fallback_values: { name: 3 },
      execution_settings: { colour: 'red', concurrent_limit: 0, max_attempts: 5, holiday_places: ['XX'] },
      advanced_settings: { leave_voicemail: true },
      from_number: 'ACME',
      budget_limit: 0,
    };
    const made = await ask('POST /campaigns', { json });
    const locs = (body: { detail: { loc: string[] }[] }) =>
      body.detail.map(({ loc }) => loc.slice(1).join('.')).sort();
    const ofValues = [
      'advanced_settings.voicemail_message',
      'agenda_template',
      'budget_limit',
      'execution_settings',
      'execution_settings.concurrent_limit',
      'execution_settings.holiday_places',
      'fallback_values.name',
      'from_number',
      'max_attempts',
      'name',
      'retry_delay_minutes',
      'welcome_message_template',
    ];
    expect([made.status, locs(made.body)]).toEqual([422, ['assistant_id', ...ofValues].sort()]);
    const { body } = await ask('POST /campaigns', { json: reminders() });
    const changed = await ask(`PATCH /campaigns/${body.id}`, { json });
    expect([changed.status, locs(changed.body)]).toEqual([422, ofValues]);
    // Without what is wrong in its shape.
    const { retry_delay_minutes, fallback_values, execution_settings, ...values } = json;
    const again = await ask(`PATCH /campaigns/${body.id}`, { json: values });
    expect(locs(again.body)).toEqual([
      'advanced_settings.voicemail_message',
      'agenda_template',
      'budget_limit',
      'from_number',
      'max_attempts',
      'name',
      'welcome_message_template',
    ]);
  });

  test.each([
    '[]',
    'null',
    '{"execution_settings":{"__proto__":{"a":1},"constructor":{"prototype":1}}}',
    '{"fallback_values":{"__proto__":5,"name":[]},"available_variables":[1,"a"]}',
    `{"execution_settings":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
    `{"pending_import":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  ])('of %#, a body of odd parts, is refused, and nothing else breaks', async (body) => {
    const headers = { 'content-type': 'application/json' };
    const refused = await ask('POST /campaigns', { body, headers });
    expect([refused.status, Array.isArray(refused.body.detail)]).toEqual([422, true]);
    expect((await ask('POST /campaigns', { json: reminders() })).status).toBe(200);
  });

  test('says of a field that was left out that it is missing, and of words for a number that they are none', async () => {
    const made = (await ask('POST /campaigns', { json: { description: 3 } })).body;
    expect(made.detail).toEqual([
      { loc: ['body', 'name'], msg: 'This is missing: expected string.', type: 'missing' },
      {
        loc: ['body', 'campaign_type'],
        msg: 'This is missing: expected one of "call"|"sms"|"mixed".',
        type: 'missing',
      },
      {
        loc: ['body', 'description'],
        msg: 'Invalid input: expected string, received number',
        type: 'invalid_type',
      },
    ]);
    const wrong = (await ask('POST /campaigns', { json: { name: 'a', campaign_type: 'fax' } })).body;
    expect(wrong.detail).toMatchObject([{ loc: ['body', 'campaign_type'], type: 'invalid_value' }]);
    const asked = await ask('GET /campaigns?assistant_id=Sarah');
    expect(asked.body.detail).toEqual([
      { loc: ['query', 'assistant_id'], msg: 'This is not a number.', type: 'invalid_type' },
    ]);
  });

  test('knows the columns of its files where they were named', async () => {
    const variable_mappings = { Whom: 'name', When: 'appointment_date', Elsewhere: 'city' };
    const { body } = await ask('POST /campaigns', { json: { ...reminders(), variable_mappings } });
    expect(body.variable_mappings).toEqual(variable_mappings);
    const file = 'Phone,Whom,When\n+12125550199,john smith,February 15th\n';
    const headers = { 'content-type': 'text/csv' };
    await ask(`POST /campaigns/${body.id}/import-data?file_name=a.csv`, { body: file, headers });
    await drain();
    const { contacts } = (await ask(`GET /campaigns/${body.id}/contacts`)).body;
    expect(contacts[0].contact_data.variable_values).toMatchObject({
      name: 'john smith',
      appointment_date: 'February 15th',
    });
    const after = (await ask(`GET /campaigns/${body.id}`)).body;
    expect(after).toMatchObject({
      variable_mappings: { ...variable_mappings, Phone: 'phone_number' },
      total_contacts: 1,
      last_import_file_name: 'a.csv',
      last_import_row_count: 1,
      last_import_date: '2026-11-24T19:00:00Z',
    });
  });

  test('has its card in the channel that is named', async () => {
    const { body } = await ask('POST /campaigns', { json: { ...reminders(), channel_id: 'C_NEWS' } });
    await drain();
    expect(body.channel_id).toBe('C_NEWS');
    expect(chat.posted.map(({ place }) => place)).toContainEqual({ channelId: 'C_NEWS', threadTs: null });
  });
});

describe('a change', () => {
  test('touches nothing that it does not name', async () => {
    const before = (await ask('POST /campaigns', { json: reminders() })).body;
    const json = { name: 'March reminders', execution_settings: { concurrent_limit: 9 } };
    expect((await ask(`PATCH /campaigns/${before.id}`, { json })).status).toBe(200);
    const after = (await ask(`GET /campaigns/${before.id}`)).body;
    expect(after).toEqual({
      ...before,
      name: 'March reminders',
      execution_settings: { ...before.execution_settings, concurrent_limit: 9 },
    });
  });

  test('takes away what null is sent for', async () => {
    const made = await ask('POST /campaigns', { json: { ...reminders(), budget_limit: 5 } });
    const json = {
      description: null,
      agenda_template: null,
      fallback_values: null,
      budget_limit: null,
      max_attempts: null,
    };
    await ask(`PUT /campaigns/${made.body.id}`, { json });
    expect((await ask(`GET /campaigns/${made.body.id}`)).body).toMatchObject({
      ...json,
      fallback_values: {},
      max_attempts: 3,
    });
  });

  test('of one field of mixed_settings leaves the others', async () => {
    const mixed_settings = { first: 'call', follow_up: 'if_not_reached', delay_minutes: 15 };
    const { body } = await ask('POST /campaigns', {
      json: { ...reminders(), campaign_type: 'mixed', sms_message_template: 'Hi', mixed_settings },
    });
    await ask(`PATCH /campaigns/${body.id}`, { json: { mixed_settings: { delay_minutes: 30 } } });
    const after = (await ask(`GET /campaigns/${body.id}`)).body;
    expect(after.mixed_settings).toEqual({ ...mixed_settings, delay_minutes: 30 });
  });

  test('of what cannot be changed is refused', async () => {
    const { body } = await ask('POST /campaigns', { json: reminders() });
    const { status, body: answer } = await ask(`PUT /campaigns/${body.id}`, {
      json: { campaign_type: 'sms' },
    });
    expect([status, answer.detail[0].loc]).toEqual([422, ['body', 'campaign_type']]);
  });

  test('moves its card to another channel, but not to none', async () => {
    const { body } = await ask('POST /campaigns', { json: { ...reminders(), channel_id: 'C_OLD' } });
    await drain();
    expect((await ask(`PATCH /campaigns/${body.id}`, { json: { channel_id: 'C_OTHER' } })).status).toBe(200);
    await drain();
    expect((await ask(`GET /campaigns/${body.id}`)).body.channel_id).toBe('C_OTHER');
    expect(chat.posted.at(-1)?.place).toEqual({ channelId: 'C_OTHER', threadTs: null });
    for (const channel_id of [null, 'C_SHARED', 'general']) {
      const refused = await ask(`PATCH /campaigns/${body.id}`, { json: { channel_id, name: 'Not saved' } });
      expect([refused.status, refused.body.detail[0].loc]).toEqual([422, ['body', 'channel_id']]);
    }
    expect((await ask(`GET /campaigns/${body.id}`)).body).toMatchObject({
      channel_id: 'C_OTHER',
      name: reminders().name,
    });
  });

  test('judges hours together with those that stand', async () => {
    const allowed_hours = { start: '09:00', end: '10:00', days: ['monday'] };
    const { body } = await ask('POST /campaigns', {
      json: { ...reminders(), execution_settings: { allowed_hours, time_zone: 'America/New_York' } },
    });
    const json = {
      execution_settings: { allowed_hours: { ...allowed_hours, start: '05:00', end: '06:00' } },
    };
    const { status } = await ask(`PUT /campaigns/${body.id}`, { json });
    expect(status).toBe(422);
    expect((await ask(`GET /campaigns/${body.id}`)).body.execution_settings.allowed_hours).toEqual(
      allowed_hours,
    );
  });

  test('waits until a running or scheduled campaign may be changed', async () => {
    const running = await campaign({ phones: phones(1, 100) });
    await ask(`POST /campaigns/${running}/start`);
    const refused = await ask(`PUT /campaigns/${running}`, { json: { name: 'Other' } });
    expect([refused.status, refused.body.detail]).toEqual([400, expect.stringContaining('Pause it first.')]);
    const scheduled = await campaign({ phones: phones(1, 110) });
    const json = { schedule_type: 'scheduled', scheduled_at: '2027-02-15T09:00:00Z' };
    await ask(`POST /campaigns/${scheduled}/schedule`, { json });
    const late = await ask(`PUT /campaigns/${scheduled}`, { json: { name: 'Other' } });
    expect([late.status, late.body.detail]).toEqual([400, expect.stringContaining('Unschedule it first.')]);
  });
});

describe('the list', () => {
  test('is filtered, searched and paged', async () => {
    const other = await ensureWorkspace(deps, { slackTeamId: 'T_LIST', name: 'List', botUserId: 'U_BOT' });
    await changeWorkspace(deps.db, other.id, { rateLimitPerMinute: 1000, concurrentLimit: 100 });
    const token = await tokenFor(['read', 'write', 'launch'], other.id);
    const make = (name: string, description: string | null = null) =>
      ask('POST /campaigns', {
        token,
        json: { name, description, campaign_type: 'sms', sms_message_template: 'Hi' },
      });
    for (const name of ['Alpha 100%', 'Beta', 'Gamma']) await make(name);
    await make('Delta', 'About ALPHA');
    const names = async (query: string) =>
      (await ask(`GET /campaigns${query}`, { token })).body.campaigns.map(
        (one: { name: string }) => one.name,
      );
    expect(await names('')).toEqual(['Delta', 'Gamma', 'Beta', 'Alpha 100%']);
    expect(await names('?search=alpha')).toEqual(['Delta', 'Alpha 100%']);
    expect(await names('?search=100%25')).toEqual(['Alpha 100%']);
    expect(await names('?status=running')).toEqual([]);
    expect(await names('?campaign_type=call')).toEqual([]);
    expect(await names(`?assistant_id=${assistantId}`)).toEqual([]);
    const page = await ask('GET /campaigns?page=2&per_page=3', { token });
    expect(page.body.campaigns.map((one: { name: string }) => one.name)).toEqual(['Alpha 100%']);
    expect(page.body.pagination).toEqual({
      page: 2,
      per_page: 3,
      total_items: 4,
      total_pages: 2,
      has_next: false,
      has_prev: true,
    });
    expect((await ask('GET /campaigns?status=sleeping', { token })).status).toBe(422);
    expect((await ask('GET /campaigns?per_page=1001', { token })).status).toBe(422);
  });

  test('shows with each campaign what its run came to', async () => {
    const id = await campaign({ phones: phones(4, 200) });
    await ask(`POST /campaigns/${id}/start`);
    await drain();
    await deliverTexts(id);
    const { campaigns } = (await ask('GET /campaigns?per_page=1000')).body;
    const found = campaigns.find((one: { id: number }) => one.id === id);
    expect(found).toMatchObject({
      status: 'completed',
      total_contacts: 4,
      completed_contacts: 4,
      started_at: '2026-11-24T19:00:00Z',
      completed_at: '2026-11-24T19:00:00Z',
      metrics: {
        success_rate: 100,
        answer_rate: 0,
        average_duration_seconds: 0,
        total_duration_seconds: 0,
        actual_cost: 0,
      },
    });
  });
});

describe('campaigns of another workspace', () => {
  test('do not exist for a token', async () => {
    const id = await campaign({ phones: phones(1, 300) });
    await addContacts(deps, id, []);
    const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Other', botUserId: 'U_BOT' });
    const token = await tokenFor(['read', 'write', 'launch'], other.id);
    for (const what of [
      `GET /campaigns/${id}`,
      `PUT /campaigns/${id}`,
      `PATCH /campaigns/${id}`,
      `POST /campaigns/${id}/start`,
      `POST /campaigns/${id}/resume`,
      `POST /campaigns/${id}/pause`,
      `POST /campaigns/${id}/stop`,
      `POST /campaigns/${id}/cancel`,
    ])
      expect([what, (await ask(what, { token, ...(what.startsWith('P') && { json: {} }) })).status]).toEqual([
        what,
        404,
      ]);
    const json = { contact_selection: 'all' };
    expect((await ask(`POST /campaigns/${id}/re-execute`, { token, json })).status).toBe(404);
    expect((await ask('GET /campaigns', { token })).body.campaigns).toEqual([]);
  });

  test('lend out no assistant either', async () => {
    const other = await ensureWorkspace(deps, { slackTeamId: 'T3', name: 'Third', botUserId: 'U_BOT' });
    const token = await tokenFor(['write'], other.id);
    expect((await ask('POST /campaigns', { token, json: reminders() })).status).toBe(404);
  });
});
