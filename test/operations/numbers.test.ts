import { eq, sql } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { attempts } from '#db/schema.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { drawResultCard } from '#operations/draw-result-card.ts';
import { testOnMe } from '#operations/test-on-me.ts';
import type { ProviderEvent } from '#ports/telephony.ts';
import { drawCampaignCard as cardMessage } from '#slack/blocks/campaign-card.ts';
import { drawResultCard as resultMessage } from '#slack/blocks/result-card.ts';
import { createApi } from '#support/api.ts';
import { ANNA, addContacts, NOON, phones } from '#support/engine.ts';
import { connect, says, startFeed } from '#support/feed.ts';
import { CALL_STATUSES, TEXT_STATUSES } from '#support/reported-statuses.ts';
import { statusOf, verdictOf } from './calls.ts';

/*
 * Every place that shows what a campaign came to, after whatever happened to it, against a recount of its rows that shares
 * nothing with the product.
 */

const api = await createApi();
const { ask, carrier, clock, deps, drain, report, workspace } = api;
const feed = await startFeed(deps);
afterAll(() => feed.stop());
const readOnly = await api.tokenFor(['read']);
const { id: assistantId } = (await ask('POST /assistants', { json: { name: 'Sarah' } })).body;

/** What this process has counted for operators, of every world. */
const ended = new Map<string, number>();
Object.assign(deps, {
  meters: {
    ...deps.meters,
    attemptEnded(channel: string, outcome: string) {
      const key = `${channel} ${outcome}`;
      ended.set(key, (ended.get(key) ?? 0) + 1);
    },
  },
});

let phonesUsed = 0;
/** Numbers of people whom no other world knows. */
function freshPhones(count: number): string[] {
  phonesUsed += count;
  return phones(count, 9_999 - phonesUsed);
}

type Type = 'sms' | 'call' | 'mixed';
type Step = { [fc.toStringMethod](): string; run(campaignId: number): Promise<unknown> };

const step = (name: string, run: Step['run']): Step => ({ [fc.toStringMethod]: () => name, run });
const post = (path: string, json?: unknown) =>
  step(path, (id) => ask(`POST /campaigns/${id}/${path}`, json === undefined ? {} : { json }));

const aDay = step('a day', () => api.wait(24 * 3_600_000));
const daily = post('schedule', {
  schedule_type: 'recurring',
  recurring_config: { frequency: 'daily', interval: 1, time: '15:00', time_zone: 'America/New_York' },
});

/** A person decides what nobody could find out. */
const decideAll = step('decide', async (id) => {
  const { reviews = [] } = (await ask(`GET /campaigns/${id}/decisions`)).body;
  for (const [place, { execution_id }] of reviews.entries())
    await ask(`POST /campaigns/${id}/executions/${execution_id}/decision`, {
      json: { decision: place % 2 ? 'retry' : 'assume_done' },
    });
});

function runAgain(selection: string): Step {
  return step(`run ${selection} again`, async (id) => {
    const settled = { share: 1, text: 'undelivered', call: 'no_answer' } as const;
    await tell(id, { ...settled, isMachine: false, seconds: 0, segments: null, price: null }, false);
    await decideAll.run(id);
    await post('stop').run(id);
    await post('re-execute', { contact_selection: selection }).run(id);
    await post('start').run(id);
  });
}

const price = fc.option(
  fc.record({
    amount: fc.integer({ min: 1, max: 99_999 }).map((cents) => `-${(cents / 100_000).toFixed(5)}`),
    currency: fc.constantFrom('USD', 'USD', 'USD', 'EUR'),
  }),
  { nil: null },
);
const told = fc.record({
  share: fc.constantFrom(1, 2, 3),
  call: fc.constantFrom(...CALL_STATUSES, 'completed', 'completed'),
  text: fc.constantFrom(...TEXT_STATUSES, 'delivered'),
  isMachine: fc.boolean(),
  seconds: fc.integer({ min: 0, max: 400 }),
  segments: fc.option(fc.integer({ min: 1, max: 4 }), { nil: null }),
  price,
});
type Told = typeof told extends fc.Arbitrary<infer T> ? T : never;

/** The carrier tells of some attempts, those that are over among them: late prices, corrections and repetitions. */
async function tell(campaignId: number, given: Told, isLate: boolean): Promise<void> {
  const rows = await deps.db
    .select({ attempt: attempts, detection: calls.script })
    .from(attempts)
    .leftJoin(calls, eq(calls.attemptId, attempts.id))
    .where(eq(attempts.campaignId, campaignId));
  const chosen = rows.filter(
    ({ attempt }) =>
      attempt.providerRef !== null &&
      attempt.id % given.share === 0 &&
      (attempt.state === 'ended') === isLate,
  );
  await report(...chosen.flatMap(({ attempt }) => eventsOf(attempt, given)));
  await drain();
}

function eventsOf(attempt: typeof attempts.$inferSelect, given: Told): ProviderEvent[] {
  const of = { token: attempt.token, ref: attempt.providerRef ?? '' };
  if (attempt.channel === 'sms')
    return [
      {
        kind: 'text_status',
        ...of,
        status: given.text,
        refusal: null,
        segments: given.segments,
        price: given.price,
      },
    ];
  const answered = given.call === 'completed' ? [statusOf(of, 'in_progress')] : [];
  const verdict = given.call === 'completed' && given.isMachine ? [verdictOf(of, 'machine_ready')] : [];
  const durationSeconds = given.call === 'completed' ? given.seconds : null;
  return [...answered, ...verdict, statusOf(of, given.call, { durationSeconds, price: given.price })];
}

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(post('start')) },
  {
    weight: 8,
    arbitrary: told.map((given) => step(`tell ${given.call} ${given.text}`, (id) => tell(id, given, false))),
  },
  { weight: 3, arbitrary: told.map((given) => step('tell late', (id) => tell(id, given, true))) },
  {
    weight: 4,
    arbitrary: fc
      .integer({ min: 1, max: 150 })
      .map((minutes) => step(`${minutes} min`, () => api.wait(minutes * 60_000))),
  },
  { weight: 1, arbitrary: fc.constantFrom(post('pause'), post('stop')) },
  { weight: 3, arbitrary: fc.constantFrom('all', 'failed_only').map(runAgain) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('replace', 'append').map((mode) =>
      step(`import ${mode}`, async (id) => {
        const [row] = await deps.db.execute<{ phone: string }>(
          sql`select phone_number as phone from contacts where campaign_id = ${id} order by id limit 1`,
        );
        const numbers = [...freshPhones(2), row?.phone ?? '', 'nonsense'];
        const body = `phone_number,name\n${numbers.map((number) => `${number},Someone`).join('\n')}\n`;
        return ask(`POST /campaigns/${id}/import-data?file_name=more.csv&mode=${mode}`, {
          body,
          headers: { 'content-type': 'text/csv' },
        });
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('all', 'sms', 'voice').map((channel) =>
      step(`suppress ${channel}`, async (id) => {
        const [row] = await deps.db.execute<{ phone: string }>(
          sql`select phone_number as phone from contacts where campaign_id = ${id} order by id desc limit 1`,
        );
        return row && ask('POST /dnc', { json: { phone_number: row.phone, reason: 'asked', channel } });
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('STOP', 'Yes please').map((body) =>
      step(`says ${body}`, async (id) => {
        const [row] = await deps.db.execute<{ phone: string; id: string }>(
          sql`select phone_number as phone, id from attempts where campaign_id = ${id} order by id limit 1`,
        );
        if (!row) return;
        texts += 1;
        const of = { ref: `IN${texts}`, from: row.phone, to: '+15005550006', mediaCount: 0, optOut: null };
        await report({ kind: 'text_inbound', body, ...of });
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('sms' as const, 'call' as const).map((channel) =>
      step(`test ${channel}`, (id) => {
        texts += 1;
        const [phone = ''] = freshPhones(1);
        const asked = {
          workspaceId: workspace.id,
          campaignId: id,
          actor: ANNA,
          phone,
          channel,
          contactId: null,
        };
        return testOnMe(deps, { ...asked, requestKey: `test-${texts}` }).catch(() => undefined);
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(post('unschedule'), aDay, decideAll) },
  {
    weight: 1,
    arbitrary: fc.constant(
      step('carrier loses answers', async () => {
        const accepting = carrier.answer;
        const calling = carrier.answerCall;
        carrier.answerCall = () => {
          carrier.answerCall = calling;
          return { kind: 'unknown', cause: 'timeout' };
        };
        carrier.answer = () => {
          carrier.answer = accepting;
          return { kind: 'unknown', cause: 'timeout' };
        };
      }),
    ),
  },
);
let texts = 0;

async function campaignOf(type: Type, people: number): Promise<number> {
  const json = {
    name: `A ${type} campaign`,
    campaign_type: type,
    assistant_id: assistantId,
    welcome_message_template: 'Hi {{name}}.',
    agenda_template: 'Confirm.',
    sms_message_template: 'Hello {{name}}',
    execution_settings: {
      max_attempts: 2,
      retry_delay_minutes: 5,
      concurrent_limit: 100,
      rate_limit_per_minute: 6000,
    },
    advanced_settings: { enable_voicemail_detection: true },
  };
  const { body } = await ask('POST /campaigns', { json });
  await addContacts(deps, body.id, freshPhones(people));
  return body.id;
}

type Counted = Record<string, number>;

/** What the rows say, by plain counting. */
async function recount(campaignId: number) {
  const one = async (query: ReturnType<typeof sql>) => (await deps.db.execute<Counted>(query))[0] ?? {};
  const people = await one(sql`
    select count(*) filter (where status = 'completed')::int as completed,
      count(*) filter (where status in ('failed', 'no_answer', 'busy', 'voicemail'))::int as failed,
      count(*) filter (where status = 'in_progress')::int as processing,
      count(*) filter (where status = 'pending')::int as pending,
      count(*) filter (where status = 'skipped')::int as skipped
    from contacts where campaign_id = ${campaignId}`);
  const run = sql`a.campaign_id = ${campaignId} and a.run_number = (select run_number from campaigns where id = ${campaignId})`;
  const lines = await one(sql`
    select count(*)::int as placed, count(*) filter (where a.outcome = 'answered')::int as answered,
      coalesce(sum(c.duration_seconds) filter (where a.outcome = 'answered'), 0)::int as seconds
    from attempts a left join calls c on c.attempt_id = a.id
    where ${run} and a.channel = 'call' and a.provider_ref is not null
      and a.outcome is distinct from 'canceled' and a.outcome is distinct from 'withdrawn'
      and a.outcome is distinct from 'not_placed' and a.outcome is distinct from 'throttled'
      and a.outcome is distinct from 'rejected'`);
  const money = await one(sql`
    select coalesce(sum(a.price_micros) filter (where a.price_currency = 'USD'), 0)::float8 / 1000000 as charged,
      coalesce(sum(a.reserved_micros), 0)::float8 / 1000000 as reserved
    from attempts a where ${run}`);
  return { people, lines, money } as { people: Counted; lines: Counted; money: Counted };
}

/** To two places, a half upwards, by whole numbers alone. */
function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Number((20_000n * BigInt(part) + BigInt(whole)) / (2n * BigInt(whole))) / 100;
}

const near = (value: number) => expect.closeTo(value, 6);

async function compare(id: number, type: Type): Promise<void> {
  const { people, lines, money } = await recount(id);
  const { completed = 0, failed = 0, processing = 0, pending = 0, skipped = 0 } = people;
  const { placed = 0, answered = 0, seconds = 0 } = lines;
  const { charged = 0, reserved = 0 } = money;
  const total = completed + failed + processing + pending;
  const success_rate = percent(completed, completed + failed);
  const share = percent(completed + failed, total);
  const progress = {
    total_contacts: total,
    completed,
    failed,
    processing,
    pending,
    skipped,
    progress_percentage: share,
    success_rate,
  };
  const answer_rate = percent(answered, placed);
  const average_duration_seconds = completed === 0 ? 0 : Math.round(seconds / completed);
  const shown = (await ask(`GET /campaigns/${id}/progress`)).body;
  expect(shown.progress).toEqual(progress);
  expect(shown.metrics).toEqual({
    total_duration_seconds: seconds,
    average_duration_seconds,
    success_rate,
    answer_rate,
    completion_rate: share,
    cost_estimate: near(charged + reserved),
    actual_cost: near(charged),
    cost_is_estimate: reserved > 0,
    last_updated: expect.any(String),
  });
  const record = (await ask(`GET /campaigns/${id}`)).body;
  const { campaigns: list } = (await ask('GET /campaigns?per_page=1000')).body;
  const listed = list.find((one: { id: number }) => one.id === id);
  for (const one of [record, listed])
    expect(one).toMatchObject({
      total_contacts: total,
      completed_contacts: completed,
      failed_contacts: failed,
      skipped_contacts: skipped,
    });
  expect(listed.metrics).toEqual({
    success_rate,
    answer_rate,
    average_duration_seconds,
    total_duration_seconds: seconds,
    actual_cost: near(charged),
  });
  const rows = (await ask(`GET /campaigns/${id}/export?format=json`)).body as Record<
    string,
    string | number | null
  >[];
  const withStatus = (...statuses: string[]) =>
    rows.filter(({ status }) => statuses.includes(String(status))).length;
  expect({
    completed: withStatus('completed'),
    failed: withStatus('failed', 'no_answer', 'busy', 'voicemail'),
    processing: withStatus('in_progress'),
    pending: withStatus('pending'),
    skipped: withStatus('skipped'),
  }).toEqual(people);
  const prices = rows.map((row) => (row.status === 'skipped' ? 0 : Number(row.price_usd ?? 0)));
  expect(prices.reduce((all, one) => all + one, 0)).toBeLessThanOrEqual(charged + 1e-6);
  const untried = rows.filter(({ attempts: tries }) => tries === 0);
  expect(untried.filter(({ outcome }) => outcome === 'delivered' || outcome === 'answered')).toEqual([]);
  await compareSlack(id, { type, completed, failed, skipped, success_rate, placed, answered, total, share });
  await compareHistory(id, { completed, failed, success_rate });
}

type Shown = Record<
  'completed' | 'failed' | 'skipped' | 'success_rate' | 'placed' | 'answered' | 'total' | 'share',
  number
>;

async function compareSlack(id: number, shown: Shown & { type: Type }): Promise<void> {
  const { completed, failed, skipped, success_rate, placed, answered, total } = shown;
  const card = JSON.stringify(cardMessage(await drawCampaignCard(deps, { campaignId: id })).blocks);
  const result = await drawResultCard(deps, deps.db, { campaignId: id });
  const text = JSON.stringify(resultMessage(result, false).blocks);
  const rate = completed + failed === 0 ? '–' : `${success_rate} %`;
  if (total > 0)
    for (const words of [
      `*Completed* ${completed}"`,
      `*Failed* ${failed}"`,
      `*Skipped* ${skipped}"`,
      `*Success rate* ${rate}"`,
    ])
      expect(card).toContain(words);
  for (const words of [
    `*Contacts* ${total}"`,
    `*Completed* ${completed}"`,
    `*Failed* ${failed}"`,
    `*Success rate* ${rate}"`,
  ])
    expect(text).toContain(words);
  if (shown.type !== 'sms')
    for (const words of [`*Calls placed* ${placed}"`, `*Answered* ${answered}"`])
      expect(text).toContain(words);
  if (result.startedAt) {
    const charted = (key: 'completed' | 'failed') =>
      result.timeline.reduce((all, slice) => all + slice[key], 0);
    expect({ completed: charted('completed'), failed: charted('failed') }).toEqual({ completed, failed });
  }
}

async function compareHistory(
  id: number,
  now: { completed: number; failed: number; success_rate: number },
): Promise<void> {
  const client = connect(`${feed.url}/ws/campaigns/${id}/progress`, { protocols: [`bearer.${readOnly}`] });
  const first = await client.message(says({ type: 'initial_progress' }));
  expect(first.data.progress).toMatchObject(now);
  client.send({ type: 'request_history', hours: 168 });
  const { data } = await client.message(says({ type: 'metrics_history' }));
  await client.close();
  const last = data.at(-1) ?? { completed: 0, failed: 0, success_rate: 0 };
  expect({ completed: last.completed, failed: last.failed, success_rate: last.success_rate }).toEqual(now);
  const counts = data.map((point: { completed: number; failed: number }) => point.completed + point.failed);
  expect(counts).toEqual(counts.toSorted((a: number, b: number) => a - b));
}

it('what a campaign came to is the same wherever it is shown, and what its rows say', async () => {
  const world = fc.record({
    type: fc.constantFrom<Type>('sms', 'call', 'mixed'),
    people: fc.constantFrom(0, 4, 6, 8),
    beginning: fc.constantFrom(
      [post('start')],
      [post('start')],
      [daily, step('5 h', () => api.wait(5 * 3_600_000))],
    ),
    steps: fc.array(aStep, { minLength: 10, maxLength: 18, size: 'max' }),
  });
  await fc.assert(
    fc.asyncProperty(world, async ({ type, people, beginning, steps }) => {
      clock.set(NOON);
      const id = await campaignOf(type, people);
      for (const { run } of [...beginning, ...steps]) {
        await run(id);
        await drain();
      }
      await compare(id, type);
      const rows = await deps.db.execute<{ key: string; attempts: number }>(sql`
        select channel || ' ' || outcome as key, count(*)::int as attempts from attempts where state = 'ended' group by 1`);
      expect(Object.fromEntries(ended)).toEqual(
        Object.fromEntries(rows.map(({ key, attempts: n }) => [key, n])),
      );
    }),
    { numRuns: 5, endOnFailure: true },
  );
});
