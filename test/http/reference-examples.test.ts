import { eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { campaigns, contacts } from '#db/schema.ts';
import { createApi } from '#support/api.ts';

/*
 * The examples of campaign-api §1–§3, one by one, with their values: what the reference shows is in what we answer. Its
 * figures, messages and calls are in reference-figures.test.ts, its words for templates in api/template-preview.test.ts.
 */

const api = await createApi();
const { ask, clock, deps, drain } = api;
const FEBRUARY = new Date('2024-02-01T10:30:00Z');
clock.set(FEBRUARY);
// Contacts 101 to 105 are those of an example.
await deps.db.execute(sql`alter table contacts alter column id restart with 10000`);

const { id: assistantId } = (await ask('POST /assistants', { json: { name: 'Sarah' } })).body;

const EXAMPLE = {
  name: 'February reminders',
  campaign_type: 'call',
  assistant_id: assistantId,
  welcome_message_template: 'Hi {{name}}, this is {{assistant_name}} from {{company}}.',
  agenda_template: 'Confirm the appointment on {{appointment_date}}.',
};

async function made(json: Record<string, unknown> = {}): Promise<number> {
  const { status, body } = await ask('POST /campaigns', { json: { ...EXAMPLE, ...json } });
  expect(body).toMatchObject({ id: expect.any(Number) });
  expect(status).toBe(200);
  return body.id;
}

/** Loads a file into a campaign and waits for its end. */
async function loaded(id: number, file: string, fields: Record<string, string> = {}, name = 'contacts.csv') {
  const form = new FormData();
  for (const [field, value] of Object.entries(fields)) form.set(field, value);
  form.set('file', new Blob([file]), name);
  const { status, body } = await ask(`POST /campaigns/${id}/import-data`, { body: form });
  expect([status, body]).toEqual([202, expect.objectContaining({ success: true, file_name: name })]);
  await drain();
  return (await ask(`GET /campaigns/${id}/imports/${body.import_id}`)).body;
}

type Listed = { phone_number: string; contact_data: { variable_values: Record<string, string> } };
const contactsOf = async (id: number): Promise<Listed[]> =>
  (await ask(`GET /campaigns/${id}/contacts?per_page=1000`)).body.contacts;
const numbersOf = async (id: number) => (await contactsOf(id)).map(({ phone_number }) => phone_number);

/** A file of so many people. */
function fileOf(count: number): string {
  const rows = Array.from(
    { length: count },
    (_, n) => `+1212${5_550_000 + n},Person ${n},2024-02-15,Acme Corp`,
  );
  return ['Phone,Name,Appointment Date,Company', ...rows].join('\n');
}

/** Lets so many contacts, the first ones, have ended like this. */
async function ended(
  id: number,
  status: 'completed' | 'failed' | 'no_answer' | 'busy' | 'voicemail',
  count: number,
) {
  await deps.db.execute(sql`
    update contacts set status = ${status}, next_attempt_at = null, attempts = 1, last_attempt_at = created_at
    where id in (select id from contacts where campaign_id = ${id} and status = 'pending' order by id limit ${count})`);
}

const over = (id: number) =>
  deps.db.update(campaigns).set({ status: 'completed', completedAt: FEBRUARY }).where(eq(campaigns.id, id));

describe('campaigns (§1.3)', () => {
  test('a fresh one is a draft with nothing in it', async () => {
    const { body } = await ask('POST /campaigns', { json: EXAMPLE });
    expect(body).toMatchObject({
      ...EXAMPLE,
      status: 'draft',
      assistant_name: 'Sarah',
      variable_mappings: {},
      available_variables: [],
      total_contacts: 0,
      completed_contacts: 0,
      failed_contacts: 0,
      sms_message_template: null,
      end_call_message_template: null,
      max_attempts: 3,
      retry_delay_minutes: 30,
    });
  });

  test('number 42 after its import, with 125 of 250 reached and 10 not', async () => {
    await deps.db.execute(sql`alter table campaigns alter column id restart with 42`);
    const id = await made();
    expect(id).toBe(42);
    await loaded(id, fileOf(250), {}, 'contacts_february.csv');
    await ended(id, 'completed', 125);
    await ended(id, 'failed', 10);
    const { body } = await ask('GET /campaigns/42');
    expect(body).toMatchObject({
      id: 42,
      total_contacts: 250,
      completed_contacts: 125,
      failed_contacts: 10,
      last_import_file_name: 'contacts_february.csv',
      last_import_date: '2024-02-01T10:30:00Z',
      last_import_row_count: 250,
      variable_mappings: { Phone: 'phone_number', Name: 'name', 'Appointment Date': 'appointment_date' },
    });
    expect(body.available_variables.toSorted()).toEqual(
      ['name', 'phone_number', 'appointment_date', 'company'].toSorted(),
    );
    expect((await ask('GET /campaigns/42/contacts')).body.pagination).toEqual({
      page: 1,
      per_page: 50,
      total_items: 250,
      total_pages: 5,
      has_next: true,
      has_prev: false,
    });
    const filtered = (await ask('GET /campaigns/42/contacts?status=failed')).body;
    expect(filtered.pagination.total_items).toBe(10);
    expect((await ask('GET /campaigns/42/contacts?status=cancelled')).status).toBe(400);
  });

  test('are changed as draft or paused alone, and deleted unless they run', async () => {
    const id = await made();
    const json = { name: 'March reminders' };
    expect((await ask(`PUT /campaigns/${id}`, { json })).body).toEqual({
      message: 'Campaign updated successfully',
    });
    await deps.db.update(campaigns).set({ status: 'running' }).where(eq(campaigns.id, id));
    for (const request of [`PUT /campaigns/${id}`, `DELETE /campaigns/${id}`]) {
      const { status, body } = await ask(request, { json });
      expect([request, status, typeof body.detail]).toEqual([request, 400, 'string']);
    }
    await deps.db.update(campaigns).set({ status: 'draft' }).where(eq(campaigns.id, id));
    expect((await ask(`DELETE /campaigns/${id}`)).body).toEqual({ message: 'Campaign deleted successfully' });
    expect((await ask(`GET /campaigns/${id}`)).status).toBe(404);
  });

  test('are refused in the documented shapes', async () => {
    const missing = await ask('GET /campaigns/4711');
    expect([missing.status, missing.body]).toEqual([404, { detail: expect.any(String) }]);
    const stranger = await ask('GET /campaigns/42', { token: null });
    expect([stranger.status, stranger.body]).toEqual([401, { detail: expect.any(String) }]);
    const { campaign_type: _, ...json } = EXAMPLE;
    const wrong = await ask('POST /campaigns', { json });
    expect(wrong.status).toBe(422);
    expect(wrong.body.detail).toEqual([
      { loc: ['body', 'campaign_type'], msg: expect.any(String), type: expect.any(String) },
    ]);
    for (const limits of [{ max_attempts: 11 }, { retry_delay_minutes: 4 }, { name: '' }])
      expect((await ask('POST /campaigns', { json: { ...EXAMPLE, ...limits } })).status).toBe(422);
    expect((await ask('GET /campaigns?per_page=1001')).status).toBe(422);
  });
});

describe('start and re-execute (§1.4, §1.5)', () => {
  test('at once, and at a time that the message names in UTC', async () => {
    const id = await made();
    const empty = await ask(`POST /campaigns/${id}/start`);
    expect([empty.status, empty.body.detail]).toEqual([400, expect.stringMatching(/^No contacts found/)]);
    await loaded(id, fileOf(3));
    const scheduled_at = '2024-02-15T09:00:00Z';
    await ask(`POST /campaigns/${id}/schedule`, { json: { schedule_type: 'scheduled', scheduled_at } });
    const timed = (await ask(`POST /campaigns/${id}/start`)).body;
    expect(timed).toMatchObject({
      success: true,
      task_id: expect.any(String),
      campaign_id: id,
      status: 'scheduled',
      scheduled_time: '2024-02-15T09:00:00Z',
    });
    expect(timed.message).toContain('2024-02-15 09:00:00 UTC');
    await ask(`POST /campaigns/${id}/unschedule`);
    expect((await ask(`POST /campaigns/${id}/start`)).body).toEqual({
      success: true,
      message: 'Campaign execution started immediately',
      task_id: expect.any(String),
      campaign_id: id,
      status: 'scheduled',
    });
  });

  test('are refused by their named causes', async () => {
    const id = await made();
    await loaded(id, fileOf(2));
    const causes: [string, unknown, RegExp][] = [
      [`POST /campaigns/${id}/pause`, undefined, /^Campaign is not running/],
      [
        `POST /campaigns/${id}/schedule`,
        { schedule_type: 'scheduled', scheduled_at: '2024-01-15T09:00:00Z' },
        /^Scheduled time is in the past/,
      ],
    ];
    for (const [request, json, cause] of causes) {
      const { status, body } = await ask(request, { json });
      expect([request, status, body.detail]).toEqual([request, 400, expect.stringMatching(cause)]);
    }
    await ended(id, 'completed', 2);
    await over(id);
    const { status, body } = await ask(`POST /campaigns/${id}/start`);
    expect([status, body.detail]).toEqual([
      400,
      expect.stringMatching(/^All contacts have already been processed/),
    ]);
  });

  test('150 who were not reached, as a draft that has to be started', async () => {
    const id = await made();
    await loaded(id, fileOf(250));
    await ended(id, 'failed', 60);
    await ended(id, 'no_answer', 40);
    await ended(id, 'busy', 30);
    await ended(id, 'voicemail', 20);
    await ended(id, 'completed', 100);
    await over(id);
    const { body } = await ask(`POST /campaigns/${id}/re-execute`, {
      json: { contact_selection: 'failed_only' },
    });
    expect(body).toEqual({
      success: true,
      message: expect.any(String),
      campaign_id: id,
      contacts_reset: 150,
      schedule_type: 'immediate',
      status: 'draft',
    });
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({
      status: 'draft',
      completed_contacts: 0,
      failed_contacts: 0,
    });
    const skipped = (await ask(`GET /campaigns/${id}/contacts?status=skipped`)).body.pagination.total_items;
    expect(skipped).toBe(100);
  });

  test('50 at a time, which is called “once” there alone', async () => {
    const id = await made();
    await loaded(id, fileOf(50));
    await ended(id, 'completed', 50);
    await over(id);
    const schedule_settings = {
      schedule_type: 'scheduled',
      scheduled_at: '2024-02-15T09:00:00',
      timezone: 'UTC',
    };
    const json = { contact_selection: 'all', schedule_settings };
    expect((await ask(`POST /campaigns/${id}/re-execute`, { json })).body).toEqual({
      success: true,
      message: expect.any(String),
      campaign_id: id,
      contacts_reset: 50,
      schedule_type: 'once',
      status: 'scheduled',
      scheduled_time: '2024-02-15T09:00:00Z',
    });
  });

  test('the contacts 101, 102 and 103 alone', async () => {
    await deps.db.execute(sql`alter table contacts alter column id restart with 101`);
    const id = await made();
    await loaded(id, fileOf(5));
    await deps.db.execute(sql`alter table contacts alter column id restart with 20000`);
    await ended(id, 'completed', 5);
    await over(id);
    const json = { contact_selection: [101, 102, 103] };
    expect((await ask(`POST /campaigns/${id}/re-execute`, { json })).body.contacts_reset).toBe(3);
    const rows = await deps.db
      .select()
      .from(contacts)
      .where(eq(contacts.campaignId, id))
      .orderBy(contacts.id);
    expect(rows.map((row) => [row.id, row.status])).toEqual([
      [101, 'pending'],
      [102, 'pending'],
      [103, 'pending'],
      [104, 'skipped'],
      [105, 'skipped'],
    ]);
  });
});

describe('imports (§2.1, §2.2)', () => {
  test('the answer after 250 contacts', async () => {
    const id = await made();
    const done = await loaded(id, fileOf(250), {}, 'contacts_february.csv');
    expect(done).toMatchObject({
      status: 'completed',
      imported_count: 250,
      total_contacts: 250,
      file_name: 'contacts_february.csv',
    });
  });

  test('the mapping of a file with other headers', async () => {
    const id = await made();
    const mapping = {
      'Phone Number': 'phone_number',
      'Customer Name': 'name',
      'Appt Date': 'appointment_date',
    };
    await loaded(id, 'Phone Number,Customer Name,Appt Date\n5551234567,John Smith,2024-02-15\n', {
      column_mappings: JSON.stringify(mapping),
    });
    expect(await contactsOf(id)).toMatchObject([
      {
        phone_number: '+15551234567',
        contact_data: { variable_values: { name: 'John Smith', appointment_date: '2024-02-15' } },
      },
    ]);
  });

  test.each([
    'phone_number,name,company,appointment_date\n+15551234567,John Smith,Acme Corp,2024-02-15\n+15559876543,Jane Doe,Tech Inc,2024-02-16',
    'Phone Number,Customer Name,Company,Appointment Date\n5551234567,John Smith,Acme Corp,2024-02-15\n5559876543,Jane Doe,Tech Inc,2024-02-16',
  ])('the sample %#', async (file) => {
    const id = await made();
    const isMapped = file.startsWith('Phone');
    await loaded(id, file, isMapped ? { column_mappings: '{"Customer Name":"name"}' } : undefined);
    expect(await contactsOf(id)).toMatchObject([
      {
        phone_number: '+15551234567',
        contact_data: {
          company: 'Acme Corp',
          variable_values: { name: 'John Smith', appointment_date: '2024-02-15' },
        },
      },
      {
        phone_number: '+15559876543',
        contact_data: {
          company: 'Tech Inc',
          variable_values: { name: 'Jane Doe', appointment_date: '2024-02-16' },
        },
      },
    ]);
  });

  test.each([
    ['phone', 'name', 'email', 'company'],
    ['phone_number', 'full_name', 'email_address', 'organization'],
    ['mobile', 'contact_name', 'email', 'company'],
    ['cell', 'name', 'email', 'company'],
  ])('headers that need no mapping: %s, %s, %s, %s', async (phone, name, email, company) => {
    const id = await made();
    await loaded(
      id,
      `${phone},${name},${email},${company},city\n+15551234567,Ann,ann@example.com,Acme,Boston`,
    );
    expect(await contactsOf(id)).toMatchObject([
      {
        phone_number: '+15551234567',
        contact_data: {
          email: 'ann@example.com',
          company: 'Acme',
          variable_values: { name: 'Ann', city: 'Boston' },
        },
      },
    ]);
  });

  test.each(['5551234567', '1-555-123-4567', '(555) 123-4567', '+15551234567'])(
    'the number %s',
    async (written) => {
      const id = await made();
      await loaded(id, `phone\n${written}\n`);
      expect(await numbersOf(id)).toEqual(['+15551234567']);
    },
  );

  test('who waits is replaced, who was reached is kept, and who is there comes no second time', async () => {
    const id = await made();
    await loaded(id, 'phone,name\n+15551234567,John\n+15559876543,Jane\n');
    await ended(id, 'completed', 1);
    const again = await loaded(id, 'phone,name\n+15551234567,John again\n+15551230000,New\n');
    expect(again).toMatchObject({ imported_count: 1, duplicate_count: 1, total_contacts: 2 });
    expect((await numbersOf(id)).toSorted()).toEqual(['+15551230000', '+15551234567']);
  });

  test.each([
    ['[{"phone_number":"+14155551234","name":"John"}]', {}],
    ['[{"phoneNumber":"+14155551234","name":"John","variables":{"company":"Acme"}}]', { company: 'Acme' }],
    ['{"contacts":[{"phone_number":14155551234,"name":"John"}]}', {}],
    ['{"phone_number":"+14155551234","name":"John"}\n{"phone_number":"+14155551235","name":"Jo"}', {}],
  ])('JSON as %s', async (file, more) => {
    const id = await made();
    await loaded(id, file, {}, 'contacts.json');
    const [john] = await contactsOf(id);
    expect(john).toMatchObject({
      phone_number: '+14155551234',
      contact_data: { variable_values: { name: 'John', ...more } },
    });
  });

  test('the call that client libraries make to add contacts', async () => {
    const id = await made();
    const json = {
      contacts: [{ phoneNumber: '+14155551234', name: 'John', variables: { company: 'Acme' } }],
    };
    const { status } = await ask(`POST /campaigns/${id}/contacts`, { json });
    await drain();
    expect([status, await numbersOf(id)]).toEqual([202, ['+14155551234']]);
  });
});

describe('schedules (§3.1)', () => {
  const weekly = {
    frequency: 'weekly',
    interval: 1,
    days_of_week: [1, 2, 3, 4, 5],
    time: '09:00',
    time_zone: 'America/New_York',
    end_date: '2024-12-31',
  };

  test('the three of the reference, one after the other', async () => {
    const id = await made();
    await loaded(id, fileOf(1));
    const save = (json: unknown) => ask(`POST /campaigns/${id}/schedule`, { json });
    const read = async () => (await ask(`GET /campaigns/${id}/schedule`)).body;
    const saved = { success: true, message: 'Schedule saved' };
    const at = { scheduled_at: '2024-02-15T09:00:00', timezone: 'America/New_York' };

    expect((await save({ schedule_type: 'scheduled', ...at })).body).toEqual(saved);
    expect(await read()).toMatchObject({
      schedule_type: 'scheduled',
      scheduled_at: '2024-02-15T14:00:00Z',
      recurring_config: null,
    });
    expect((await ask(`GET /campaigns/${id}`)).body.status).toBe('scheduled');
    expect((await save({ schedule_type: 'recurring', ...at, recurring_config: weekly })).body).toEqual(saved);
    expect(await read()).toMatchObject({
      schedule_type: 'recurring',
      scheduled_at: '2024-02-15T14:00:00Z',
      recurring_config: weekly,
      next_run_at: '2024-02-15T14:00:00Z',
    });
    expect((await save({ schedule_type: 'immediate' })).body).toEqual(saved);
    expect((await ask(`GET /campaigns/${id}`)).body.status).toBe('draft');
    expect(await read()).toMatchObject({
      schedule_type: 'immediate',
      scheduled_at: null,
      recurring_config: null,
    });
  });

  test('the guide’s time with a zone of its own, and “once” for scheduled', async () => {
    const id = await made();
    await loaded(id, fileOf(1));
    const json = {
      schedule_type: 'once',
      scheduled_at: '2024-02-15T09:00:00Z',
      timezone: 'America/New_York',
    };
    expect((await ask(`POST /campaigns/${id}/schedule`, { json })).status).toBe(200);
    expect((await ask(`GET /campaigns/${id}/schedule`)).body).toMatchObject({
      schedule_type: 'scheduled',
      scheduled_at: '2024-02-15T09:00:00Z',
    });
  });
});

describe('settings (§3.2–§3.4)', () => {
  test('hours of a week, the defaults, and a message for machines', async () => {
    const execution_settings = {
      allowed_hours: {
        start: '09:00',
        end: '17:00',
        days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'],
      },
      time_zone: 'America/New_York',
    };
    const advanced_settings = {
      enable_voicemail_detection: true,
      leave_voicemail: true,
      voicemail_message: 'Hi {{name}}, this is {{assistant_name}}. Please call us back at...',
    };
    const id = await made({ execution_settings, advanced_settings });
    expect((await ask(`GET /campaigns/${id}`)).body).toMatchObject({
      execution_settings: {
        ...execution_settings,
        max_attempts: 3,
        retry_delay_minutes: 30,
        concurrent_limit: 5,
        rate_limit_per_minute: 10,
      },
      advanced_settings,
    });
  });

  test('a number of tries that is sent twice with two values is neither', async () => {
    const twice = { max_attempts: 2, execution_settings: { max_attempts: 3 } };
    expect((await ask('POST /campaigns', { json: { ...EXAMPLE, ...twice } })).status).toBe(422);
    for (const wrong of [{ concurrent_limit: 501 }, { rate_limit_per_minute: 6001 }])
      expect((await ask('POST /campaigns', { json: { ...EXAMPLE, execution_settings: wrong } })).status).toBe(
        422,
      );
  });
});
