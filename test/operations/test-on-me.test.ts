import { sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { readCampaign } from '#db/campaigns.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { explainContact } from '#operations/explain-contact.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { type TestOnMe, testOnMe } from '#operations/test-on-me.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps } = engine;
const workspaceId = engine.workspace.id;

let made = 0;
const number = () => {
  made += 1;
  return phones(1, 6000 + made)[0] ?? '';
};
const tryIt = (campaignId: number, phone: string, more: Partial<TestOnMe> = {}) => {
  made += 1;
  const asked = { workspaceId, campaignId, actor: ANNA, phone, channel: 'sms', contactId: null } as const;
  return testOnMe(deps, { ...asked, requestKey: `key-${made}`, ...more });
};
const textsTo = (phone: string) => engine.carrier.requests.filter(({ to }) => to === phone);
const callsTo = (phone: string) => engine.carrier.calls.filter(({ to }) => to === phone);
const oneRow = async (query: ReturnType<typeof sql>) => {
  const [row] = await deps.db.execute(query);
  return row;
};

beforeEach(async () => {
  engine.clock.set(NOON);
  await deps.db.execute(
    sql`update attempts set created_at = created_at - interval '2 hours' where run_number = 0`,
  );
});

describe('a test on oneself', () => {
  it('is the text that the contact would get, and counts nowhere', async () => {
    const [contact = '', me] = [number(), number()];
    const campaignId = await engine.campaign({ phones: [contact], template: 'Hello {{name}}!' });
    const before = await oneRow(
      sql`select status, attempts, last_n, next_attempt_at from contacts where campaign_id = ${campaignId}`,
    );
    const { sentence } = await tryIt(campaignId, me);
    expect(sentence).toContain('The text is on its way to');
    expect(sentence).not.toContain(me);
    expect(textsTo(me)).toMatchObject([{ body: 'Hello P1!' }]);
    expect(textsTo(contact)).toEqual([]);
    expect(
      await oneRow(
        sql`select status, attempts, last_n, next_attempt_at from contacts where campaign_id = ${campaignId}`,
      ),
    ).toEqual(before);
    const row = await readCampaign(deps.db, campaignId);
    expect(row?.campaign.status).toBe('draft');
    expect(row?.counts).toMatchObject({ pending: 1, in_progress: 0, completed: 0 });
    const told = await explainContact(deps, { workspaceId, campaignId, phone: contact });
    expect(told.join(' ')).not.toContain('Answer sent');
    const event = await oneRow(
      sql`select kind, actor from campaign_events where campaign_id = ${campaignId} order by id desc limit 1`,
    );
    expect(event).toEqual({ kind: 'campaign_tested', actor: 'slack:U_ANNA' });
  });

  it('is the call that the contact would hear', async () => {
    const me = number();
    const campaignId = await engine.campaign({ phones: [number()], type: 'call' });
    const { sentence } = await tryIt(campaignId, me, { channel: 'call' });
    expect(sentence).toContain('rings now');
    expect(callsTo(me)).toHaveLength(1);
    const call = await oneRow(
      sql`select campaign_id, contact_id, script ->> 'welcome' as welcome from calls where contact_number = ${me}`,
    );
    expect(call).toMatchObject({
      campaign_id: null,
      contact_id: null,
      welcome: expect.stringContaining('Hi P1, this is'),
    });
    const live = await readCampaign(deps.db, campaignId);
    expect(live?.counts.in_progress).toBe(0);
  });

  it('has the values of the contact that was chosen', async () => {
    const me = number();
    const campaignId = await engine.campaign({ phones: [number(), number(), number()] });
    const third = await oneRow(
      sql`select id from contacts where campaign_id = ${campaignId} order by id desc limit 1`,
    );
    await tryIt(campaignId, me, { contactId: Number(third?.id) });
    expect(textsTo(me)).toMatchObject([{ body: 'Hello P3' }]);
  });

  it('leaves a contact of another campaign theirs: neither caps nor overlaps see it', async () => {
    const me = number();
    const tested = await engine.campaign({ phones: [number()] });
    for (let i = 0; i < 4; i += 1) {
      await tryIt(tested, me);
      await deps.db.execute(
        sql`update attempts set state = 'ended', outcome = 'delivered' where run_number = 0 and state <> 'ended'`,
      );
    }
    const campaignId = await engine.campaign({ phones: [me], settings: { excludeContactedDays: 30 } });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(textsTo(me)).toHaveLength(5);
  });

  it('asked for twice with one request is one', async () => {
    const me = number();
    const campaignId = await engine.campaign({ phones: [number()] });
    const first = await tryIt(campaignId, me, { requestKey: 'same' });
    expect(await tryIt(campaignId, me, { requestKey: 'same' })).toEqual(first);
    expect(textsTo(me)).toHaveLength(1);
  });

  it('asks for no consent, since whoever asks consents, and for no approval', async () => {
    await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: true, requiresApproval: true });
    const me = number();
    const campaignId = await engine.campaign({ phones: [number()] });
    await tryIt(campaignId, me);
    await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: false, requiresApproval: false });
    expect(textsTo(me)).toHaveLength(1);
  });

  it('does not keep to the campaign’s own hours, which are meant for its contacts', async () => {
    const me = number();
    const allowedHours = { start: '09:00', end: '10:00', days: ['monday'] };
    const campaignId = await engine.campaign({
      phones: [number()],
      settings: { allowedHours, pauseDates: ['2026-11-24'] },
    });
    await tryIt(campaignId, me);
    expect(textsTo(me)).toHaveLength(1);
  });
});

describe('nobody is contacted by a test', () => {
  it('who is on the do-not-call list', async () => {
    const me = number();
    const campaignId = await engine.campaign({ phones: [number()] });
    const listed = {
      workspaceId,
      phone: me,
      channel: 'all',
      reason: 'Asked.',
      source: 'manual',
      actor: ANNA,
    } as const;
    await suppressNumber(deps, listed);
    await expect(tryIt(campaignId, me)).rejects.toThrow('You were not contacted. On the do-not-call list.');
    expect(textsTo(me)).toEqual([]);
  });

  it('who is listed between the claim and the last check', async () => {
    const me = number();
    const campaignId = await engine.campaign({ phones: [number()] });
    // As if the entry had been made right after the gate had looked: the attempt stands, nobody was asked yet.
    await deps.db.execute(sql`
      create or replace function list_it() returns trigger language plpgsql as $$ begin
        insert into suppressions (workspace_id, phone_number, channel, reason, source, actor, created_at)
        values (new.workspace_id, new.phone_number, 'all', 'raced', 'manual', 'system', new.created_at);
        return new; end $$`);
    await deps.db.execute(
      sql`create trigger list_it after insert on attempts for each row execute function list_it()`,
    );
    const { sentence } = await tryIt(campaignId, me);
    await deps.db.execute(sql`drop trigger list_it on attempts`);
    expect(sentence).toContain('was not contacted');
    expect(textsTo(me)).toEqual([]);
  });

  it('at night where they are, with the hour from which it works', async () => {
    engine.clock.set(new Date('2026-11-25T04:00:00.000Z'));
    const campaignId = await engine.campaign({ phones: [number()] });
    await expect(tryIt(campaignId, number())).rejects.toThrow(
      'they may be reached tomorrow at 08:00, New York time',
    );
  });

  it('who is being contacted at this moment', async () => {
    const me = number();
    const campaignId = await engine.campaign({ phones: [number()], type: 'call' });
    await tryIt(campaignId, me, { channel: 'call' });
    await expect(tryIt(campaignId, me, { channel: 'call' })).rejects.toThrow(
      'is being contacted at this moment',
    );
  });

  it('more than six times within an hour, whichever number is given', async () => {
    const campaignId = await engine.campaign({ phones: [number()] });
    for (let i = 0; i < 6; i += 1) await tryIt(campaignId, number());
    await expect(tryIt(campaignId, number())).rejects.toThrow('tried 6 times within the hour');
    const other = { kind: 'slack_user', userId: 'U_OTHER' } as const;
    await expect(tryIt(campaignId, number(), { actor: other })).resolves.toBeDefined();
  });

  it.each([
    ['without a message', { template: '' }, {}, 'no text message'],
    ['on a channel it does not have', {}, { channel: 'call' as const }, 'This campaign calls nobody.'],
    ['without contacts', { phones: [] }, {}, 'has no contacts'],
    ['whose text comes out empty', { template: '{{ nothing }}' }, {}, 'Their message came out empty.'],
  ])('by a campaign %s', async (_, options, more, words) => {
    const campaignId = await engine.campaign({ phones: [number()], ...options });
    await expect(tryIt(campaignId, number(), more)).rejects.toThrow(words);
  });

  it('whose number is none, or by a campaign of another workspace', async () => {
    const campaignId = await engine.campaign({ phones: [number()] });
    await expect(tryIt(campaignId, 'me')).rejects.toThrow('That number cannot be used.');
    await expect(tryIt(campaignId, number(), { workspaceId: workspaceId + 1 })).rejects.toThrow(
      'There is no campaign',
    );
  });
});

it('an answer to a test is not the contact’s, and a STOP still counts', async () => {
  const [contact = '', me] = [number(), number()];
  const campaignId = await engine.campaign({ phones: [contact] });
  await tryIt(campaignId, me);
  const reply = { ref: 'IN-test', from: me, to: '+15005550006', body: 'STOP', mediaCount: 0, optOut: null };
  await engine.report({ kind: 'text_inbound', ...reply });
  await engine.drain();
  const text = await oneRow(sql`select campaign_id, contact_id from inbound_texts where from_number = ${me}`);
  expect(text).toEqual({ campaign_id: null, contact_id: null });
  await expect(tryIt(campaignId, me)).rejects.toThrow('Asked not to be contacted.');
});

it('a test that the carrier refuses says why', async () => {
  const me = number();
  const campaignId = await engine.campaign({ phones: [number()] });
  const accept = engine.carrier.answer;
  const refusal = { class: 'invalid_number', code: '21211', fix: 'Check the number.' } as const;
  engine.carrier.answer = () => ({ kind: 'rejected', refusal });
  const { sentence } = await tryIt(campaignId, me);
  engine.carrier.answer = accept;
  expect(sentence).toMatch(/was not reached: \S/);
});

it('a test whose answer was lost for good is put before nobody: whoever asked knows whether it came', async () => {
  const me = number();
  const campaignId = await engine.campaign({ phones: [number()] });
  const accept = engine.carrier.answer;
  engine.carrier.answer = () => ({ kind: 'unknown', cause: 'timeout' });
  expect((await tryIt(campaignId, me)).sentence).toContain('nobody can say yet');
  engine.carrier.answer = accept;
  engine.carrier.lookupFails = new LookupFailed('the list cannot be had');
  for (let minute = 0; minute < 70; minute += 5) {
    await engine.wait(5 * 60_000);
    await engine.drain();
  }
  engine.carrier.lookupFails = null;
  const attempt = await oneRow(sql`select state, outcome from attempts where phone_number = ${me}`);
  expect(attempt).toEqual({ state: 'ended', outcome: 'assumed_done' });
  expect(engine.chat.posted.filter(({ content }) => content.kind === 'review_note')).toEqual([]);
});
