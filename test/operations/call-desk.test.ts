import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeCall } from '#db/call-desk.ts';
import { attempts, campaignEvents } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { mergeProviderEvents } from '#operations/merge-provider-events.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import {
  beginSession,
  conversationIn,
  createDeskStage,
  kinds,
  LOST_SESSION,
  makeAssistant,
  type PlacedCall,
  placeCall,
  readAttemptRow,
  readCallRow,
  spokenIn,
} from '#support/desk.ts';
import { ANNA, NOON } from '#support/engine.ts';

const { engine, desk, notesIn, reset } = await createDeskStage();
const { deps, clock } = engine;
const accepting = engine.carrier.answerCall;

beforeEach(() => {
  reset();
  engine.carrier.answerCall = accepting;
});

const answer = ({ token, ref }: PlacedCall, verdict: Parameters<typeof desk.answer>[0]['verdict'] = null) =>
  desk.answer({ token, ref, verdict });

async function abandonments(campaignId: number) {
  const rows = await deps.db.select().from(campaignEvents).where(eq(campaignEvents.campaignId, campaignId));
  return rows.filter(({ kind }) => kind === 'call_abandoned').map(({ details }) => details.why);
}

describe('a call that somebody answers', () => {
  it('is greeted with the fixed words and handed to the assistant, with a nonce of a minute', async () => {
    const call = await placeCall(engine);
    const step = conversationIn(await answer(call));
    const row = await readCallRow(engine, call.token);
    expect(step).toMatchObject({ greeting: row.script.greeting, voice: 'joanna', language: 'en-US' });
    expect(step.hints).toEqual(['P1', 'Acme', row.script.assistantName]);
    expect(row).toMatchObject({ sessionNonce: step.nonce, answeredAt: NOON });
    expect(row.sessionNonceUntil?.getTime()).toBe(NOON.getTime() + 60_000);
  });

  it.each([
    ['human', 2_001, ['silence']],
    ['unknown', 4_000, ['silence']],
    ['human', 2_000, []],
    ['human', null, []],
    ['machine', 4_000, []],
  ] as const)('by %s after %s ms of silence counts as abandoned: %j', async (verdict, silentMs, counted) => {
    const call = await placeCall(engine);
    const { token, ref } = call;
    for (let asked = 0; asked < 2; asked += 1) await desk.answer({ token, ref, verdict, silentMs });
    const row = await readCallRow(engine, token);
    expect(await abandonments(row.campaignId ?? 0)).toEqual(counted);
  });

  it('is recorded from the beginning where its assistant records', async () => {
    const call = await placeCall(engine, { assistantId: await makeAssistant(engine, { isRecording: true }) });
    expect(kinds(await answer(call))).toEqual(['record', 'converse']);
  });

  it('gets the same answer when the provider asks twice, so that either one may begin the session', async () => {
    const call = await placeCall(engine);
    const first = await answer(call);
    clock.move(20_000);
    expect(await answer(call)).toEqual(first);
    const row = await readCallRow(engine, call.token);
    expect(row.sessionNonceUntil?.getTime()).toBe(NOON.getTime() + 80_000);
    expect(row.answeredAt).toEqual(NOON);
  });

  it('is not greeted again when the provider asks while the session runs', async () => {
    const call = await placeCall(engine, { assistantId: await makeAssistant(engine, { isRecording: true }) });
    const first = conversationIn(await answer(call));
    await beginSession(engine, call.token, 'VX1');
    const again = await answer(call);
    expect(kinds(again)).toEqual(['converse']);
    expect(conversationIn(again)).toMatchObject({ greeting: null });
    expect(conversationIn(again).nonce).not.toBe(first.nonce);
  });

  it('belongs to the provider’s call that asks first when its answer to us was lost', async () => {
    engine.carrier.answerCall = () => ({ kind: 'unknown', cause: 'timeout' });
    const placing = placeCall(engine);
    await expect(placing).rejects.toThrow('has not called');
    const [attempt] = await deps.db.select().from(attempts).where(eq(attempts.state, 'unknown'));
    if (!attempt) throw new Error('no attempt is unknown');
    expect(kinds(await desk.answer({ token: attempt.token, ref: 'CA_FOUND', verdict: null }))).toEqual([
      'converse',
    ]);
    expect(await readAttemptRow(engine, attempt.id)).toMatchObject({
      providerRef: 'CA_FOUND',
      state: 'ringing',
    });
    expect(kinds(await desk.answer({ token: attempt.token, ref: 'CA_OTHER', verdict: null }))).toEqual([
      'hang_up',
    ]);
  });
});

describe('a second call for one attempt', () => {
  it('and the first have one owner between them when both ask at the same time', async () => {
    const call = await placeCall(engine);
    await deps.db.update(attempts).set({ providerRef: null }).where(eq(attempts.id, call.attemptId));
    await changeCall(deps.db, call.callId, { providerRef: null });
    const answers = await Promise.all(
      ['CA_ONE', 'CA_TWO', 'CA_THREE'].map((ref) => desk.answer({ token: call.token, ref, verdict: null })),
    );
    expect(answers.map(kinds).toSorted()).toEqual([['converse'], ['hang_up'], ['hang_up']]);
    const owner = ['CA_ONE', 'CA_TWO', 'CA_THREE'][
      answers.findIndex((steps) => kinds(steps).includes('converse'))
    ];
    expect(await readCallRow(engine, call.token)).toMatchObject({ providerRef: owner });
    expect(await readAttemptRow(engine, call.attemptId)).toMatchObject({ providerRef: owner });
  });

  it('is hung up at once, ended at the carrier, and told in the thread, while the first goes on', async () => {
    const call = await placeCall(engine);
    const first = await answer(call);
    expect(await desk.answer({ ...call, ref: 'CA_SECOND', verdict: null })).toEqual([{ kind: 'hang_up' }]);
    await engine.drain();
    expect(engine.carrier.changes).toContainEqual({ kind: 'cancel', ref: 'CA_SECOND' });
    expect(notesIn(call.channelId).join()).toContain('second call');
    expect(await answer(call)).toEqual(first);
    expect((await readCallRow(engine, call.token)).providerRef).toBe(call.ref);
  });

  it('may not go on a conversation, nor be put through', async () => {
    const call = await placeCall(engine);
    await answer(call);
    const other = { token: call.token, ref: 'CA_SECOND' };
    expect(await desk.proceed({ ...other, session: LOST_SESSION })).toEqual([{ kind: 'hang_up' }]);
    expect(await desk.afterDial({ ...other, wasAnswered: false })).toEqual([{ kind: 'hang_up' }]);
  });
});

describe('a call that must not be held any more', () => {
  it('is hung up when nobody knows its token', async () => {
    expect(await desk.answer({ token: 'nobody', ref: 'CA0', verdict: null })).toEqual([{ kind: 'hang_up' }]);
  });

  it('is hung up when its attempt has ended', async () => {
    const call = await placeCall(engine);
    await engine.report(statusOf(call, 'no_answer'));
    await mergeProviderEvents(deps);
    expect(await answer(call)).toEqual([{ kind: 'hang_up' }]);
    expect(await abandonments(call.campaignId)).toEqual([]);
  });

  it('is hung up and counted when they came onto the do-not-call list while it rang', async () => {
    const call = await placeCall(engine);
    await suppressNumber(deps, {
      workspaceId: engine.workspace.id,
      phone: call.phone,
      channel: 'voice',
      reason: 'They asked.',
      source: 'manual',
      actor: ANNA,
    });
    expect(await answer(call)).toEqual([{ kind: 'hang_up' }]);
    expect(await answer(call)).toEqual([{ kind: 'hang_up' }]);
    expect(await abandonments(call.campaignId)).toEqual(['suppressed']);
    await engine.drain();
    expect(notesIn(call.channelId).join()).toContain('do-not-call list');
  });

  it('is held although they want no texts', async () => {
    const call = await placeCall(engine);
    await suppressNumber(deps, {
      workspaceId: engine.workspace.id,
      phone: call.phone,
      channel: 'sms',
      reason: 'They asked.',
      source: 'manual',
      actor: ANNA,
    });
    expect(kinds(await answer(call))).toEqual(['converse']);
  });

  it('is hung up and counted when the campaign was cancelled, and held when it was paused', async () => {
    const cancelled = await placeCall(engine);
    await changeStatus(deps, { campaignId: cancelled.campaignId, move: 'cancel', actor: ANNA });
    expect(await answer(cancelled)).toEqual([{ kind: 'hang_up' }]);
    expect(await abandonments(cancelled.campaignId)).toEqual(['cancelled']);
    const paused = await placeCall(engine);
    await changeStatus(deps, { campaignId: paused.campaignId, move: 'pause', actor: ANNA });
    expect(kinds(await answer(paused))).toEqual(['converse']);
  });

  it('is hung up when the carrier had queued it until after their hours', async () => {
    const call = await placeCall(engine);
    clock.move(9 * 3_600_000);
    expect(await answer(call)).toEqual([{ kind: 'hang_up' }]);
    expect(await abandonments(call.campaignId)).toEqual(['after_hours']);
  });

  it('is held when it rang in time and was picked up as their hours ended', async () => {
    const late = new Date('2026-11-25T01:59:45.000Z');
    clock.set(late);
    const call = await placeCall(engine);
    clock.move(20_000);
    expect(kinds(await answer(call))).toEqual(['converse']);
  });

  it('is taken back when it had been given up and its contact still waits', async () => {
    const call = await placeCall(engine);
    await engine.deps.db
      .update(attempts)
      .set({ state: 'ended', outcome: 'not_placed', endedAt: NOON })
      .where(eq(attempts.id, call.attemptId));
    await deps.db.execute(`update contacts set status = 'pending' where campaign_id = ${call.campaignId}`);
    expect(kinds(await answer(call))).toEqual(['converse']);
    expect(await readAttemptRow(engine, call.attemptId)).toMatchObject({ state: 'ringing', outcome: null });
  });
});

describe('a machine that answers before anything is said', () => {
  const WITH_VOICEMAIL = {
    detectionMode: 'sync' as const,
    leaveVoicemail: true,
    voicemailMessage: 'Call us back, {{name}}.',
  };

  it('gets the message after its beep, the same one when the provider asks twice', async () => {
    const call = await placeCall(engine, WITH_VOICEMAIL);
    const steps = await answer(call, 'machine_ready');
    expect(kinds(steps)).toEqual(['say', 'hang_up']);
    expect(spokenIn(steps)).toBe('Call us back, P1.');
    expect(await answer(call, 'machine_ready')).toEqual(steps);
    expect(await readCallRow(engine, call.token)).toMatchObject({
      answeredBy: 'machine_ready',
      voicemailLeftAt: NOON,
      verdictActedAt: NOON,
    });
  });

  it.each(['machine', 'fax'] as const)('is hung up without a message when it is a %s', async (verdict) => {
    const call = await placeCall(engine, WITH_VOICEMAIL);
    expect(await answer(call, verdict)).toEqual([{ kind: 'hang_up' }]);
    expect(await readCallRow(engine, call.token)).toMatchObject({
      answeredBy: verdict,
      voicemailLeftAt: null,
    });
    expect(await abandonments(call.campaignId)).toEqual([]);
  });

  it('is hung up when the campaign leaves no messages', async () => {
    const call = await placeCall(engine, { detectionMode: 'sync' });
    expect(await answer(call, 'machine_ready')).toEqual([{ kind: 'hang_up' }]);
  });

  it('is left no message for somebody who opted out meanwhile', async () => {
    const call = await placeCall(engine, WITH_VOICEMAIL);
    await suppressNumber(deps, {
      workspaceId: engine.workspace.id,
      phone: call.phone,
      channel: 'all',
      reason: 'They asked.',
      source: 'manual',
      actor: ANNA,
    });
    expect(await answer(call, 'machine_ready')).toEqual([{ kind: 'hang_up' }]);
    expect(await readCallRow(engine, call.token)).toMatchObject({ voicemailLeftAt: null });
  });

  it.each(['human', 'unknown'] as const)('is none when the verdict is %s', async (verdict) => {
    const call = await placeCall(engine, WITH_VOICEMAIL);
    expect(kinds(await answer(call, verdict))).toEqual(['converse']);
  });
});

function statusOf({ token, ref }: PlacedCall, status: 'no_answer' | 'completed') {
  return {
    kind: 'call_status' as const,
    token,
    ref,
    status,
    sequence: 3,
    durationSeconds: status === 'completed' ? 20 : null,
    sipCode: null,
    answeredBy: null,
    refusal: null,
    price: null,
  };
}
