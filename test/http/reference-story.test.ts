import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { REALISTIC } from '#sandbox/carrier/options.ts';
import { contactLike } from '#support/carrier.ts';
import { ANNA } from '#support/engine.ts';
import { connect, type FeedClient, says } from '#support/feed.ts';
import { startWorld, type World } from '#support/world.ts';

/*
 * What a client of the reference does, in its words, over real HTTP and a real socket: the whole product, and a carrier that
 * takes as long as life does, in fast time. Each step goes on where the one before it ended.
 */

const STEP_MS = 180_000;

/** In the order of the file, and called one after the other: the ending of a number says how its phone behaves. */
const PEOPLE = [
  { name: 'john smith', number: contactLike('interested', 0) },
  { name: 'Jane Doe', number: contactLike('busy', 1) },
  { name: 'Ann Lee', number: contactLike('interested', 2) },
  { name: 'Bob Ray', number: contactLike('interested', 3) },
  { name: 'Cy Young', number: contactLike('interested', 4) },
  { name: 'Di Moss', number: contactLike('interested', 5) },
];
const LINES = [
  'Phone Number,Customer Name,Company,Appointment Date',
  ...PEOPLE.map(({ name, number }) => `${number},${name},Acme Corp,2024-02-15`),
  'not a number,Nobody,Acme Corp,2024-02-15',
];

let world: World;
let token: string;
let socket: FeedClient;
let campaignId: number;

beforeAll(async () => {
  world = await startWorld({
    speed: 12,
    callsPerSecond: 100,
    carrier: { latency: REALISTIC, callsPerSecond: 100 },
  });
  const { deps } = world.app;
  const { id: workspaceId } = await ensureWorkspace(deps, { slackTeamId: 'T1', name: 'Acme Healthcare' });
  const made = await createToken(deps, {
    workspaceId,
    actor: ANNA,
    name: 'CRM',
    scopes: ['read', 'write', 'launch'],
    expiresAt: null,
  });
  token = made.secret;
});
afterAll(async () => {
  await socket?.close();
  await world.close();
  expect(world.log.lines?.filter((line) => line.startsWith('error'))).toEqual([]);
});

async function request(what: string, body?: unknown): Promise<Response> {
  const [method = 'GET', path = ''] = what.split(' ');
  const isForm = body instanceof FormData;
  return fetch(`${world.app.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : isForm ? body : JSON.stringify(body),
  });
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is whatever came; the steps compare it.
async function ask(what: string, body?: unknown): Promise<any> {
  const answer = await request(what, body);
  const text = await answer.text();
  expect(answer.status, `${what} answered ${text}`).toBeLessThan(300);
  return JSON.parse(text);
}

const campaign = () => ask(`GET /campaigns/${campaignId}`);
const progress = () => ask(`GET /campaigns/${campaignId}/progress`);
const shows = (status: string, counts: object = {}) => says({ data: { status, progress: counts } });
const until = <T>(look: () => Promise<T>) => expect.poll(look, { timeout: STEP_MS - 5_000, interval: 100 });

describe('a campaign, as a client of the reference runs it', { timeout: STEP_MS }, () => {
  it('is created as a draft, with the assistant that calls', async () => {
    const assistant = await ask('POST /assistants', { name: 'Sarah' });
    const made = await ask('POST /campaigns', {
      name: 'February reminders',
      description: 'Appointment reminders',
      campaign_type: 'call',
      assistant_id: assistant.id,
      welcome_message_template: 'Hi {{name|title_case}}, this is {{assistant_name}} from {{company}}.',
      agenda_template: 'Confirm the appointment on {{appointment_date}}.',
      end_call_message_template: 'Thank you, goodbye.',
      fallback_values: { name: 'there' },
      max_attempts: 1,
      execution_settings: { concurrent_limit: 1, rate_limit_per_minute: 600 },
    });
    campaignId = made.id;
    expect(made).toMatchObject({
      status: 'draft',
      assistant_id: assistant.id,
      assistant_name: 'Sarah',
      max_attempts: 1,
      total_contacts: 0,
      completed_contacts: 0,
      failed_contacts: 0,
      sms_message_template: null,
    });
    const early = await request(`POST /campaigns/${campaignId}/start`);
    expect([early.status, await early.json()]).toEqual([
      400,
      { detail: expect.stringMatching(/^No contacts found/) },
    ]);
  });

  it('takes its contacts from a file, and gives back the row that it could not load', async () => {
    const form = new FormData();
    form.set('file', new Blob([LINES.join('\n')], { type: 'text/csv' }), 'contacts_february.csv');
    const mappings = { 'Customer Name': 'name', 'Appointment Date': 'appointment_date' };
    form.set('column_mappings', JSON.stringify(mappings));
    const answer = await request(`POST /campaigns/${campaignId}/import-data`, form);
    const started = (await answer.json()) as { import_id: number };
    expect([answer.status, started]).toMatchObject([
      202,
      { success: true, file_name: 'contacts_february.csv' },
    ]);
    const read = () => ask(`GET /campaigns/${campaignId}/imports/${started.import_id}`);
    await until(async () => (await read()).status).toBe('completed');
    expect(await read()).toMatchObject({
      imported_count: 6,
      invalid_count: 1,
      total_contacts: 6,
      errors: [{ line: 8, value: 'not a number' }],
    });
    const { contacts, pagination } = await ask(`GET /campaigns/${campaignId}/contacts?status=pending`);
    expect(pagination).toEqual({
      page: 1,
      per_page: 50,
      total_items: 6,
      total_pages: 1,
      has_next: false,
      has_prev: false,
    });
    expect(contacts[0]).toMatchObject({
      phone_number: PEOPLE[0]?.number,
      status: 'pending',
      attempts: 0,
      last_attempt_at: null,
      contact_data: {
        company: 'Acme Corp',
        variable_values: { name: 'john smith', appointment_date: '2024-02-15' },
      },
    });
  });

  it('is scheduled, and taken back from that', async () => {
    const path = `/campaigns/${campaignId}/schedule`;
    const schedule = {
      schedule_type: 'scheduled',
      scheduled_at: '2027-02-15T09:00:00',
      timezone: 'America/New_York',
    };
    expect(await ask(`POST ${path}`, schedule)).toEqual({ success: true, message: 'Schedule saved' });
    expect(await ask(`GET ${path}`)).toMatchObject({
      schedule_type: 'scheduled',
      scheduled_at: '2027-02-15T14:00:00Z',
      recurring_config: null,
    });
    expect((await campaign()).status).toBe('scheduled');
    const changed = await request(`PUT /campaigns/${campaignId}`, { name: 'Too late' });
    expect([changed.status, await changed.text()]).toEqual([
      400,
      expect.stringMatching(/unschedule it first/i),
    ]);
    await ask(`POST ${path}`, { schedule_type: 'immediate' });
    expect((await campaign()).status).toBe('draft');
  });

  it('is watched from its start on, until somebody was reached and somebody was not', async () => {
    const url = world.app.url.replace('http', 'ws');
    socket = connect(`${url}/ws/campaigns/${campaignId}/progress?token=${token}`);
    await socket.message(says({ type: 'initial_progress' }));
    expect(socket.messages.map(({ type }) => type).slice(0, 2)).toEqual([
      'connection_ack',
      'initial_progress',
    ]);
    expect(socket.messages[1].data).toMatchObject({
      campaign_id: campaignId,
      status: 'draft',
      progress: { total_contacts: 6, completed: 0, failed: 0, processing: 0, pending: 6 },
    });
    expect(await ask(`POST /campaigns/${campaignId}/start`)).toEqual({
      success: true,
      message: 'Campaign execution started immediately',
      task_id: expect.any(String),
      campaign_id: campaignId,
      status: 'scheduled',
    });
    await socket.message(shows('running'));
    await until(async () => {
      const { completed, failed } = socket.messages.at(-1)?.data?.progress ?? {};
      return completed >= 1 && failed >= 1;
    }).toBe(true);
    const finished = (await ask(`GET /campaigns/${campaignId}/executions?status=completed`)).executions;
    expect(finished.at(-1)).toMatchObject({
      contact_name: 'john smith',
      contact_phone: PEOPLE[0]?.number,
      call_id: expect.stringMatching(/^CA/),
      sms_id: null,
      execution_data: {
        to_number: PEOPLE[0]?.number,
        personalized_welcome_message: 'Hi John Smith, this is Sarah from Acme Corp.',
        personalized_agenda: 'Confirm the appointment on 2024-02-15.',
      },
    });
    const call = await ask(`GET /calls/sid/${finished.at(-1).call_id}`);
    expect(call).toMatchObject({ status: 'completed', call_meta: { campaign_id: campaignId } });
    const said = await ask(`GET /calls/${call.id}/transcripts`);
    expect(said[0]).toMatchObject({ speaker: 'assistant', is_final: true });
    expect(said.some((row: { speaker: string }) => row.speaker === 'user')).toBe(true);
  });

  it('pauses: the call on the line ends, nobody else is called, and a start goes on from there', async () => {
    const path = `/campaigns/${campaignId}`;
    expect(await ask(`POST ${path}/pause`)).toEqual({ message: 'Campaign paused successfully' });
    await socket.message(shows('paused'));
    const again = await request(`POST ${path}/pause`);
    expect(again.status).toBe(400);
    await until(async () => (await progress()).progress.processing).toBe(0);
    const placed = world.carrier.acceptedCalls().length;
    const still = await progress();
    expect(still).toMatchObject({ status: 'paused', progress: { total_contacts: 6 } });
    // Longer than a call takes to be placed, in the carrier's time.
    await new Promise((over) => setTimeout(over, 1_500));
    expect(world.carrier.acceptedCalls()).toHaveLength(placed);
    expect((await progress()).progress).toEqual(still.progress);
    const update = await ask(`PUT ${path}`, { description: 'Paused for a moment' });
    expect(update).toEqual({ message: 'Campaign updated successfully' });
    expect((await ask(`POST ${path}/start`)).status).toBe('scheduled');
    await until(async () => world.carrier.acceptedCalls().length).toBeGreaterThan(placed);
  });

  it('stops for good: whoever waits is skipped, and says why', async () => {
    const path = `/campaigns/${campaignId}`;
    expect(await ask(`POST ${path}/stop`)).toEqual({ message: 'Campaign stopped successfully' });
    await socket.message(shows('cancelled'));
    await until(async () => (await progress()).progress.processing).toBe(0);
    const { status, progress: now, completed_at } = await progress();
    expect([status, typeof completed_at]).toEqual(['cancelled', 'string']);
    expect(now).toMatchObject({ failed: 1, processing: 0, pending: 0 });
    expect(now.completed + now.failed + now.skipped).toBe(6);
    const { contacts } = await ask(`GET ${path}/contacts?status=skipped`);
    expect(contacts).toHaveLength(now.skipped);
    for (const { skip_reason } of contacts) expect(skip_reason).toBe('campaign_stopped');
    expect((await request(`POST ${path}/start`)).status).toBe(400);
  });

  it('runs again for those it failed to reach, with its history kept', async () => {
    const path = `/campaigns/${campaignId}`;
    const before = (await ask(`GET ${path}/executions`)).pagination.total_items;
    expect(await ask(`POST ${path}/re-execute`, { contact_selection: 'failed_only' })).toMatchObject({
      success: true,
      campaign_id: campaignId,
      contacts_reset: 1,
      schedule_type: 'immediate',
      status: 'draft',
    });
    expect((await progress()).progress).toMatchObject({ completed: 0, failed: 0, pending: 1, skipped: 5 });
    await ask(`POST ${path}/start`);
    await socket.message(shows('completed', { failed: 1, completed: 0, skipped: 5 }));
    expect(await campaign()).toMatchObject({
      status: 'completed',
      failed_contacts: 1,
      completed_contacts: 0,
    });
    const { executions, pagination } = await ask(`GET ${path}/executions`);
    expect(pagination.total_items).toBe(before + 1);
    expect(executions[0]).toMatchObject({ contact_name: 'Jane Doe', status: 'busy', run_number: 2 });
    const over = await request(`POST ${path}/start`);
    expect(over.status).toBe(400);
  });

  it('is exported in three forms that say the same', async () => {
    const file = async (format: string) =>
      (await request(`GET /campaigns/${campaignId}/export?format=${format}`)).text();
    const rows = parse<Record<string, string>>(await file('csv'), { columns: true, bom: true });
    const statuses = Object.fromEntries(rows.map((row) => [row.phone_number, row.status]));
    expect(statuses[PEOPLE[1]?.number ?? '']).toBe('busy');
    expect(Object.keys(statuses).toSorted()).toEqual(PEOPLE.map(({ number }) => number).toSorted());
    const json = JSON.parse(await file('json')) as Record<string, string>[];
    const lines = (await file('ndjson')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(json);
    expect(json.map((row) => [row.phone_number, row.status])).toEqual(
      rows.map((row) => [row.phone_number, row.status]),
    );
  });

  it('is deleted, and its socket is told so', async () => {
    expect(await ask(`DELETE /campaigns/${campaignId}`)).toEqual({
      message: 'Campaign deleted successfully',
    });
    expect((await socket.closed).code).toBe(4004);
    expect((await request(`GET /campaigns/${campaignId}`)).status).toBe(404);
  });
});
