import { asc, eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeCall } from '#db/call-desk.ts';
import { calls, callTurns } from '#db/call-schema.ts';
import { campaignEvents } from '#db/schema.ts';
import { posts } from '#db/slack-schema.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { drawTranscript } from '#operations/draw-transcript.ts';
import { hangUpCall } from '#operations/hang-up-call.ts';
import { listLiveCalls } from '#operations/list-live-calls.ts';
import { listenIn } from '#operations/listen-in.ts';
import { showCall, showCallsOfContact } from '#operations/show-calls-of-contact.ts';
import { takeOverCall } from '#operations/take-over-call.ts';
import { touchTranscript } from '#operations/touch-transcript.ts';
import type { ChatResult } from '#ports/chat.ts';
import type { LiveTranscript } from '#ports/chat-content.ts';
import {
  beginSession,
  LOST_SESSION,
  makeAssistant,
  OUR_NUMBER,
  type PlacedCall,
  placeCall,
  readCallRow,
  says,
} from '#support/desk.ts';
import { ANNA, createEngine, NOON } from '#support/engine.ts';

const engine = await createEngine();
const { deps, clock, chat, carrier, workspace } = engine;
const desk = createCallDesk(deps);
const workspaceId = workspace.id;
const GUEST = { kind: 'slack_user', userId: 'U_GUEST' } as const;
const BEN = { kind: 'slack_user', userId: 'U_BEN' } as const;
const updating = chat.update;

beforeEach(async () => {
  clock.set(NOON);
  await engine.drain();
  chat.posted.length = 0;
  chat.updated.length = 0;
  chat.update = updating;
  carrier.changes.length = 0;
  carrier.answerChange = () => ({ kind: 'done' });
});

/** A call on which the assistant talks with P1. */
async function talking(fields: Parameters<typeof placeCall>[1] = {}): Promise<PlacedCall> {
  const call = await placeCall(engine, fields);
  await desk.answer({ ...call, verdict: null });
  await beginSession(engine, call.token, `VX${call.callId}`);
  return call;
}

async function hears(callId: number, text: string): Promise<void> {
  await says(engine, callId, { role: 'contact', text });
  await deps.db.transaction((tx) => touchTranscript(tx, deps, callId));
}

const ask = ({ callId }: PlacedCall, actor: typeof ANNA | typeof GUEST | typeof BEN = ANNA) => ({
  workspaceId,
  callId,
  actor,
});

function drawn(): LiveTranscript[] {
  return chat.updated.flatMap(({ content }) => (content.kind === 'live_transcript' ? [content] : []));
}

/** What the thread was told since the campaign was started. */
function notesIn(channelId: string): string[] {
  const notes = chat.posted.flatMap(({ place, content }) =>
    place.channelId === channelId && content.kind === 'note' ? [content.text] : [],
  );
  return notes.filter((text) => !text.startsWith('Started'));
}

async function notedOn(callId: number): Promise<string[]> {
  const turns = await deps.db
    .select()
    .from(callTurns)
    .where(eq(callTurns.callId, callId))
    .orderBy(asc(callTurns.createdAt));
  return turns.filter(({ role }) => role === 'note').map(({ text }) => text);
}

describe('the calls on the line', () => {
  it('are those of the campaign that ring or are held, answered ones first, with masked numbers', async () => {
    const call = await talking();
    const live = await listLiveCalls(deps, { workspaceId, campaignId: call.campaignId });
    expect(live).toMatchObject([
      { callId: call.callId, contactName: 'P1', answeredAt: NOON, isListenedTo: false },
    ]);
    expect(JSON.stringify(live)).not.toContain(call.phone);
    await changeCall(deps.db, call.callId, { endedAt: NOON });
    expect(await listLiveCalls(deps, { workspaceId, campaignId: call.campaignId })).toEqual([]);
  });

  it('include one that rings and one that a contact makes', async () => {
    const call = await placeCall(engine);
    await desk.answerInbound({ ref: `IN${call.ref}`, from: call.phone, to: OUR_NUMBER });
    const live = await listLiveCalls(deps, { workspaceId, campaignId: call.campaignId });
    expect(live.map(({ direction, answeredAt }) => [direction, answeredAt])).toEqual([
      ['inbound', NOON],
      ['outbound', null],
    ]);
  });

  it('are not those of another workspace', async () => {
    const call = await talking();
    expect(await listLiveCalls(deps, { workspaceId: 999, campaignId: call.campaignId })).toEqual([]);
  });
});

describe('listening in', () => {
  it('shows what was said so far in the thread, once, whoever asks', async () => {
    const call = await talking();
    await says(engine, call.callId, { role: 'assistant', text: 'Your order is ready.' });
    await says(engine, call.callId, { role: 'tool', text: 'record_answer', tool: 'record_answer' });
    expect(await listenIn(deps, ask(call))).toEqual({ isNew: true });
    expect(await listenIn(deps, ask(call, BEN))).toEqual({ isNew: false });
    await engine.drain();
    const shown = chat.posted.filter(({ content }) => content.kind === 'live_transcript');
    expect(shown).toMatchObject([
      {
        place: { channelId: call.channelId, threadTs: expect.any(String) },
        content: {
          isLive: true,
          omitted: 0,
          lines: [{ who: 'assistant', text: 'Your order is ready.', isCut: false }],
        },
      },
    ]);
  });

  it('makes one drawing of a burst of turns, three seconds of real time apart', async () => {
    const call = await talking();
    await listenIn(deps, ask(call));
    await engine.drain();
    await engine.wait(3_000);
    await engine.drain();
    chat.updated.length = 0;
    for (const text of ['Hello?', 'Who is this?', 'Ah.']) await hears(call.callId, text);
    await engine.drain();
    expect(drawn()).toHaveLength(0);
    await engine.wait(3_000);
    await engine.drain();
    expect(drawn()).toHaveLength(1);
    expect(drawn()[0]?.lines.map(({ text }) => text)).toEqual(['Hello?', 'Who is this?', 'Ah.']);
  });

  it('sends nothing when nothing has changed', async () => {
    const call = await talking();
    await listenIn(deps, ask(call));
    await engine.drain();
    await drawTranscript(deps, call);
    await drawTranscript(deps, call);
    expect(drawn()).toHaveLength(0);
  });

  it('shows of what was cut off only what was heard, and the last thirty lines', async () => {
    const call = await talking();
    for (let n = 1; n <= 40; n += 1) await says(engine, call.callId, { role: 'contact', text: `Line ${n}` });
    await says(engine, call.callId, {
      role: 'assistant',
      text: 'We open at eight and close at five.',
      heardText: 'We open at',
      isInterrupted: true,
    });
    await listenIn(deps, ask(call));
    await engine.drain();
    const [post] = chat.posted.filter(({ content }) => content.kind === 'live_transcript');
    const content = post?.content as LiveTranscript;
    expect(content.lines).toHaveLength(30);
    expect(content.omitted).toBe(11);
    expect(content.lines.at(-1)).toEqual({ who: 'assistant', text: 'We open at', isCut: true });
    expect(content.lines.at(0)?.text).toBe('Line 12');
  });

  it('draws what was said while a drawing was under way, and the end in any case', async () => {
    const call = await talking();
    await listenIn(deps, ask(call));
    await engine.drain();
    await hears(call.callId, 'Hello?');
    chat.update = async (place, content) => {
      chat.update = updating;
      await says(engine, call.callId, { role: 'contact', text: 'Goodbye.' });
      await changeCall(deps.db, call.callId, { endedAt: clock.now() });
      return updating(place, content);
    };
    await engine.wait(3_000);
    await engine.drain();
    await engine.wait(3_000);
    await engine.drain();
    expect(drawn().at(-1)).toMatchObject({
      isLive: false,
      lines: [{ text: 'Hello?' }, { text: 'Goodbye.' }],
    });
  });

  it('shows that the call has ended once the carrier reports so', async () => {
    const call = await talking();
    await listenIn(deps, ask(call));
    await engine.drain();
    await engine.report({
      kind: 'call_status',
      token: call.token,
      ref: call.ref,
      status: 'completed',
      sequence: 3,
      durationSeconds: 20,
      sipCode: 200,
      answeredBy: null,
      refusal: null,
      price: null,
    });
    await engine.drain();
    await engine.wait(3_000);
    await engine.drain();
    expect(drawn()).toMatchObject([{ callId: call.callId, isLive: false }]);
  });

  it.each<ChatResult>([
    { kind: 'throttled', retryAfterMs: 9_000 },
    { kind: 'unknown', cause: 'timeout' },
  ])('draws again later when Slack answers $kind', async (result) => {
    const call = await talking();
    await listenIn(deps, ask(call));
    await engine.drain();
    await hears(call.callId, 'Hello?');
    chat.update = async () => {
      chat.update = updating;
      return result;
    };
    await engine.wait(3_000);
    await engine.drain();
    expect(drawn()).toHaveLength(0);
    await engine.wait(9_000);
    await engine.drain();
    expect(drawn()).toHaveLength(1);
  });

  it('may be asked for anew after somebody deleted the message', async () => {
    const call = await talking();
    await listenIn(deps, ask(call));
    await engine.drain();
    await hears(call.callId, 'Hello?');
    chat.update = async () => ({ kind: 'lost', problem: 'message_deleted' });
    await engine.wait(3_000);
    await engine.drain();
    expect(await listenIn(deps, ask(call))).toEqual({ isNew: true });
  });

  it('is refused to guests, for calls that ring, that are over, or that nobody knows, and in words', async () => {
    const call = await talking();
    await expect(listenIn(deps, ask(call, GUEST))).rejects.toThrow('You may not hear or read');
    const ringing = await placeCall(engine);
    await expect(listenIn(deps, ask(ringing))).rejects.toMatchObject({ code: 'call_not_answered' });
    await changeCall(deps.db, call.callId, { endedAt: NOON });
    await expect(listenIn(deps, ask(call))).rejects.toMatchObject({ code: 'call_over' });
    await expect(listenIn(deps, { ...ask(call), callId: 99_999 })).rejects.toMatchObject({
      code: 'call_not_found',
    });
    await expect(listenIn(deps, { ...ask(ringing), workspaceId: 999 })).rejects.toMatchObject({
      code: 'call_not_found',
    });
  });

  it('is refused where there is no thread', async () => {
    const call = await talking({ channelId: null });
    await expect(listenIn(deps, ask(call))).rejects.toMatchObject({ code: 'no_thread' });
    expect(await deps.db.$count(posts, eq(posts.postKey, `listen:${call.callId}`))).toBe(0);
  });
});

describe('hanging up', () => {
  it('ends the call at the carrier, and the thread says who did it', async () => {
    const call = await talking();
    expect(await hangUpCall(deps, ask(call))).toEqual({ kind: 'done', sentence: 'The call was hung up.' });
    expect(carrier.changes).toEqual([{ kind: 'hang_up', ref: call.ref }]);
    await engine.drain();
    expect(notesIn(call.channelId)).toEqual([
      expect.stringContaining('{by} hung up the call with P1 (+1 212'),
    ]);
    expect(await notedOn(call.callId)).toEqual(['A colleague hung up the call.']);
    const events = await deps.db
      .select()
      .from(campaignEvents)
      .where(eq(campaignEvents.campaignId, call.campaignId));
    expect(events).toContainEqual(expect.objectContaining({ kind: 'call_hung_up', actor: 'slack:U_ANNA' }));
  });

  it('takes a call back that only rings, and hangs up one that is answered in that moment', async () => {
    const ringing = await placeCall(engine);
    expect(await hangUpCall(deps, ask(ringing))).toMatchObject({ kind: 'done' });
    expect(carrier.changes).toEqual([{ kind: 'cancel', ref: ringing.ref }]);
    const answered = await placeCall(engine);
    carrier.changes.length = 0;
    carrier.answerChange = ({ kind }) => ({ kind: kind === 'cancel' ? 'too_late' : 'done' });
    expect(await hangUpCall(deps, ask(answered))).toMatchObject({ kind: 'done' });
    expect(carrier.changes.map(({ kind }) => kind)).toEqual(['cancel', 'hang_up']);
  });

  it.each([
    ['too_late', { kind: 'too_late' } as const, 'had ended by itself'],
    ['unknown', { kind: 'unknown', cause: 'timeout' } as const, 'nobody can say'],
  ])('says so when the carrier says %s, and claims nothing in the thread', async (kind, change, words) => {
    const call = await talking();
    carrier.answerChange = () => change;
    const told = await hangUpCall(deps, ask(call));
    expect(told.kind).toBe(kind);
    expect(told.sentence).toContain(words);
    await engine.drain();
    expect(notesIn(call.channelId)).toEqual([]);
    expect(await notedOn(call.callId)).toEqual([]);
  });

  it('is refused for a call that is over', async () => {
    const call = await talking();
    await changeCall(deps.db, call.callId, { endedAt: NOON });
    await expect(hangUpCall(deps, ask(call))).rejects.toMatchObject({ code: 'call_over' });
    expect(carrier.changes).toEqual([]);
  });

  it('ends a call that was made to us, whose message in the thread says so', async () => {
    const { phone, channelId } = await placeCall(engine);
    const { token } = await desk.answerInbound({ ref: `HANG${phone}`, from: phone, to: OUR_NUMBER });
    await engine.drain();
    const { id: callId } = await readCallRow(engine, token);
    clock.move(9_000);
    await hangUpCall(deps, { workspaceId, callId, actor: ANNA });
    await engine.drain();
    await engine.wait(3_000);
    await engine.drain();
    const updated = chat.updated.filter(({ place }) => place.channelId === channelId);
    expect(updated.map(({ content }) => content)).toContainEqual(
      expect.objectContaining({ kind: 'call_note', isLive: false, durationSeconds: 9 }),
    );
  });
});

describe('taking over', () => {
  it('rings the phone of the person who asks, and of nobody else', async () => {
    const call = await talking();
    const told = await takeOverCall(deps, ask(call));
    expect(told).toMatchObject({ kind: 'done', sentence: expect.stringContaining('(Anna) is ringing') });
    expect(carrier.changes).toMatchObject([
      {
        kind: 'redirect',
        ref: call.ref,
        token: call.token,
        steps: [{ kind: 'say' }, { kind: 'dial', phoneNumber: '+12125557002', callerId: OUR_NUMBER }],
      },
    ]);
    await engine.drain();
    expect(notesIn(call.channelId)).toEqual([expect.stringContaining('{by} took over the call with P1')]);
    expect(await notedOn(call.callId)).toEqual(['The call was put through to Anna.']);
    expect(await readCallRow(engine, call.token)).toMatchObject({ transferKey: 'anna' });
  });

  it('goes to the same phone when the provider tells of the broken conversation first', async () => {
    const call = await talking();
    carrier.answerChange = async () => {
      expect(await desk.proceed({ ...call, session: LOST_SESSION })).toMatchObject([
        { kind: 'dial', phoneNumber: '+12125557002' },
      ]);
      return { kind: 'done' };
    };
    expect(await takeOverCall(deps, ask(call))).toMatchObject({ kind: 'done' });
  });

  it('is refused without a number of theirs, and the call goes on', async () => {
    const call = await talking();
    await expect(takeOverCall(deps, ask(call, BEN))).rejects.toMatchObject({ code: 'no_transfer_target' });
    expect(carrier.changes).toEqual([]);
    expect(await readCallRow(engine, call.token)).toMatchObject({ transferKey: null });
  });

  it('is never meant for the system, for which no target stands', async () => {
    const assistantId = await makeAssistant(engine);
    const call = await talking({ assistantId });
    const asked = { workspaceId, callId: call.callId, actor: { kind: 'system' } as const };
    await expect(takeOverCall(deps, asked)).rejects.toMatchObject({ code: 'no_transfer_target' });
  });

  it.each([
    ['too_late', { kind: 'too_late' } as const, null],
    ['unknown', { kind: 'unknown', cause: 'timeout' } as const, 'anna'],
  ])('says so when the carrier says %s', async (kind, change, transferKey) => {
    const call = await talking();
    carrier.answerChange = () => change;
    expect(await takeOverCall(deps, ask(call))).toMatchObject({ kind });
    await engine.drain();
    expect(notesIn(call.channelId)).toEqual([]);
    expect(await readCallRow(engine, call.token)).toMatchObject({ transferKey });
  });
});

describe('the calls of a contact', () => {
  it('are all there with what was said, newest first, in either direction', async () => {
    const call = await talking();
    await says(engine, call.callId, { role: 'assistant', text: 'Your order is ready.' });
    await says(engine, call.callId, { role: 'contact', text: 'Tomorrow.' });
    await changeCall(deps.db, call.callId, {
      endedAt: new Date(NOON.getTime() + 30_000),
      durationSeconds: 30,
      result: 'callback',
      summary: 'They want to be called tomorrow.',
      answers: { day: 'tomorrow' },
      callbackAt: new Date('2026-11-25T20:00:00.000Z'),
    });
    clock.move(60_000);
    await desk.answerInbound({ ref: `BACK${call.ref}`, from: call.phone, to: OUR_NUMBER });
    const [back, called, ...more] = await showCallsOfContact(deps, { workspaceId, phone: call.phone });
    expect(more).toEqual([]);
    expect(back).toMatchObject({ direction: 'inbound', isLive: true, attempt: null });
    expect(called).toMatchObject({
      callId: call.callId,
      direction: 'outbound',
      isLive: false,
      result: 'callback',
      summary: 'They want to be called tomorrow.',
      answers: { day: 'tomorrow' },
      callback: 'tomorrow at 15:00, New York time',
      durationSeconds: 30,
      turns: [
        { who: 'assistant', text: 'Your order is ready.' },
        { who: 'contact', text: 'Tomorrow.' },
      ],
    });
  });

  it('are shown one by one to whoever may listen', async () => {
    const call = await talking();
    expect(await showCall(deps, ask(call))).toMatchObject({ callId: call.callId, isLive: true });
    await expect(showCall(deps, ask(call, GUEST))).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('are none for a number nobody called, and refused for what is no number', async () => {
    expect(await showCallsOfContact(deps, { workspaceId, phone: '+12125550199' })).toEqual([]);
    await expect(showCallsOfContact(deps, { workspaceId, phone: 'hello' })).rejects.toMatchObject({
      code: 'phone_invalid',
    });
  });
});

it('keeps notes apart from the turns that a running session numbers itself', async () => {
  const call = await talking();
  await says(engine, call.callId, { role: 'contact', text: 'Hello?' });
  await hangUpCall(deps, ask(call));
  const turns = await deps.db.select().from(callTurns).where(eq(callTurns.callId, call.callId));
  expect(turns.map(({ role, seq }) => [role, Math.sign(seq)])).toEqual(
    expect.arrayContaining([
      ['contact', 1],
      ['note', -1],
    ]),
  );
  expect(await deps.db.$count(calls, eq(calls.id, call.callId))).toBe(1);
});
