import { eq, sql } from 'drizzle-orm/sql';
import { afterAll, describe, expect, test } from 'vitest';
import { campaigns, contacts } from '#db/schema.ts';
import { createApi } from '#support/api.ts';
import { connect, says, startFeed } from '#support/feed.ts';

/*
 * The examples of campaign-api §1.3 (the list), §2.3, §2.4, §4 and §6 with their values: campaigns are brought to where the
 * reference shows them, row by row, so that every figure is one that the product has counted itself.
 */

const api = await createApi();
const { ask, clock, database, deps, drain, workspace } = api;
const feed = await startFeed(deps);
afterAll(() => feed.stop());
const HALF_PAST_TWO = new Date('2024-02-15T14:30:00Z');
clock.set(HALF_PAST_TWO);

const { id: assistantId } = (await ask('POST /assistants', { json: { name: 'Sarah' } })).body;
const readOnly = await api.tokenFor(['read']);

type Run = {
  completed: number;
  failed: number;
  processing: number;
  pending: number;
  callsPlaced: number;
  callsAnswered: number;
  answeredSeconds: number;
  actualCost: number;
  costEstimate: number;
};

/** A campaign in the middle of such a run. The first contacts, and the first hour's, are those that were reached first. */
async function campaignIn(run: Run, name: string): Promise<number> {
  const json = {
    name,
    campaign_type: 'call',
    assistant_id: assistantId,
    welcome_message_template: 'Hi {{name}}, this is {{assistant_name}} from {{company}}.',
    agenda_template: 'Confirm the appointment on {{appointment_date}}.',
  };
  const { id } = (await ask('POST /campaigns', { json })).body;
  await deps.db
    .update(campaigns)
    .set({ status: 'running', startedAt: new Date('2024-02-15T09:00:00Z') })
    .where(eq(campaigns.id, id));
  await insertContacts(id, run);
  await insertCalls(id, run);
  await deps.db.execute(sql`
    insert into campaign_spend (campaign_id, run_number, settled_micros, reserved_micros)
    values (${id}, 1, ${run.actualCost * 1_000_000}::bigint, ${(run.costEstimate - run.actualCost) * 1_000_000}::bigint)
    on conflict (campaign_id, run_number) do update
      set settled_micros = excluded.settled_micros, reserved_micros = excluded.reserved_micros`);
  return id;
}

async function insertContacts(campaignId: number, { completed, failed, processing, pending }: Run) {
  const statuses = [
    ['completed', completed, 150],
    ['no_answer', failed, 10],
    ['in_progress', processing, 0],
    ['pending', pending, 0],
  ] as const;
  let last = 0;
  for (const [status, count, early] of statuses) {
    await deps.db.execute(sql`
      insert into contacts (campaign_id, phone_number, variable_values, status, attempts, created_at, last_attempt_at)
      select ${campaignId}, case when n = 1 then '+15551234567' else '+1' || (2125550000 + n) end,
        jsonb_build_object('name', case when n = 1 then 'John Smith' else 'Person ' || n end,
          'appointment_date', 'February 15th'),
        ${status}, 1, '2024-02-01T10:30:00Z',
        case when ${status} = 'pending' then null
          when n - ${last} <= ${early} then '2024-02-15T09:30:00Z'::timestamptz else '2024-02-15T14:10:00Z' end
      from generate_series(${last + 1}::int, ${last + count}::int) n`);
    last += count;
  }
}

async function insertCalls(campaignId: number, { callsPlaced, callsAnswered, answeredSeconds }: Run) {
  const seconds = Math.floor(answeredSeconds / callsAnswered);
  const longer = answeredSeconds - seconds * callsAnswered;
  await deps.db.execute(sql`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender,
      state, outcome, provider, provider_ref, gate, asked_at, created_at, ended_at)
    select ${`${campaignId}-`} || k, ${workspace.id}, ${campaignId}, p.id, 1, 'call', 1 + k / p.people, p.phone_number,
      '+15550001234', 'ended', case when k < ${callsAnswered} then 'answered' else 'no_answer' end, 'scripted',
      ${`CA${campaignId}x`} || k, '{}', '2024-02-15T14:00:00Z', '2024-02-15T14:00:00Z', '2024-02-15T14:01:00Z'
    from generate_series(0, ${callsPlaced - 1}::int) k
    join (select id, phone_number, row_number() over (order by id) - 1 as place, count(*) over () as people
      from contacts where campaign_id = ${campaignId}) p on p.place = k % p.people`);
  await deps.db.execute(sql`
    insert into calls (token, attempt_id, workspace_id, campaign_id, contact_id, assistant_id, direction, provider,
      provider_ref, contact_number, our_number, script, answered_at, ended_at, finished_at, duration_seconds, created_at)
    select token, id, ${workspace.id}, ${campaignId}, contact_id, ${assistantId}, 'outbound', 'scripted', provider_ref,
      phone_number, '+15550001234', '{}', '2024-02-15T14:00:00Z', '2024-02-15T14:01:00Z', '2024-02-15T14:01:00Z',
      ${seconds}::int + (split_part(token, '-', 2)::int < ${longer})::int, '2024-02-15T14:00:00Z'
    from attempts where campaign_id = ${campaignId} and outcome = 'answered'`);
}

const SCRIPT = {
  greeting: 'Hi.',
  welcome: 'Hi John, this is Sarah from Acme Healthcare.',
  agenda: 'Confirm the appointment on February 15th.',
  closing: 'Goodbye.',
  voicemail: null,
  contactName: 'John Smith',
  companyName: 'Acme Healthcare',
  assistantName: 'Sarah',
  language: 'en-US',
  voice: 'joanna',
  isRecording: false,
  detection: 'async',
  maxSeconds: 600,
  values: { name: 'John Smith', appointment_date: 'February 15th' },
};

/** Attempts 1000, which nobody answered, and 1001, a call of 45 seconds with John Smith: a second try for both. */
async function insertNewest(campaignId: number): Promise<void> {
  await deps.db.execute(sql`alter table attempts alter column id restart with 1000`);
  const newest = [
    { place: 1, outcome: 'no_answer', ref: 'CA000', at: '2024-02-15T14:28:00Z' },
    { place: 0, outcome: 'answered', ref: 'CA123abc456def', at: '2024-02-15T14:29:30Z' },
  ];
  for (const { place, outcome, ref, at } of newest) {
    await deps.db.execute(sql`
      insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender,
        state, outcome, provider, provider_ref, gate, asked_at, created_at, ended_at)
      select ${ref}, ${workspace.id}, ${campaignId}, id, 1, 'call', 2, phone_number, '+15550001234', 'ended',
        ${outcome}, 'scripted', ${ref}, '{}', ${at}, ${at}, ${at}
      from contacts where campaign_id = ${campaignId} order by id limit 1 offset ${place}`);
    await deps.db.execute(sql`
      insert into calls (token, attempt_id, workspace_id, campaign_id, contact_id, assistant_id, direction, provider,
        provider_ref, contact_number, our_number, script, answered_at, ended_at, finished_at, duration_seconds, created_at)
      select ${ref}, id, ${workspace.id}, ${campaignId}, contact_id, ${assistantId}, 'outbound', 'scripted', ${ref},
        phone_number, '+15550001234', ${JSON.stringify(SCRIPT)}::text::jsonb,
        ${outcome === 'answered' ? at : null}::timestamptz, ${at}, ${at}, ${outcome === 'answered' ? 45 : null}::int, ${at}
      from attempts where token = ${ref}`);
  }
}

/** As the reference shows it (§4.1): 400 calls, 340 of them answered, so that 85 % were. */
const EXAMPLE: Run = {
  completed: 325,
  failed: 25,
  processing: 5,
  pending: 145,
  callsPlaced: 398,
  callsAnswered: 339,
  answeredSeconds: 14_625 - 45,
  actualCost: 18.75,
  costEstimate: 25.5,
};
await deps.db.execute(sql`alter table campaigns alter column id restart with 42`);
await deps.db.execute(sql`alter table contacts alter column id restart with 101`);
const example = await campaignIn(EXAMPLE, 'February reminders');
await insertNewest(example);

const PROGRESS = {
  total_contacts: 500,
  completed: 325,
  failed: 25,
  processing: 5,
  pending: 145,
  progress_percentage: 70.0,
  success_rate: 92.86,
};

describe('progress (§4.1)', () => {
  test('of campaign 42', async () => {
    expect((await ask('GET /campaigns/42/progress')).body).toMatchObject({
      campaign_id: 42,
      status: 'running',
      progress: PROGRESS,
      metrics: {
        total_duration_seconds: 14_625,
        average_duration_seconds: 45,
        success_rate: 92.86,
        answer_rate: 85.0,
        completion_rate: 70.0,
        cost_estimate: 25.5,
        actual_cost: 18.75,
        last_updated: '2024-02-15T14:30:00Z',
      },
      started_at: '2024-02-15T09:00:00Z',
      completed_at: null,
    });
    const { recent_activity } = (await ask('GET /campaigns/42/progress')).body;
    expect(recent_activity[0]).toMatchObject({
      execution_id: 1001,
      contact_phone: '+15551234567',
      status: 'completed',
      executed_at: '2024-02-15T14:29:30Z',
      call_id: 'CA123abc456def',
    });
    expect(recent_activity).toHaveLength(20);
  });

  test.each([
    { completed: 485, failed: 15, rates: { success_rate: 97, progress_percentage: 100 } },
    { completed: 150, failed: 10, rates: { success_rate: 93.75 } },
    { completed: 326, failed: 25, rates: { success_rate: 92.88 } },
  ])('of $completed reached and $failed not', async ({ completed, failed, rates }) => {
    const nothing = { processing: 0, pending: 0, callsPlaced: 1, callsAnswered: 1, answeredSeconds: 45 };
    const run = { ...nothing, completed, failed, actualCost: 0, costEstimate: 0 };
    const id = await campaignIn(run, `${completed} and ${failed}`);
    expect((await ask(`GET /campaigns/${id}/progress`)).body.progress).toMatchObject(rates);
  });
});

test('the list shows with each campaign what it came to (§1.3)', async () => {
  const run = {
    completed: 485,
    failed: 15,
    processing: 0,
    pending: 0,
    callsPlaced: 600,
    callsAnswered: 510,
    answeredSeconds: 21_825,
    actualCost: 12.5,
    costEstimate: 12.5,
  };
  const id = await campaignIn(run, 'Spring list');
  const { campaigns: listed } = (await ask('GET /campaigns?search=spring&campaign_type=call')).body;
  expect(listed).toMatchObject([
    {
      id,
      total_contacts: 500,
      completed_contacts: 485,
      failed_contacts: 15,
      started_at: '2024-02-15T09:00:00Z',
      completed_at: null,
      metrics: {
        success_rate: 97.0,
        answer_rate: 85.0,
        average_duration_seconds: 45,
        total_duration_seconds: 21_825,
        actual_cost: 12.5,
      },
    },
  ]);
});

describe('executions (§4.3)', () => {
  test('number 1001, and 1000 before it', async () => {
    const { executions } = (await ask('GET /campaigns/42/executions')).body;
    expect(executions[0]).toMatchObject({
      id: 1001,
      execution_id: 1001,
      contact_id: 101,
      contact_name: 'John Smith',
      contact_phone: '+15551234567',
      status: 'completed',
      call_id: 'CA123abc456def',
      sms_id: null,
      executed_at: '2024-02-15T14:29:30Z',
      execution_data: {
        from_number: '+15550001234',
        to_number: '+15551234567',
        personalized_welcome_message: 'Hi John, this is Sarah from Acme Healthcare.',
        template_variables_used: { name: 'John Smith', appointment_date: 'February 15th' },
        duration_seconds: 45,
        // Nothing here measures it, and nothing is made up.
        voice_analytics: null,
      },
    });
    expect(executions[1]).toMatchObject({
      id: 1000,
      status: 'no_answer',
      execution_data: { error_details: 'No answer after 30 seconds' },
    });
    const missed = (await ask('GET /campaigns/42/executions?status=no_answer&per_page=1')).body;
    expect(missed.executions).toMatchObject([{ id: 1000 }]);
  });
});

describe('the socket (§4.2)', () => {
  const watch = (id: number) =>
    connect(`${feed.url}/ws/campaigns/${id}/progress`, { protocols: [`bearer.${readOnly}`] });

  test('acknowledges with seconds of the epoch', async () => {
    clock.set(new Date('2024-02-15T08:00:00.123Z'));
    const client = watch(42);
    await client.message(says({ type: 'initial_progress' }));
    clock.set(HALF_PAST_TWO);
    expect(client.messages[0]).toEqual({
      type: 'connection_ack',
      campaign_id: 42,
      timestamp: 1_707_984_000.123,
    });
    await client.close();
  });

  test('shows campaign 42, its history by the hour, and one more who was reached', async () => {
    const client = watch(42);
    const first = await client.message(says({ type: 'initial_progress' }));
    expect(first.data).toMatchObject({
      campaign_id: 42,
      status: 'running',
      progress: PROGRESS,
      started_at: '2024-02-15T09:00:00Z',
      completed_at: null,
      recent_activity: expect.any(Array),
    });
    client.send({ type: 'request_history', hours: 24 });
    expect((await client.message(says({ type: 'metrics_history' }))).data).toEqual([
      { timestamp: '2024-02-15T10:00:00Z', completed: 150, failed: 10, success_rate: 93.75 },
      { timestamp: '2024-02-15T14:30:00Z', completed: 325, failed: 25, success_rate: 92.86 },
    ]);
    client.send({ type: 'ping' });
    expect(await client.message(says({ type: 'pong' }))).toEqual({ type: 'pong' });
    await deps.db.execute(sql`
      update contacts set status = 'completed', last_attempt_at = '2024-02-15T14:30:00Z'
      where id = (select min(id) from contacts where campaign_id = 42 and status = 'in_progress')`);
    const update = await client.message(
      says({ type: 'progress_update', data: { progress: { completed: 326 } } }),
    );
    expect(update.data.progress).toMatchObject({
      completed: 326,
      failed: 25,
      processing: 4,
      pending: 145,
      progress_percentage: 70.2,
      success_rate: 92.88,
    });
    expect(update.data).not.toHaveProperty('recent_activity');
    await client.close();
  });
});

test('contact 101 as its import left it and as a call did (§2.3)', async () => {
  clock.set(new Date('2024-02-01T10:30:00Z'));
  const json = { name: 'One contact', campaign_type: 'call', assistant_id: assistantId };
  const { id } = (await ask('POST /campaigns', { json })).body;
  const form = new FormData();
  const file =
    'phone_number,name,company,appointment_date,customer_id\n+15551234567,John Smith,Acme Corp,2024-02-15,CUST001\n';
  form.set('file', new Blob([file]), 'contacts_february.csv');
  form.set('column_mappings', '{"customer_id":"custom_fields.customer_id"}');
  await ask(`POST /campaigns/${id}/import-data`, { body: form });
  await drain();
  await deps.db
    .update(contacts)
    .set({ status: 'completed', attempts: 1, lastAttemptAt: new Date('2024-02-01T11:15:00Z') })
    .where(eq(contacts.campaignId, id));
  clock.set(HALF_PAST_TWO);
  expect((await ask(`GET /campaigns/${id}/contacts?status=completed`)).body.contacts).toMatchObject([
    {
      phone_number: '+15551234567',
      contact_data: {
        company: 'Acme Corp',
        source: 'csv_import',
        variable_values: { name: 'John Smith', appointment_date: '2024-02-15' },
        custom_fields: { customer_id: 'CUST001' },
      },
      status: 'completed',
      attempts: 1,
      created_at: '2024-02-01T10:30:00Z',
      last_attempt_at: '2024-02-01T11:15:00Z',
    },
  ]);
});

test.each([
  ['{{phone|phone_format}}', { phone: '+15551234567' }, '(555) 123-4567'],
  ['{{name|title_case}}', { name: 'john smith' }, 'John Smith'],
  ['{{name|upper}}', { name: 'John Smith' }, 'JOHN SMITH'],
  ['{{name|lower}}', { name: 'John Smith' }, 'john smith'],
  ["{{x|default('x')}}", {}, 'x'],
  ['{{assistant_name}}, {{company}}, {{name}}', {}, 'your assistant, our company, there'],
])('the filters and system variables (§2.4): %s', async (template, variables, rendered_template) => {
  const { body } = await ask('POST /campaigns/template-preview', { json: { template, variables } });
  expect(body).toEqual({ success: true, rendered_template });
});

describe('calls (§6)', () => {
  test('name what they cost, and nothing that is not known', async () => {
    await deps.db.execute(sql`
      update attempts set price_micros = 10000, price_currency = 'USD' where id = 1001`);
    expect((await ask('GET /calls/sid/CA123abc456def')).body).toMatchObject({
      assistant_id: assistantId,
      assistant_name: 'Sarah',
      flow_name: null,
      to_phone_number: '+15551234567',
      customer_phone_number: '+15551234567',
      status: 'completed',
      duration: 45,
      call_meta: { campaign_id: 42 },
      telephony_cost: 0.01,
      total_cost: 0.01,
      llm_cost: null,
      cost_currency: 'USD',
    });
  });

  test('are written down line by line as text', async () => {
    const { id } = (await ask('GET /calls/sid/CA123abc456def')).body;
    await database.client.sql`
      insert into call_turns (call_id, seq, role, text, created_at)
      values (${id}, 0, 'assistant', 'Hi John.', '2024-02-15T10:00:05Z')`;
    const text = (await ask(`GET /calls/${id}/transcripts/export`)).body;
    expect(text).toBe('[10:00:05] assistant: Hi John.\n');
  });
});
