import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeCall } from '#db/call-desk.ts';
import { callTurns } from '#db/call-schema.ts';
import { campaignEvents } from '#db/schema.ts';
import { writeHandoff } from '#domain/handoff.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import type { SessionEnd } from '#ports/call-flow.ts';
import {
  beginSession,
  conversationIn,
  createDeskStage,
  kinds,
  LOST_SESSION,
  OUR_NUMBER,
  type PlacedCall,
  placeCall,
  readCallRow,
  spokenIn,
} from '#support/desk.ts';
import { NOON } from '#support/engine.ts';

const { engine, desk, notesIn, reset } = await createDeskStage();
const { deps, clock } = engine;

beforeEach(reset);

const HANG_UP = [{ kind: 'hang_up' }];

/** A call on which a session was begun, so many times. */
async function talking(sessions = 1): Promise<PlacedCall> {
  const call = await placeCall(engine);
  await desk.answer({ ...call, verdict: null });
  for (let n = 1; n <= sessions; n += 1) await beginSession(engine, call.token, `VX${n}`);
  return call;
}

const proceed = ({ token, ref }: PlacedCall, session: Partial<SessionEnd>) =>
  desk.proceed({
    token,
    ref,
    session: { sessionRef: 'VX1', status: 'ended', handoff: null, problem: null, isLive: true, ...session },
  });
const lost = (call: PlacedCall, sessionRef: string | null = 'VX1') =>
  proceed(call, { ...LOST_SESSION, sessionRef });

async function notedOn(callId: number): Promise<string[]> {
  const turns = await deps.db.select().from(callTurns).where(eq(callTurns.callId, callId));
  return turns.map(({ text }) => text);
}

describe('a conversation that ended', () => {
  it('asks for nothing more when the person hung up', async () => {
    expect(await proceed(await talking(), { status: 'completed', isLive: false })).toEqual([]);
  });

  it.each([
    ['it says so', writeHandoff({ next: 'hang_up' })],
    ['it says nothing', null],
    ['it says what nobody understands', '{"next":'],
    ['it names something else', '{"next":"dance"}'],
  ])('is hung up when %s', async (_, handoff) => {
    expect(await proceed(await talking(), { handoff })).toEqual(HANG_UP);
  });

  it('says the last words first that the session had no time for, and never more than a few sentences', async () => {
    const steps = await proceed(await talking(), {
      handoff: writeHandoff({ next: 'hang_up', say: `Goodbye. ${'x'.repeat(900)}` }),
    });
    expect(kinds(steps)).toEqual(['say', 'hang_up']);
    expect(spokenIn(steps)).toHaveLength(500);
  });

  it('goes to the transfer target that it names, shown with our number', async () => {
    const call = await talking();
    const steps = await proceed(call, { handoff: writeHandoff({ next: 'transfer', key: 'sales' }) });
    expect(steps).toEqual([
      { kind: 'dial', phoneNumber: '+12125557001', callerId: OUR_NUMBER, ringSeconds: expect.any(Number) },
    ]);
    expect(await readCallRow(engine, call.token)).toMatchObject({ transferKey: 'sales' });
  });

  it('goes where the call’s own row says, whatever came back through the provider', async () => {
    const call = await talking();
    await changeCall(deps.db, call.callId, { transferKey: 'anna' });
    const steps = await proceed(call, { handoff: writeHandoff({ next: 'transfer', key: 'sales' }) });
    expect(steps).toMatchObject([{ kind: 'dial', phoneNumber: '+12125557002' }]);
  });

  it.each(['+19005551234', 'nobody'])('is never put through to %s, which is no target', async (key) => {
    const call = await talking();
    const steps = await proceed(call, { handoff: writeHandoff({ next: 'transfer', key }) });
    expect(kinds(steps)).toEqual(['say', 'hang_up']);
    await engine.drain();
    expect(notesIn(call.channelId).join()).toContain('Call them back');
  });

  it('leaves its message where the assistant met a machine after all', async () => {
    const call = await placeCall(engine, {
      leaveVoicemail: true,
      voicemailMessage: 'Call us back, {{name}}.',
    });
    await desk.answer({ ...call, verdict: null });
    await beginSession(engine, call.token, 'VX1');
    const steps = await proceed(call, { handoff: writeHandoff({ next: 'voicemail' }) });
    expect(spokenIn(steps)).toBe('Call us back, P1.');
    expect(await readCallRow(engine, call.token)).toMatchObject({ voicemailLeftAt: NOON });
  });

  it('leaves nothing on the machine of somebody who opted out meanwhile', async () => {
    const call = await placeCall(engine, { leaveVoicemail: true, voicemailMessage: 'Call us back.' });
    await desk.answer({ ...call, verdict: null });
    await beginSession(engine, call.token, 'VX1');
    await suppressNumber(deps, {
      workspaceId: engine.workspace.id,
      phone: call.phone,
      channel: 'all',
      reason: 'They wrote to us.',
      source: 'opt_out',
      actor: { kind: 'system' },
    });
    expect(await proceed(call, { handoff: writeHandoff({ next: 'voicemail' }) })).toEqual(HANG_UP);
    expect(await readCallRow(engine, call.token)).toMatchObject({ voicemailLeftAt: null });
  });
});

describe('a conversation whose line broke', () => {
  it('goes on once without its greeting, also when the provider tells of it twice', async () => {
    const call = await talking();
    const steps = await lost(call);
    expect(kinds(steps)).toEqual(['converse']);
    expect(conversationIn(steps).greeting).toBeNull();
    expect(await lost(call)).toEqual(steps);
    expect(await readCallRow(engine, call.token)).toMatchObject({
      sessionNonce: conversationIn(steps).nonce,
    });
  });

  it('ends with an apology that names us when it breaks a second time', async () => {
    const call = await talking();
    await lost(call);
    await beginSession(engine, call.token, 'VX2');
    const steps = await lost(call, 'VX2');
    expect(kinds(steps)).toEqual(['say', 'hang_up']);
    expect(spokenIn(steps)).toContain('automated call for Acme');
    expect(await notedOn(call.callId)).toEqual([
      'The line to the assistant broke; it was connected again.',
      'The assistant could not be connected; they were told so and the call was ended.',
    ]);
  });

  it.each([
    ['another session', 'VX_NEW'],
    ['no session', null],
  ])(
    'ends with an apology when what was to take it up never began, and %s is named',
    async (_, sessionRef) => {
      const call = await talking();
      await lost(call);
      expect(kinds(await lost(call, sessionRef))).toEqual(['say', 'hang_up']);
    },
  );

  it('is apologised for and counted when no session ever began', async () => {
    const call = await talking(0);
    const steps = await lost(call, null);
    expect(spokenIn(steps)).toContain('automated call for Acme');
    const events = await deps.db
      .select()
      .from(campaignEvents)
      .where(eq(campaignEvents.campaignId, call.campaignId));
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'call_abandoned',
        details: { callId: call.callId, why: 'no_session' },
      }),
    );
  });

  it('tells the thread of calls that could not be held once an hour', async () => {
    const call = await talking(0);
    await lost(call, null);
    await lost(call, null);
    clock.move(3_600_000);
    await lost(call, null);
    await engine.drain();
    expect(notesIn(call.channelId).filter((text) => text.includes('could not be connected'))).toHaveLength(2);
  });

  it('is not taken up again with somebody who has opted out', async () => {
    const call = await talking();
    await suppressNumber(deps, {
      workspaceId: engine.workspace.id,
      phone: call.phone,
      channel: 'all',
      reason: 'They said stop.',
      source: 'opt_out',
      actor: { kind: 'system' },
    });
    expect(await lost(call)).toEqual(HANG_UP);
  });

  it('asks for nothing when the person is gone as well', async () => {
    const call = await talking();
    expect(await proceed(call, { status: 'failed', isLive: false })).toEqual([]);
  });
});

describe('somebody who was put through', () => {
  it('is hung up when that call is over', async () => {
    const call = await talking();
    await proceed(call, { handoff: writeHandoff({ next: 'transfer', key: 'sales' }) });
    expect(await desk.afterDial({ ...call, wasAnswered: true })).toEqual(HANG_UP);
    expect(await notedOn(call.callId)).toEqual([]);
  });

  it('hears that nobody took the call, and the thread is told to call them back, once', async () => {
    const call = await talking();
    await proceed(call, { handoff: writeHandoff({ next: 'transfer', key: 'sales' }) });
    const steps = await desk.afterDial({ ...call, wasAnswered: false });
    expect(kinds(steps)).toEqual(['say', 'hang_up']);
    expect(spokenIn(steps)).toContain('Acme');
    await desk.afterDial({ ...call, wasAnswered: false });
    await engine.drain();
    const told = notesIn(call.channelId).filter((text) => text.includes('nobody took the call'));
    expect(told).toHaveLength(1);
    expect(told.join()).not.toContain(call.phone);
    expect(await readCallRow(engine, call.token)).toMatchObject({ transferKey: null });
  });
});

it('hangs up for whoever asks about a call that has ended', async () => {
  const call = await talking();
  await changeCall(deps.db, call.callId, { endedAt: clock.now() });
  expect(await lost(call)).toEqual(HANG_UP);
  expect(await desk.afterDial({ ...call, wasAnswered: false })).toEqual(HANG_UP);
  expect(await desk.answer({ ...call, verdict: null })).toEqual(HANG_UP);
});
