import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { attempts, contacts } from '#db/schema.ts';
import type { CallOutcome } from '#domain/call.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { drawResultCard } from '#operations/draw-result-card.ts';
import { explainCampaign } from '#operations/explain-campaign.ts';
import { explainContact } from '#operations/explain-contact.ts';
import { exportResults } from '#operations/export-results.ts';
import { preflight } from '#operations/preflight.ts';
import { settleAttempts } from '#operations/settle-attempts.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { showProgress } from '#operations/show-progress.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { ANNA, addContacts, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps, workspace } = engine;
let made = 0;

beforeEach(() => {
  engine.clock.set(NOON);
});

type Fields = Partial<Parameters<typeof createCampaign>[1]>;

async function campaignOf(count: number, fields: Fields = {}) {
  made += 1;
  const numbers = phones(count, 2000 + made * 20);
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: `figures-${made}`,
    channelId: null,
    name: `Figures ${made}`,
    campaignType: 'call',
    agendaTemplate: 'Ask {{name}} about the delivery.',
    ...fields,
  });
  await addContacts(deps, campaignId, numbers);
  return { campaignId, numbers };
}

type Ended = {
  outcome: CallOutcome | 'canceled' | null;
  seconds?: number;
  run?: number;
  call?: Partial<typeof calls.$inferInsert>;
  attempt?: Partial<typeof attempts.$inferInsert>;
};

/** Calls as the ledger holds them once they are over, or on the line where they have no outcome yet. */
async function addCalls(campaignId: number, ended: Ended[]) {
  const people = await deps.db
    .select()
    .from(contacts)
    .where(eq(contacts.campaignId, campaignId))
    .orderBy(contacts.id);
  for (const [at, { outcome, seconds = 0, run = 1, call, attempt }] of ended.entries()) {
    const contact = people[at % people.length];
    if (!contact) throw new Error('the campaign has no contacts');
    made += 1;
    const common = { token: `call-${made}`, workspaceId: workspace.id, campaignId, contactId: contact.id };
    const [row] = await deps.db
      .insert(attempts)
      .values({
        ...common,
        runNumber: run,
        channel: 'call',
        n: Math.floor(at / people.length) + 1,
        phoneNumber: contact.phoneNumber,
        sender: '+15005550006',
        state: outcome === null ? 'in_progress' : 'ended',
        outcome,
        provider: 'scripted',
        providerRef: `CA-${made}`,
        providerStatus: outcome === null ? 'in_progress' : 'completed',
        gate: {} as never,
        createdAt: NOON,
        endedAt: outcome === null ? null : NOON,
        ...attempt,
      })
      .returning();
    await deps.db.insert(calls).values({
      ...common,
      attemptId: row?.id ?? null,
      direction: 'outbound',
      provider: 'scripted',
      providerRef: `CA-${made}`,
      contactNumber: contact.phoneNumber,
      ourNumber: '+15005550006',
      script: {} as never,
      durationSeconds: seconds,
      createdAt: NOON,
      ...call,
    });
  }
}

describe('the card of a campaign that calls', () => {
  it('counts the calls of this run, and who is on the line', async () => {
    const { campaignId } = await campaignOf(6);
    await addCalls(campaignId, [
      { outcome: 'answered', seconds: 90 },
      { outcome: 'answered', seconds: 30 },
      { outcome: 'voicemail', seconds: 40 },
      { outcome: 'no_answer' },
      { outcome: 'canceled' },
      { outcome: null },
    ]);
    await addCalls((await campaignOf(1)).campaignId, [{ outcome: 'answered', seconds: 500 }]);
    expect((await drawCampaignCard(deps, { campaignId })).calls).toEqual({
      callsPlaced: 5,
      callsAnswered: 2,
      answeredSeconds: 120,
      voicemails: 1,
      live: 1,
    });
  });

  it('leaves out what belongs to an earlier run, and says nothing of calls where there are only texts', async () => {
    const { campaignId } = await campaignOf(2);
    await addCalls(campaignId, [
      { outcome: 'answered', seconds: 90, run: 1 },
      { outcome: 'busy', run: 2 },
    ]);
    await deps.db.execute(`update campaigns set run_number = 2 where id = ${campaignId}`);
    expect((await drawCampaignCard(deps, { campaignId })).calls).toMatchObject({
      callsPlaced: 1,
      callsAnswered: 0,
    });
    const texts = await campaignOf(1, { campaignType: 'sms', smsMessageTemplate: 'Hi' });
    expect((await drawCampaignCard(deps, { campaignId: texts.campaignId })).calls).toBeNull();
  });
});

describe('the result of a campaign that calls', () => {
  it('tells what calls came to and cost: the price where it is known, the rest by the rate table', async () => {
    const { campaignId } = await campaignOf(4);
    await deps.db.execute(`update campaigns set started_at = created_at where id = ${campaignId}`);
    await addCalls(campaignId, [
      {
        outcome: 'answered',
        seconds: 90,
        call: { sessions: 1, answeredBy: 'human', result: 'yes' },
      },
      { outcome: 'answered', seconds: 61, call: { sessions: 1, answeredBy: 'unknown', result: 'yes' } },
      { outcome: 'no_answer' },
      { outcome: 'carrier_failed' },
    ]);
    await deps.db.execute(`
      update contacts set last_attempt_at = created_at, status = case when id in (
        select contact_id from attempts where campaign_id = ${campaignId} and outcome = 'answered')
        then 'completed' else 'no_answer' end where campaign_id = ${campaignId}`);
    const ended = await deps.db
      .select({ id: attempts.id })
      .from(attempts)
      .where(eq(attempts.campaignId, campaignId))
      .orderBy(attempts.id);
    const ids = ended.map(({ id }) => id);
    const price = { id: ids[0] ?? 0, priceMicros: 28_000, priceCurrency: 'USD', segments: null };
    await deps.db.transaction((tx) => settleAttempts(tx, ids, [price]));
    const result = await drawResultCard(deps, deps.db, { campaignId });
    expect(result.calls).toEqual({ callsPlaced: 4, callsAnswered: 2, answeredSeconds: 151, voicemails: 0 });
    // Two unpriced minutes to the US, four minutes of conversation, two searches for a machine.
    expect(result.costMicros).toEqual({ actual: 28_000, estimated: 2 * 14_000 + 4 * 70_000 + 2 * 7_500 });
    const { cost } = await showProgress(deps, { workspaceId: workspace.id, campaignId });
    expect([cost.settledMicros, cost.reservedMicros]).toEqual(Object.values(result.costMicros));
    expect(result.timeline).toMatchObject([{ completed: 2, failed: 2 }]);
    expect(result.results).toEqual([{ result: 'yes', calls: 2 }]);
  });

  it('names how those ended who were not reached', async () => {
    const { campaignId } = await campaignOf(4);
    for (const [at, status] of (['busy', 'voicemail', 'no_answer', 'no_answer'] as const).entries()) {
      const phone = phones(1, 2000 + made * 20 + at)[0] ?? '';
      await deps.db.update(contacts).set({ status }).where(eq(contacts.phoneNumber, phone));
    }
    const { reasons } = await drawResultCard(deps, deps.db, { campaignId });
    expect(reasons.map(({ contacts: count }) => count)).toEqual([2, 1, 1]);
    expect(reasons[0]?.reason).toContain('Nobody answered');
  });
});

describe('“why” of a campaign that calls', () => {
  it('tells what calls came to, how it retries and what follows', async () => {
    const { campaignId } = await campaignOf(2, {
      campaignType: 'mixed',
      smsMessageTemplate: 'Hi',
      retryPolicy: { busy: 'final' },
      mixedSettings: { first: 'call', followUp: 'if_not_reached', delayMinutes: 60 },
    });
    await addCalls(campaignId, [{ outcome: 'answered', seconds: 9 }, { outcome: null }]);
    const words = (await explainCampaign(deps, { campaignId })).join('\n');
    expect(words).toContain('Calls so far: 2 placed, 1 answered, 0 taken by a machine; 1 on the line now.');
    expect(words).toContain('A call first, then a text 60 min later if that did not reach them.');
    expect(words).toContain('Where the line was busy, the contact is not called again.');
  });

  it('counts those who wait for a follow-up or a call back', async () => {
    const { campaignId } = await campaignOf(2);
    const [first] = await deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    await deps.db
      .update(contacts)
      .set({ waitReason: 'callback' })
      .where(eq(contacts.id, first?.id ?? 0));
    const words = (await explainCampaign(deps, { campaignId })).join('\n');
    expect(words).toMatch(/1 waiting: They asked to be called back/);
  });

  it('a person is told call by call, with what came of it and why there is no other', async () => {
    const { campaignId, numbers } = await campaignOf(1, { settings: { maxAttempts: 2 } });
    await addCalls(campaignId, [
      { outcome: 'voicemail', seconds: 30, call: { voicemailLeftAt: NOON } },
      {
        outcome: 'answered',
        seconds: 75,
        call: { result: 'callback', summary: 'Wants to talk tomorrow at three.' },
      },
    ]);
    const phone = numbers[0] ?? '';
    const story = (mayListen = false) =>
      explainContact(deps, { workspaceId: workspace.id, campaignId, phone, mayListen });
    expect((await story()).join('\n')).not.toContain('Wants to talk');
    const words = (await story(true)).join('\n');
    expect(words).toMatch(/Call 1, .*: a machine answered; a message was left\./);
    expect(words).toMatch(/Call 2, .*: answered, 1 min 15 s; they asked to be called back\./);
    expect(words).toContain('Wants to talk tomorrow at three.');
    await deps.db
      .update(contacts)
      .set({ status: 'busy', attempts: 2, channelAttempts: 2 })
      .where(eq(contacts.campaignId, campaignId));
    expect(await story()).toContain('There is no further try: all 2 are used.');
    await deps.db.update(contacts).set({ attempts: 1 }).where(eq(contacts.campaignId, campaignId));
    expect(await story()).toContain('There is no further try: the campaign leaves it at that.');
  });
});

it('the results file tells of calls, with nothing that a spreadsheet would run', async () => {
  const { campaignId } = await campaignOf(2);
  await addCalls(campaignId, [
    {
      outcome: 'answered',
      seconds: 75,
      call: {
        result: 'yes',
        summary: '=HYPERLINK("http://x")',
        answers: { delivery: 'tomorrow', size: '=1+1' },
        callbackAt: NOON,
      },
    },
  ]);
  let csv = '';
  for await (const part of exportResults(deps, { campaignId })) csv += part;
  const [head = '', called = '', waiting = ''] = csv.split('\r\n');
  expect(head).toContain('channel,outcome');
  expect(head).toContain('call_outcome,call_seconds,call_result,call_summary,call_answers,callback_at');
  expect(called).toContain('call,answered');
  expect(called).toContain('answered,75,yes,');
  expect(called).toContain('size: =1+1; delivery: tomorrow');
  expect(called).not.toMatch(/,"?=/);
  expect(waiting).toContain('pending');
});

describe('before a campaign that calls', () => {
  it('contacts are told apart by what keeps them from being called', async () => {
    const { campaignId, numbers } = await campaignOf(4);
    const [voice = '', sms = ''] = numbers;
    const entry = {
      workspaceId: workspace.id,
      reason: 'They asked.',
      source: 'manual',
      actor: ANNA,
    } as const;
    await suppressNumber(deps, { ...entry, phone: voice, channel: 'voice' });
    await suppressNumber(deps, { ...entry, phone: sms, channel: 'sms' });
    const plan = await preflight(deps, { campaignId });
    expect(plan).toMatchObject({ ready: 3, doNotCall: 0, segments: 0, problems: [] });
    expect(plan.calls).toMatchObject({ contacts: 3, sample: { contacts: 3, tooLong: 0, empty: 0 } });
    const counts = { pending: 3, skipped: 1 };
    expect((await showCampaign(deps, { campaignId })).counts).toMatchObject(counts);
    expect(plan.cost).toEqual(plan.calls?.cost);
    expect(plan.cost.estimate).toBe(true);
  });

  it('a mixed one pays for both, and its first channel says who is out from the beginning', async () => {
    const mixedSettings = { first: 'sms' };
    const fields: Fields = { campaignType: 'mixed', smsMessageTemplate: 'Hi {{name}}', mixedSettings };
    const { campaignId, numbers } = await campaignOf(4, fields);
    const entry = {
      workspaceId: workspace.id,
      reason: 'They asked.',
      source: 'manual',
      actor: ANNA,
    } as const;
    await suppressNumber(deps, { ...entry, phone: numbers[0] ?? '', channel: 'voice' });
    await suppressNumber(deps, { ...entry, phone: numbers[1] ?? '', channel: 'sms' });
    const plan = await preflight(deps, { campaignId });
    expect(plan).toMatchObject({ ready: 3, doNotCall: 1, segments: 3 });
    expect(plan.cost.low).toBeGreaterThan(plan.calls?.cost.low ?? 0);
  });

  it('who would hear nothing, and whose words have gaps, are counted', async () => {
    const { campaignId } = await campaignOf(3, {
      agendaTemplate: '{{reason}}',
      endCallMessageTemplate: 'See you at {{place|default("home")}}',
      fallbackValues: { company: 'Acme' },
    });
    const plan = await preflight(deps, { campaignId });
    expect(plan.calls?.sample).toEqual({ contacts: 3, tooLong: 0, empty: 3 });
    expect(plan.missingVariables).toEqual([{ name: 'reason', contacts: 3 }]);
  });

  it('the provider’s calls per second can be what binds', async () => {
    const { campaignId } = await campaignOf(20, {
      settings: { rateLimitPerMinute: 6000, concurrentLimit: 500, maxAttempts: 1 },
    });
    await addContacts(deps, campaignId, phones(2000, 6000));
    const slow = { ...deps, telephony: { ...engine.carrier, callsPerSecond: 1 } };
    expect((await preflight(slow, { campaignId })).outlook).toContain('calls per second bind');
    const few = await campaignOf(1, {
      settings: { rateLimitPerMinute: 6000, concurrentLimit: 1, maxAttempts: 1 },
    });
    await addContacts(deps, few.campaignId, phones(500, 8200));
    expect((await preflight(deps, { campaignId: few.campaignId })).outlook).toContain('attempts at once');
    expect((await showCampaign(deps, few)).status).toBe('draft');
  });
});
