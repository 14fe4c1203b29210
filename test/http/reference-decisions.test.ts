import { parse } from 'csv-parse/sync';
import { and, eq, sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { attempts, contacts } from '#db/schema.ts';
import type { CallStatusName } from '#domain/call.ts';
import { createApi } from '#support/api.ts';
import { addContacts, NOON, phones } from '#support/engine.ts';

/* What campaign-api §7 decides, row by row, as a client sees it. */

const api = await createApi();
const { ask, carrier, clock, deliverTexts, deps, drain, report, wait } = api;
const MINUTE = 60_000;
const { id: assistantId } = (await ask('POST /assistants', { json: { name: 'Sarah' } })).body;

let used = 0;
function fresh(count: number): string[] {
  used += count;
  return phones(count, used);
}

const FAST = { rate_limit_per_minute: 6000, concurrent_limit: 500 };
const TEXT = {
  name: 'Texts',
  campaign_type: 'sms',
  sms_message_template: 'Hi {{name}}',
  execution_settings: FAST,
};
const CALL = {
  name: 'Calls',
  campaign_type: 'call',
  assistant_id: assistantId,
  agenda_template: 'Confirm.',
  execution_settings: FAST,
};

/** A campaign with so many contacts, or with those of a file. */
async function made(
  json: Record<string, unknown>,
  whom: number | Record<string, string>[] = 0,
): Promise<number> {
  const { body } = await ask('POST /campaigns', { json });
  expect(body).toMatchObject({ id: expect.any(Number) });
  if (Array.isArray(whom)) await load(body.id, JSON.stringify(whom));
  else await addContacts(deps, body.id, fresh(whom));
  return body.id;
}

/** Loads a file and waits for its end. */
async function load(id: number, body: string, query = '') {
  const headers = { 'content-type': body.startsWith('[') ? 'application/json' : 'text/csv' };
  const answer = await ask(`POST /campaigns/${id}/import-data${query}`, { body, headers });
  if (answer.status !== 202) return answer.body;
  await drain();
  return (await ask(`GET /campaigns/${id}/imports/${answer.body.import_id}`)).body;
}

const people = (count: number) =>
  fresh(count).map((phone_number, n) => ({ phone_number, name: `P${n + 1}` }));
const contactsOf = async (id: number, status = '') =>
  (await ask(`GET /campaigns/${id}/contacts?per_page=100${status && `&status=${status}`}`)).body.contacts;
const campaign = async (id: number) => (await ask(`GET /campaigns/${id}`)).body;
const progress = async (id: number) => (await ask(`GET /campaigns/${id}/progress`)).body;

async function started(id: number): Promise<void> {
  const { status, body } = await ask(`POST /campaigns/${id}/start`);
  expect([status, body]).toMatchObject([200, { success: true }]);
  await drain();
}

/** The newest call of a campaign ends like this. */
async function callEnds(
  id: number,
  status: CallStatusName,
  answeredBy: 'machine' | null = null,
): Promise<void> {
  const rows = await deps.db.select().from(calls).where(eq(calls.campaignId, id)).orderBy(calls.id);
  const call = rows.at(-1);
  await report({
    kind: 'call_status',
    token: call?.token ?? null,
    ref: call?.providerRef ?? '',
    status,
    sequence: null,
    durationSeconds: status === 'completed' ? 20 : null,
    sipCode: null,
    answeredBy,
    refusal: null,
    price: null,
  });
  await drain();
}

const attemptsOf = (id: number) => deps.db.$count(attempts, eq(attempts.campaignId, id));

describe('imports', () => {
  test('4: are taken by a draft, a scheduled and a paused campaign, not by a running one', async () => {
    const id = await made(TEXT, 2);
    const more = () => `phone\n${fresh(1)[0]}\n`;
    const schedule_settings = { schedule_type: 'scheduled', scheduled_at: '2027-01-04T15:00:00Z' };
    await ask(`POST /campaigns/${id}/schedule`, { json: schedule_settings });
    expect((await load(id, more(), '?mode=append')).status).toBe('completed');
    await ask(`POST /campaigns/${id}/unschedule`);
    await ask(`POST /campaigns/${id}/start`);
    const running = await ask(`POST /campaigns/${id}/import-data`, {
      body: more(),
      headers: { 'content-type': 'text/csv' },
    });
    expect([running.status, typeof running.body.detail]).toEqual([400, 'string']);
    await ask(`POST /campaigns/${id}/pause`);
    expect((await load(id, more(), '?mode=append')).status).toBe('completed');
  });

  test('5: load what is good, give back what is bad, and take the first of several rows with one number', async () => {
    const id = await made(TEXT);
    const [phone = ''] = fresh(1);
    const done = await load(id, `phone,name\n${phone},First\nnobody,Bad\n${phone},Second\n`);
    expect(done).toMatchObject({ imported_count: 1, invalid_count: 1, duplicate_count: 1 });
    expect(done.errors).toEqual(
      expect.arrayContaining([expect.objectContaining({ line: 3, value: 'nobody' })]),
    );
    expect(await contactsOf(id)).toMatchObject([{ contact_data: { variable_values: { name: 'First' } } }]);
    const rejects = await ask(`GET ${done.rejects_url.replace('/api/v1', '')}`);
    expect(rejects.body).toContain('nobody');
  });

  test('6: replace whoever waits, unless they append; whoever was tried once stays', async () => {
    const [tried, waiting] = people(2);
    const id = await made(
      TEXT,
      [tried, waiting].flatMap((one) => one ?? []),
    );
    await deps.db
      .update(contacts)
      .set({ attempts: 1, lastAttemptAt: NOON })
      .where(and(eq(contacts.campaignId, id), eq(contacts.phoneNumber, tried?.phone_number ?? '')));
    await deps.db.execute(sql`
      insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender,
        state, outcome, provider, gate, created_at, ended_at)
      select 'tried', 1, campaign_id, id, 1, 'sms', 1, phone_number, '+1', 'ended', 'undelivered', 'scripted', '{}',
        created_at, created_at
      from contacts where campaign_id = ${id} and phone_number = ${tried?.phone_number ?? ''}`);
    const [fourth, fifth] = fresh(2);
    await load(id, `phone\n${fourth}\n`);
    const numbers = async () =>
      (await contactsOf(id)).map((one: { phone_number: string }) => one.phone_number);
    expect(await numbers()).toEqual([tried?.phone_number, fourth]);
    await load(id, `phone\n${fifth}\n`, '?mode=append');
    expect(await numbers()).toEqual([tried?.phone_number, fourth, fifth]);
  });
});

describe('what is said', () => {
  test('8: is the contact’s, else the template’s, else the campaign’s, else the product’s', async () => {
    const template = '{{name|default("inline")}}, {{city|default("inline")}}, {{day}}, {{company}}, {{nick}}';
    const json = {
      ...TEXT,
      sms_message_template: template,
      fallback_values: { city: 'Boston', day: 'Monday' },
    };
    const [phone_number = ''] = fresh(1);
    const id = await made(json, [{ phone_number, name: 'Ann', city: ' ', day: '', nick: '' }]);
    const before = carrier.requests.length;
    await started(id);
    expect(carrier.requests.slice(before).map(({ body }) => body.split('\n')[0])).toEqual([
      expect.stringContaining('Ann, inline, Monday, our company,'),
    ]);
  });

  test.each([
    '{{ name.constructor }}',
    '{% for x in [1] %}{{ x }}{% endfor %}',
    '{% set x = 1 %}',
    '{{ name() }}',
    '{% include "x" %}',
  ])('9: is refused at save where a template asks for more than it may: %s', async (sms_message_template) => {
    const { status, body } = await ask('POST /campaigns', { json: { ...TEXT, sms_message_template } });
    expect([status, body.detail[0].loc]).toEqual([422, ['body', 'sms_message_template']]);
  });

  test('9: is not escaped', async () => {
    const json = { template: '{{ name }} & {{ company|upper }}', variables: { name: '<b>', company: 'a"b' } };
    expect((await ask('POST /campaigns/template-preview', { json })).body.rendered_template).toBe(
      '<b> & A"B',
    );
  });
});

describe('who is contacted, and when', () => {
  test('2: nobody from a number that the provider does not own', async () => {
    const id = await made({ ...TEXT, from_number: '+12025550177' }, 1);
    const usual = carrier.ownsNumber;
    carrier.ownsNumber = async () => false;
    const { status, body } = await ask(`POST /campaigns/${id}/start`);
    carrier.ownsNumber = usual;
    expect([status, body.detail]).toEqual([400, expect.stringContaining('does not own')]);
    expect((await campaign(id)).from_number).toBe('+12025550177');
  });

  test('11: those who are skipped are beside the total and in no percentage', async () => {
    const id = await made(TEXT, 3);
    const [first] = await contactsOf(id);
    await ask('POST /dnc', { json: { phone_number: first.phone_number, channel: 'sms' } });
    await started(id);
    await deliverTexts(id);
    expect((await progress(id)).progress).toMatchObject({
      total_contacts: 2,
      completed: 2,
      failed: 0,
      skipped: 1,
      progress_percentage: 100,
      success_rate: 100,
    });
  });

  test('12: somebody who does not answer is called again after the delay, up to the number of attempts', async () => {
    const id = await made({ ...CALL, max_attempts: 2, retry_delay_minutes: 10 }, 1);
    await started(id);
    await callEnds(id, 'no_answer');
    expect((await progress(id)).progress).toMatchObject({ pending: 1, failed: 0 });
    await wait(9 * MINUTE);
    await drain();
    expect(await attemptsOf(id)).toBe(1);
    await wait(2 * MINUTE);
    await drain();
    expect(await attemptsOf(id)).toBe(2);
    await callEnds(id, 'busy');
    await wait(60 * MINUTE);
    await drain();
    expect([await attemptsOf(id), (await campaign(id)).status]).toEqual([2, 'completed']);
    expect(await contactsOf(id)).toMatchObject([{ status: 'busy', attempts: 2 }]);
    clock.set(NOON);
  });

  test('13: outside its hours it stays running, and says when it goes on', async () => {
    const allowed_hours = { start: '16:00', end: '17:00', days: ['tuesday'] };
    const id = await made({ ...TEXT, execution_settings: { ...FAST, allowed_hours } }, 1);
    const before = carrier.requests.length;
    await started(id);
    expect(carrier.requests).toHaveLength(before);
    const { status, hold } = await campaign(id);
    expect([status, hold]).toEqual(['running', expect.stringMatching(/4:00|16:00|4 PM/i)]);
    expect((await progress(id)).hold).toBe(hold);
    await ask(`POST /campaigns/${id}/stop`);
  });

  test('16: a machine is hung up on where no message is to be left, and told so', async () => {
    const json = { ...CALL, max_attempts: 1, advanced_settings: { enable_voicemail_detection: true } };
    const id = await made(json, 1);
    await started(id);
    await callEnds(id, 'completed', 'machine');
    expect(await contactsOf(id)).toMatchObject([{ status: 'voicemail' }]);
    expect((await ask(`GET /campaigns/${id}/executions`)).body.executions).toMatchObject([
      { status: 'voicemail' },
    ]);
    expect((await progress(id)).metrics.answer_rate).toBe(0);
  });

  test('17: somebody who was not reached by phone gets a text, and counts once', async () => {
    const id = await made(
      {
        ...CALL,
        campaign_type: 'mixed',
        max_attempts: 1,
        sms_message_template: 'We could not reach you.',
        mixed_settings: { follow_up: 'if_not_reached' },
      },
      1,
    );
    expect((await campaign(id)).mixed_settings).toEqual({
      first: 'call',
      follow_up: 'if_not_reached',
      delay_minutes: 0,
    });
    await started(id);
    await callEnds(id, 'no_answer');
    await deliverTexts(id);
    expect((await progress(id)).progress).toMatchObject({ total_contacts: 1, completed: 1, failed: 0 });
    const { executions } = (await ask(`GET /campaigns/${id}/executions`)).body;
    expect(executions.map(({ channel, status }: Record<string, string>) => [channel, status])).toEqual([
      ['sms', 'completed'],
      ['call', 'no_answer'],
    ]);
  });

  test('18: whoever answers STOP is on the list before anybody reads it', async () => {
    const [phone_number = ''] = fresh(1);
    const id = await made(TEXT, [{ phone_number, name: 'Stan' }]);
    await started(id);
    const text = { kind: 'text_inbound', to: '+15005550006', mediaCount: 0, optOut: null } as const;
    await report({ ...text, ref: 'MM18', from: phone_number, body: 'STOP' });
    const checked = await ask(`GET /dnc/check?phone_number=${encodeURIComponent(phone_number)}`);
    expect(checked.body).toMatchObject({ texts_allowed: false, entries: [{ source: 'opt_out' }] });
    expect((await ask(`GET /campaigns/${id}/replies`)).body.replies).toMatchObject([{ verdict: 'stop' }]);
  });

  test('21: nobody more than the budget pays for', async () => {
    const id = await made({ ...TEXT, budget_limit: 0.000001 }, 3);
    const before = carrier.requests.length;
    await ask(`POST /campaigns/${id}/start`);
    await drain();
    expect(carrier.requests).toHaveLength(before);
    const { budget_limit, hold } = await campaign(id);
    expect([budget_limit, hold]).toEqual([0.000001, expect.stringMatching(/budget/i)]);
  });
});

describe('what clients may do', () => {
  test('14: a recurring campaign is scheduled between its runs, and counts them', async () => {
    const id = await made(TEXT, 1);
    const json = {
      schedule_type: 'recurring',
      timezone: 'UTC',
      recurring_config: { frequency: 'daily', interval: 1, time: '20:00', time_zone: 'America/New_York' },
    };
    expect((await ask(`POST /campaigns/${id}/schedule`, { json })).body.success).toBe(true);
    const { recurring_config, next_run_at } = (await ask(`GET /campaigns/${id}/schedule`)).body;
    // The zone of the recurrence beats the other one: 20:00 in New York.
    expect([recurring_config.time_zone, next_run_at]).toEqual(['America/New_York', '2026-11-25T01:00:00Z']);
    await wait(6 * 60 * MINUTE + MINUTE);
    await drain();
    await deliverTexts(id);
    expect(await campaign(id)).toMatchObject({ status: 'scheduled', next_run_at: '2026-11-26T01:00:00Z' });
    await ask(`POST /campaigns/${id}/stop`);
    clock.set(NOON);
  });

  test('24: a scheduled campaign is changed only once it is unscheduled', async () => {
    const id = await made(TEXT, 1);
    const json = { schedule_type: 'scheduled', scheduled_at: '2027-01-04T15:00:00Z' };
    await ask(`POST /campaigns/${id}/schedule`, { json });
    const refused = await ask(`PUT /campaigns/${id}`, { json: { name: 'Other' } });
    expect([refused.status, refused.body.detail]).toEqual([
      400,
      expect.stringMatching(/unschedule it first/i),
    ]);
    await ask(`POST /campaigns/${id}/unschedule`);
    expect((await ask(`PUT /campaigns/${id}`, { json: { name: 'Other' } })).status).toBe(200);
  });

  test('26: an export runs nothing in a spreadsheet', async () => {
    const [phone_number = ''] = fresh(1);
    const id = await made(TEXT, [{ phone_number, name: '=HYPERLINK("x")' }]);
    const { body } = await ask(`GET /campaigns/${id}/export?format=csv`);
    const [row] = parse<Record<string, string>>(body, { columns: true, bom: true });
    expect(Object.values(row ?? {})).toContain(`'=HYPERLINK("x")`);
    const json = (await ask(`GET /campaigns/${id}/export?format=json`)).body;
    expect(Object.values(json[0])).toContain('=HYPERLINK("x")');
    expect((await ask(`GET /campaigns/${id}/export?format=xlsx`)).status).toBe(422);
  });

  test('28: the verbs of client libraries do what they say', async () => {
    const id = await made(TEXT, 2);
    expect((await ask(`PATCH /campaigns/${id}`, { json: { name: 'Patched' } })).body).toEqual({
      message: 'Campaign updated successfully',
    });
    await ask(`POST /campaigns/${id}/start`);
    await ask(`POST /campaigns/${id}/pause`);
    expect((await ask(`POST /campaigns/${id}/resume`)).body).toMatchObject({ status: 'scheduled' });
    expect((await ask(`POST /campaigns/${id}/cancel`)).body).toEqual({
      message: 'Campaign stopped successfully',
    });
    expect(await campaign(id)).toMatchObject({ name: 'Patched', status: 'cancelled' });
  });
});
