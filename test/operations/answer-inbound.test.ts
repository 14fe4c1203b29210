import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { changeStatus } from '#operations/change-status.ts';
import { mergeProviderEvents } from '#operations/merge-provider-events.ts';
import type { SessionEnd } from '#ports/call-flow.ts';
import {
  beginSession,
  conversationIn,
  kinds,
  makeAssistant,
  OUR_NUMBER,
  placeCall,
  readCallRow,
  spokenIn,
} from '#support/desk.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps, clock, chat, workspace } = engine;
const desk = createCallDesk(deps);
const DAY_MS = 86_400_000;
let rung = 0;

beforeEach(() => {
  clock.set(NOON);
  chat.posted.length = 0;
});

function ring(from: string, to = OUR_NUMBER) {
  rung += 1;
  return { ref: `IN_CALL_${rung}`, from, to };
}

function callNotes(channelId: string) {
  return chat.posted.flatMap(({ place, content }) =>
    place.channelId === channelId && content.kind === 'call_note' ? [content] : [],
  );
}

describe('somebody who rings back', () => {
  it('is answered by the assistant of the campaign that called, who says who we are, why, and how to opt out', async () => {
    const { phone, campaignId, token } = await placeCall(engine);
    const called = await readCallRow(engine, token);
    const answer = await desk.answerInbound(ring(phone));
    const row = await readCallRow(engine, answer.token);
    const { greeting } = conversationIn(answer.steps);
    expect(greeting).toContain(called.script.assistantName);
    expect(greeting).toContain('automated voice assistant of Acme');
    expect(greeting).toContain('We called you recently');
    expect(greeting).toContain('press 9');
    expect(row).toMatchObject({
      direction: 'inbound',
      campaignId,
      contactNumber: phone,
      ourNumber: OUR_NUMBER,
    });
    expect(row.attemptId).toBeNull();
    expect(row.script).toMatchObject({
      welcome: called.script.welcome,
      agenda: called.script.agenda,
      voicemail: null,
      contactName: 'P1',
      detection: 'off',
    });
  });

  it('shows in the thread of that campaign while the call runs, with a masked number, once', async () => {
    const { phone, channelId } = await placeCall(engine);
    const call = ring(phone);
    await desk.answerInbound(call);
    await desk.answerInbound(call);
    await engine.drain();
    expect(callNotes(channelId)).toMatchObject([{ direction: 'inbound', isLive: true, contactName: 'P1' }]);
    expect(JSON.stringify(callNotes(channelId))).not.toContain(phone);
  });

  it('gets the same answer when the provider asks twice, also at the same time', async () => {
    const { phone } = await placeCall(engine);
    const call = ring(phone);
    const [one, other] = await Promise.all([desk.answerInbound(call), desk.answerInbound(call)]);
    expect(other).toEqual(one);
    expect(await desk.answerInbound(call)).toEqual(one);
    expect(await deps.db.$count(calls, eq(calls.providerRef, call.ref))).toBe(1);
  });

  it('is told of the recording by an assistant that records, and recorded', async () => {
    const assistantId = await makeAssistant(engine, { isRecording: true });
    const { phone } = await placeCall(engine, { assistantId });
    const { steps } = await desk.answerInbound(ring(phone));
    expect(kinds(steps)).toEqual(['record', 'converse']);
    expect(conversationIn(steps).greeting).toContain('recorded');
  });

  it('reaches the campaign that called last', async () => {
    const first = await placeCall(engine);
    const { phone } = first;
    await changeStatus(deps, { campaignId: first.campaignId, move: 'pause', actor: ANNA });
    await endedAs(first, 'no_answer');
    clock.move(3_600_000);
    const second = await placeCall(engine, {}, phone);
    const { token } = await desk.answerInbound(ring(phone));
    expect(await readCallRow(engine, token)).toMatchObject({ campaignId: second.campaignId });
  });

  it('counts as unknown a month after we called', async () => {
    const { phone } = await placeCall(engine);
    clock.move(30 * DAY_MS + 1);
    const { token, steps } = await desk.answerInbound(ring(phone));
    expect(await readCallRow(engine, token)).toMatchObject({ campaignId: null, contactId: null });
    expect(conversationIn(steps).greeting).not.toContain('recently');
  });

  it('counts as unknown when the call to them was taken back before it rang', async () => {
    const called = await placeCall(engine);
    await endedAs(called, 'canceled');
    const { token, steps } = await desk.answerInbound(ring(called.phone));
    expect(await readCallRow(engine, token)).toMatchObject({ campaignId: null });
    expect(conversationIn(steps).greeting).not.toContain('recently');
  });

  it('is greeted by who we are after a text as well', async () => {
    const [phone = ''] = phones(1, 6001);
    const campaignId = await engine.campaign({ phones: [phone] });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const { token, steps } = await desk.answerInbound(ring(phone));
    expect(conversationIn(steps).greeting).toContain('We texted you recently');
    expect(await readCallRow(engine, token)).toMatchObject({ campaignId });
  });

  it('ends with the session, at once, and is worked up', async () => {
    const { phone } = await placeCall(engine);
    const call = ring(phone);
    const { token } = await desk.answerInbound(call);
    await beginSession(engine, token, 'VX1');
    clock.move(42_000);
    const session: SessionEnd = {
      sessionRef: 'VX1',
      status: 'completed',
      handoff: null,
      problem: null,
      isLive: false,
    };
    expect(await desk.proceed({ token, ref: call.ref, session })).toEqual([]);
    expect(await readCallRow(engine, token)).toMatchObject({ endedAt: clock.now(), durationSeconds: 42 });
    expect(await waitingTasks(`finish:${(await readCallRow(engine, token)).id}`)).toBe(1);
    expect((await desk.answerInbound(call)).steps).toEqual([{ kind: 'hang_up' }]);
  });

  it('is connected again once when the line to the assistant breaks', async () => {
    const { phone } = await placeCall(engine);
    const call = ring(phone);
    const { token } = await desk.answerInbound(call);
    await beginSession(engine, token, 'VX1');
    const session = {
      sessionRef: 'VX1',
      status: 'failed',
      handoff: null,
      problem: '64105',
      isLive: true,
    } as const;
    expect(kinds(await desk.proceed({ token, ref: call.ref, session }))).toEqual(['converse']);
    expect(await readCallRow(engine, token)).toMatchObject({ endedAt: null });
  });
});

describe('somebody whom we never called', () => {
  it('hears who we are and how to opt out, and troubles no thread', async () => {
    await engine.drain();
    chat.posted.length = 0;
    await changeWorkspace(deps.db, workspace.id, { companyName: 'Acme Plumbing' });
    const { token, steps } = await desk.answerInbound(ring('+12125558888'));
    const { greeting } = conversationIn(steps);
    expect(greeting).toContain('automated voice assistant of Acme Plumbing');
    expect(greeting).toContain('press 9');
    await engine.drain();
    expect(chat.posted).toEqual([]);
    expect((await readCallRow(engine, token)).script.welcome).toContain('Acme Plumbing');
    await changeWorkspace(deps.db, workspace.id, { companyName: null });
  });

  it('is answered by the assistant of the number they call', async () => {
    const assistantId = await makeAssistant(engine, {
      name: 'Lea',
      voice: 'lea',
      phoneNumbers: ['+15005550077'],
    });
    const { token, steps } = await desk.answerInbound(ring('+12125558889', '+15005550077'));
    expect(conversationIn(steps)).toMatchObject({ voice: 'lea', language: 'fr-FR' });
    expect(conversationIn(steps).greeting).toContain('ici Lea');
    expect(await readCallRow(engine, token)).toMatchObject({ assistantId });
  });

  it.each(['anonymous', 'Restricted', '', '+266696687', '+7378742833', 'sip:alice@example.com'])(
    'is told how to be left alone when the number shown is “%s”, and the call is over',
    async (from) => {
      const call = ring(from);
      const answer = await desk.answerInbound(call);
      expect(kinds(answer.steps)).toEqual(['say', 'hang_up']);
      expect(spokenIn(answer.steps)).toContain('call again with your number shown');
      expect(await desk.answerInbound(call)).toEqual(answer);
      expect(await readCallRow(engine, answer.token)).toMatchObject({
        contactNumber: 'anonymous',
        endedAt: NOON,
        finishedAt: NOON,
      });
    },
  );
});

async function waitingTasks(key: string): Promise<number> {
  const rows = await deps.db.execute(`select from graphile_worker.jobs where key = '${key}'`);
  return rows.length;
}

async function endedAs(
  { token, ref }: { token: string; ref: string },
  status: 'no_answer' | 'canceled',
): Promise<void> {
  await engine.report({
    kind: 'call_status',
    token,
    ref,
    status,
    sequence: 3,
    durationSeconds: null,
    sipCode: 487,
    answeredBy: null,
    refusal: null,
    price: null,
  });
  await mergeProviderEvents(deps);
}
