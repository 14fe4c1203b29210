import { and, eq, isNull, sql } from 'drizzle-orm/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { callActions } from '#db/call-schema.ts';
import { contacts, suppressions } from '#db/schema.ts';
import { finishCall } from '#operations/finish-call.ts';
import { CALL_SCRIPT } from '#support/call-script.ts';
import { createTalkWorld, person, type TalkOptions, type TalkWorld } from './talk-world.ts';

let world: TalkWorld;
beforeAll(async () => {
  world = await createTalkWorld();
});

const TARGET = { key: 'sales', label: 'Sales', phoneNumber: '+12125559999', slackUserId: null };

async function answered(options: TalkOptions = {}) {
  const call = await world.call(options);
  const { line, listener } = await world.open(call);
  const somebody = person(listener, world.clocks);
  return { call, line, ...somebody };
}

/** Somebody who has heard the greeting and the question. */
async function asked(options: TalkOptions = {}) {
  const talk = await answered(options);
  await talk.listens();
  await talk.listens();
  return talk;
}

async function listEntries(phone: string) {
  return world.engine.deps.db
    .select()
    .from(suppressions)
    .where(and(eq(suppressions.phoneNumber, phone), isNull(suppressions.liftedAt)));
}

async function finish(id: number) {
  const { deps } = world.engine;
  await world.stored();
  await deps.db.execute(`update calls set ended_at = '${deps.clock.now().toISOString()}' where id = ${id}`);
  await finishCall(deps, { callId: id });
  return world.row(id);
}

describe('a call by the script', () => {
  it('greets, asks, hears a yes, says the end message and hangs up', async () => {
    const talk = await answered();
    expect(talk.line.said).toEqual([]);
    await talk.listens();
    expect(talk.line.said).toEqual([`${CALL_SCRIPT.welcome} ${CALL_SCRIPT.agenda}`]);
    await talk.listens();
    await talk.says('Yes, that works.');
    expect(talk.line.said.at(-1)).toBe(`Thank you, I have noted that. ${CALL_SCRIPT.closing}`);
    expect(talk.line.ended).toEqual([]);
    await talk.listens();
    expect(talk.line.ended).toEqual(['{"next":"hang_up"}']);
    const row = await finish(talk.call.id);
    expect(row).toMatchObject({ result: 'yes', answers: { answer: 'yes' } });
    expect((await world.turns(talk.call.id)).map(({ role, text }) => [role, text])).toEqual([
      ['assistant', CALL_SCRIPT.greeting],
      ['assistant', `${CALL_SCRIPT.welcome} ${CALL_SCRIPT.agenda}`],
      ['contact', 'Yes, that works.'],
      ['assistant', `Thank you, I have noted that. ${CALL_SCRIPT.closing}`],
    ]);
  });

  it('calls back tomorrow at three, when they have said yes to it', async () => {
    const talk = await asked();
    await talk.says('Can you call me back tomorrow at three?');
    expect(talk.line.said.at(-1)).toBe(
      'So you would like to be called back tomorrow at 3 PM. Is that right?',
    );
    expect((await world.row(talk.call.id)).callbackAt).toBeNull();
    await talk.says('Yes please.');
    expect(talk.line.said.at(-1)).toBe(
      'Thank you. It is noted that you will be called tomorrow at 3 PM. Goodbye.',
    );
    const row = await finish(talk.call.id);
    expect(row).toMatchObject({ result: 'callback', callbackAt: new Date('2026-11-25T20:00:00Z') });
  });

  it('calls them back also when it was they who called', async () => {
    const talk = await asked();
    const { db } = world.engine.deps;
    await db.execute(
      `update campaigns set status = 'running', campaign_type = 'call' where id = ${talk.call.campaignId}`,
    );
    await db.execute(`update contacts set status = 'completed' where id = ${talk.call.contactId}`);
    await talk.says('Call me tomorrow at three');
    await talk.says('Yes.');
    await finish(talk.call.id);
    const [contact] = await db.select().from(contacts).where(eq(contacts.id, talk.call.contactId));
    expect(contact).toMatchObject({
      status: 'pending',
      waitReason: 'callback',
      nextAttemptAt: new Date('2026-11-25T20:00:00Z'),
      callbacks: 1,
    });
  });

  it('lets them speak for as long as they like', async () => {
    const talk = await asked();
    talk.session.onSpeaking('contact', true);
    const said = talk.line.said.length;
    await talk.isSilent(30_000);
    expect(talk.line.said).toHaveLength(said);
    talk.session.onSpeaking('contact', false);
    await talk.isSilent();
    expect(talk.line.said.at(-1)).toBe('Are you still there?');
  });

  it('asks when, and takes another time instead of the one it understood', async () => {
    const talk = await asked();
    await talk.says('I am busy.');
    expect(talk.line.said.at(-1)).toContain('When should we call you back?');
    await talk.says('hm, I do not know');
    expect(talk.line.said.at(-1)).toContain('I did not get the time');
    await talk.says('Monday morning');
    expect(talk.line.said.at(-1)).toContain('on Monday at 9 AM');
    await talk.says('No, at ten.');
    expect(talk.line.said.at(-1)).toContain('at 10 AM');
  });

  it('never promises a call outside their hours', async () => {
    const talk = await asked();
    await talk.says('Call me tomorrow at 6 am.');
    expect(talk.line.said.at(-1)).toBe(
      'We may not call at that hour. I could note a call tomorrow at 8 AM. Is that all right?',
    );
  });

  it('puts whoever says “stop calling me” on the list before it says so', async () => {
    const talk = await asked();
    await talk.says('Stop calling me.');
    expect(await listEntries(talk.call.phone)).toMatchObject([{ channel: 'all', source: 'opt_out' }]);
    expect(talk.line.said.at(-1)).toBe('Understood. We will not contact you at this number again. Goodbye.');
    await talk.listens();
    expect(talk.line.ended).toEqual(['{"next":"hang_up"}']);
    expect(await finish(talk.call.id)).toMatchObject({
      result: 'opted_out',
      summary: 'Asked not to be contacted again: “Stop calling me”.',
    });
  });

  it('takes key 9 for an opt-out, also into the greeting', async () => {
    const talk = await answered();
    await talk.presses('9');
    expect(await listEntries(talk.call.phone)).toHaveLength(1);
    await talk.listens();
    expect(talk.line.ended).toHaveLength(1);
  });

  it('is quiet at a bare “stop” into its words, and opts out at the next', async () => {
    const talk = await answered();
    await talk.listens();
    await talk.cutsIn('Hi Bob, it is about');
    await talk.says('Stop.');
    expect(await listEntries(talk.call.phone)).toEqual([]);
    expect(talk.line.said.at(-1)).toContain('I am listening');
    await talk.says('Stop!');
    expect(await listEntries(talk.call.phone)).toHaveLength(1);
    const [, opening] = await world.turns(talk.call.id);
    expect(opening).toMatchObject({ isInterrupted: true, heardText: 'Hi Bob, it is about' });
  });

  it('asks whoever may have meant it, and takes a hang-up for a yes', async () => {
    const talk = await asked();
    await talk.says('Go away.');
    expect(talk.line.said.at(-1)).toContain('take this number off our list');
    await talk.hangsUp();
    expect(await listEntries(talk.call.phone)).toHaveLength(1);
  });

  it('waits for the answer to that also when it was asked in the greeting', async () => {
    const talk = await answered();
    await talk.says('Go away.', true);
    await talk.listens();
    expect(talk.line.said.at(-1)).toContain('take this number off our list');
    await talk.listens();
    await talk.says('No.');
    await talk.listens();
    expect(talk.line.said.at(-1)).toBe(`${CALL_SCRIPT.welcome} ${CALL_SCRIPT.agenda}`);
  });

  it('asks whether they are there when they cut in and say nothing', async () => {
    const talk = await answered();
    await talk.listens();
    await talk.cutsIn('Hi Bob,');
    await talk.isSilent();
    expect(talk.line.said.at(-1)).toBe('Are you still there?');
  });

  it('leaves them on the list of those to call when they say no to it', async () => {
    const talk = await asked();
    await talk.says('Go away.');
    await talk.says('No, no, it is fine.');
    expect(talk.line.said.at(-1)).toBe('All right, nothing is changed.');
    await talk.hangsUp();
    expect(await listEntries(talk.call.phone)).toEqual([]);
  });

  it('says that nothing was noted when it could not be committed', async () => {
    const talk = await asked();
    const { db } = world.engine.deps;
    await db.execute('alter table suppressions rename to suppressions_away');
    try {
      await talk.says('Take me off your list.');
    } finally {
      await db.execute('alter table suppressions_away rename to suppressions');
    }
    expect(talk.line.said.at(-1)).toContain('I could not note that just now');
    expect(talk.line.said.join(' ')).not.toContain('We will not contact you');
  });

  it('puts a person through whom they ask for', async () => {
    const talk = await asked({ targets: [TARGET] });
    await talk.says('Are you a robot? I want to talk to a human.');
    expect(talk.line.said.at(-1)).toBe(
      'Yes, I am an automated assistant, calling for Acme. One moment please, I am putting you through.',
    );
    await talk.listens();
    expect(talk.line.ended).toEqual(['{"next":"transfer","key":null}']);
    expect(await finish(talk.call.id)).toMatchObject({ result: 'transferred', transferKey: 'sales' });
  });

  it('offers a call back where there is nobody to put them through to', async () => {
    const talk = await asked();
    await talk.says('Let me speak to a real person.');
    expect(talk.line.said.at(-1)).toContain('you can be called back. When would suit you?');
    await talk.says('in an hour');
    expect(talk.line.said.at(-1)).toContain('today at 3 PM');
  });

  it('tells the channel of whoever wanted a person and took their leave instead of naming a time', async () => {
    const talk = await asked();
    await talk.says('Let me speak to a real person.');
    await talk.listens();
    await talk.says('Thank you, bye.');
    await talk.listens();
    expect(talk.line.ended).toHaveLength(1);
    expect(await finish(talk.call.id)).toMatchObject({
      result: 'no',
      summary: expect.stringContaining('Asked for a person, and nobody could take the call'),
    });
    const [post] = await world.engine.deps.db.execute<{ kind: string }>(
      sql`select content ->> 'kind' as kind from posts where post_key = ${`call:${talk.call.id}`}`,
    );
    expect(post?.kind).toBe('call_note');
  });

  it('tells the truth about itself and asks again', async () => {
    const talk = await asked();
    await talk.says('Is this a real person?');
    expect(talk.line.said.at(-1)).toBe(
      'Yes, I am an automated assistant, calling for Acme. Does that suit you?',
    );
  });

  it('stops and deletes a recording that they refuse', async () => {
    const talk = await asked({ script: { isRecording: true } });
    await talk.says('Do not record this.');
    expect(talk.line.said.at(-1)).toContain('nothing more is recorded');
    expect((await world.row(talk.call.id)).script.isRecording).toBe(false);
    expect(await listEntries(talk.call.phone)).toEqual([]);
  });

  it('ends at a wrong number and never calls it again', async () => {
    const talk = await asked();
    await talk.says('You have the wrong number.');
    expect(await listEntries(talk.call.phone)).toHaveLength(1);
    expect(await finish(talk.call.id)).toMatchObject({ result: 'wrong_number' });
  });

  it('waits for the answer to a welcome that asks, before it says what it is about', async () => {
    const talk = await answered({ script: { welcome: 'Am I speaking with Bob?' } });
    await talk.listens();
    expect(talk.line.said).toEqual(['Am I speaking with Bob?']);
    await talk.listens();
    await talk.says('Yes, that is me.');
    expect(talk.line.said.at(-1)).toBe(CALL_SCRIPT.agenda);
    await talk.listens();
    await talk.says('Yes.');
    expect(await finish(talk.call.id)).toMatchObject({ answers: { answer: 'yes' } });
  });

  it('asks when else to call whoever says no to the welcome', async () => {
    const talk = await answered({ script: { welcome: 'Do you have a minute?' } });
    await talk.listens();
    await talk.listens();
    await talk.says('No, not now.');
    expect(talk.line.said.at(-1)).toBe('Of course. When should we call you back?');
  });

  it('ends at once when they opt out in the middle of the greeting; the carrier says the last words', async () => {
    const talk = await answered();
    talk.session.onSpeaking('assistant', true);
    await talk.says('Stop calling me.', true);
    expect(talk.line.said).toEqual([]);
    expect(talk.line.ended.map((handoff) => JSON.parse(handoff))).toEqual([
      { next: 'hang_up', say: expect.stringContaining('We will not contact you') },
    ]);
    expect(await listEntries(talk.call.phone)).toHaveLength(1);
    expect((await world.turns(talk.call.id)).at(-1)?.text).toContain('We will not contact you');
  });

  it('does not hang up on last words that are still heard, however long they take', async () => {
    const talk = await asked();
    await talk.says('Yes.');
    talk.session.onSpeaking('assistant', true);
    await talk.isSilent(12_000);
    expect(talk.line.ended).toEqual([]);
    talk.session.onSpeaking('assistant', false);
    await talk.settled();
    expect(talk.line.ended).toHaveLength(1);
  });

  it('leaves the voicemail to a machine that slipped through, which counts as nobody', async () => {
    const talk = await answered({ script: { voicemail: 'Please ring us back.' } });
    await talk.says('Hi, you have reached the voicemail of Bob.', true);
    await talk.listens();
    await talk.says('I cannot come to the phone right now.');
    await talk.isSilent(3_900);
    expect(talk.line).toMatchObject({ said: [], ended: [] });
    await talk.isSilent(200);
    expect(talk.line.ended).toEqual(['{"next":"voicemail"}']);
    const row = await finish(talk.call.id);
    expect(row).toMatchObject({ answeredBy: 'machine', spokeAt: null, result: 'voicemail' });
  });

  it('asks who is silent once, then says goodbye', async () => {
    const talk = await asked();
    await talk.isSilent();
    expect(talk.line.said.at(-1)).toBe('Are you still there?');
    await talk.listens();
    await talk.isSilent();
    expect(talk.line.said.at(-1)).toContain('I cannot hear anybody');
    await talk.listens();
    expect(talk.line.ended).toHaveLength(1);
    expect(await finish(talk.call.id)).toMatchObject({ result: 'silent', spokeAt: null });
  });

  it('takes an answer that it does not understand down as it was given', async () => {
    const talk = await asked();
    await talk.says('The blue one by the river');
    expect(talk.line.said.at(-1)).toContain('I did not understand');
    await talk.says('I said the blue one');
    expect(await finish(talk.call.id)).toMatchObject({
      result: 'answered',
      answers: { answer: 'I said the blue one' },
      summary: 'Answered “I said the blue one”.',
    });
  });

  it('ends by itself before the provider would cut it', async () => {
    const talk = await asked();
    await talk.isSilent(600_000);
    expect(talk.line.said.join(' ')).toMatch(/our time is up|still there/);
  });
});

describe('the first words of a person', () => {
  it('are noted before they are answered', async () => {
    const talk = await asked();
    expect((await world.row(talk.call.id)).spokeAt).toBeNull();
    await talk.says('Hello?');
    expect((await world.row(talk.call.id)).spokeAt).not.toBeNull();
  });

  it('are not what is said into the greeting, unless no machine would say it', async () => {
    const talk = await answered();
    await talk.says('Hello? Hello?', true);
    expect((await world.row(talk.call.id)).spokeAt).toBeNull();
    expect(talk.line.said).toEqual([]);
    await talk.says('Are you a robot?', true);
    expect((await world.row(talk.call.id)).spokeAt).not.toBeNull();
  });

  it('come too late after a machine’s verdict: nobody is answered, but an opt-out counts', async () => {
    const talk = await asked();
    const { db } = world.engine.deps;
    await db.execute(`update calls set answered_by = 'machine_ready' where id = ${talk.call.id}`);
    const said = talk.line.said.length;
    await talk.says('Yes.');
    expect(talk.line.said).toHaveLength(said);
    expect((await world.row(talk.call.id)).spokeAt).toBeNull();
    await talk.says('Take me off your list.');
    expect(await listEntries(talk.call.phone)).toHaveLength(1);
  });
});

describe('the socket of a call', () => {
  it('begins once with its nonce, on its own call, in time', async () => {
    const call = await world.call();
    expect((await world.open({ ...call, ref: 'CA-other' })).listener).toBeNull();
    expect((await world.open({ ...call, nonce: 'guessed' })).listener).toBeNull();
    const both = await Promise.all([world.open(call), world.open(call)]);
    expect(both.filter(({ listener }) => listener !== null)).toHaveLength(1);
    const late = await world.call();
    await world.engine.deps.db.execute(
      `update calls set session_nonce_until = '2026-01-01T00:00:00Z' where id = ${late.id}`,
    );
    expect((await world.open(late)).listener).toBeNull();
  });

  it('that broke goes on without the greeting, with the question that was open', async () => {
    const talk = await asked();
    await talk.hangsUp();
    const { deps } = world.engine;
    await deps.db.execute(
      `update calls set session_nonce = 'again-${talk.call.id}', session_nonce_until = '${deps.clock.realDelay(60_000).toISOString()}' where id = ${talk.call.id}`,
    );
    const second = await world.open({ ...talk.call, nonce: `again-${talk.call.id}`, session: 'VX-second' });
    const again = person(second.listener, world.clocks);
    await again.settled();
    expect(second.line.said).toEqual(['I am sorry, the line broke off for a moment. Does that suit you?']);
    await again.says('Yes.');
    expect(second.line.said.at(-1)).toContain(CALL_SCRIPT.closing);
    const turns = await world.turns(talk.call.id);
    expect(turns.map(({ seq }) => seq)).toEqual(turns.map(({ seq }) => seq).toSorted((a, b) => a - b));
    expect(turns.filter(({ text }) => text === CALL_SCRIPT.greeting)).toHaveLength(1);
  });
});

describe('the end of a call', () => {
  it('is worked up once, and told in the thread when somebody should know', async () => {
    const talk = await asked();
    await talk.says('Yes.');
    await finish(talk.call.id);
    await finishCall(world.engine.deps, { callId: talk.call.id });
    const notes = await world.engine.deps.db.execute<{ content: { kind: string; result: string } }>(
      `select content from posts where post_key = 'call:${talk.call.id}'`,
    );
    expect(notes).toHaveLength(1);
    expect(notes[0]?.content).toMatchObject({ kind: 'call_note', result: 'yes', answers: { answer: 'yes' } });
  });

  it('of an outbound call on which nothing came about is told nowhere', async () => {
    const call = await world.call({ direction: 'outbound' });
    expect(await finish(call.id)).toMatchObject({ result: null, summary: null });
    const notes = await world.engine.deps.db.execute(
      `select 1 from posts where post_key = 'call:${call.id}'`,
    );
    expect(notes).toHaveLength(0);
  });
});

it('an act with one key is done once', async () => {
  const talk = await asked();
  await talk.says('Yes.');
  const rows = await world.engine.deps.db
    .select()
    .from(callActions)
    .where(eq(callActions.callId, talk.call.id));
  expect(rows.map(({ tool }) => tool).sort()).toEqual(['end_call', 'record_answer']);
});
