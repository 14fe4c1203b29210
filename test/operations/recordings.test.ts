import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeCall } from '#db/call-desk.ts';
import { recordings } from '#db/call-schema.ts';
import { createCallDesk } from '#operations/call-desk.ts';
import { keepRecording } from '#operations/keep-recording.ts';
import type { TalkingCall } from '#operations/open-conversation.ts';
import { purge } from '#operations/purge.ts';
import { refuseRecording } from '#operations/refuse-recording.ts';
import { sendRecording } from '#operations/send-recording.ts';
import { showCall } from '#operations/show-calls-of-contact.ts';
import { type CallChange, LookupFailed, type RecordingEvent } from '#ports/telephony.ts';
import { makeAssistant, type PlacedCall, placeCall } from '#support/desk.ts';
import { ANNA, createEngine, NOON } from '#support/engine.ts';

const engine = await createEngine();
const { deps, clock, carrier, chat, workspace } = engine;
const desk = createCallDesk(deps);
const DAY_MS = 86_400_000;
const DM = { channelId: 'D_ANNA', threadTs: null };
const uploading = chat.uploadFile;
let asked: string[] = [];
let answer: (what: 'stop' | 'delete', ref: string) => CallChange;

carrier.stopRecording = async ({ ref, recordingRef }) => {
  asked.push(`stop ${recordingRef} of ${ref}`);
  return answer('stop', recordingRef);
};
carrier.deleteRecording = async (recordingRef) => {
  asked.push(`delete ${recordingRef}`);
  return answer('delete', recordingRef);
};

beforeEach(async () => {
  clock.set(NOON);
  await engine.drain();
  await deps.db.delete(recordings);
  asked = [];
  answer = () => ({ kind: 'done' });
  chat.files.length = 0;
  chat.uploadFile = uploading;
  carrier.fetchRecording = async () => ({ size: 6, stream: audio('ID3', 'mp3') });
});

async function* audio(...pieces: string[]): AsyncIterable<Uint8Array> {
  for (const piece of pieces) yield new TextEncoder().encode(piece);
}

/** A call that its assistant records and keeps for ten days. */
async function recorded(): Promise<PlacedCall> {
  const assistantId = await makeAssistant(engine, { isRecording: true, recordingDays: 10 });
  const call = await placeCall(engine, { assistantId });
  await desk.answer({ ...call, verdict: null });
  return call;
}

function report(call: PlacedCall, event: Partial<RecordingEvent>): Promise<void> {
  const { token, ref, callId } = call;
  return deps.db.transaction((tx) =>
    keepRecording(deps, tx, {
      kind: 'recording',
      token,
      ref,
      recordingRef: `RE${callId}`,
      status: 'completed',
      durationSeconds: 21,
      channels: 2,
      ...event,
    }),
  );
}

/** The person on the call says that they do not want it. */
async function refuse({ callId }: PlacedCall): Promise<void> {
  await deps.db.transaction((tx) => refuseRecording(deps, tx, { id: callId } as TalkingCall, {}));
}

async function kept({ callId }: PlacedCall) {
  const rows = await deps.db.select().from(recordings).where(eq(recordings.callId, callId));
  return rows[0] ?? null;
}

async function idOf(call: PlacedCall): Promise<number> {
  return (await kept(call))?.id ?? 0;
}

describe('what the provider reports of a recording', () => {
  it('is kept with the call for as many days as its assistant says', async () => {
    const call = await recorded();
    await report(call, { status: 'in_progress', durationSeconds: null, channels: null });
    await report(call, {});
    expect(await kept(call)).toMatchObject({
      status: 'completed',
      durationSeconds: 21,
      channels: 2,
      deleteAfter: new Date(NOON.getTime() + 10 * DAY_MS),
    });
  });

  it('finds its call by the provider’s id where it has no token', async () => {
    const call = await recorded();
    await report(call, { token: null });
    expect(await kept(call)).toMatchObject({ status: 'completed' });
  });

  it('only moves forward, in whatever order and however often it comes', async () => {
    const call = await recorded();
    await report(call, {});
    await report(call, { status: 'in_progress', durationSeconds: null });
    await report(call, {});
    expect(await kept(call)).toMatchObject({ status: 'completed', durationSeconds: 21 });
    expect(await deps.db.$count(recordings)).toBe(1);
  });

  it('changes nothing about one that was deleted', async () => {
    const call = await recorded();
    await report(call, {});
    clock.move(11 * DAY_MS);
    await purge(deps);
    await report(call, {});
    expect(await kept(call)).toMatchObject({ status: 'deleted' });
  });

  it('is not kept when it is about no call of ours', async () => {
    const call = await recorded();
    await report({ ...call, token: 'nobody', ref: 'CA_NOBODY' }, {});
    expect(await deps.db.$count(recordings)).toBe(0);
  });

  it('is deleted at once where nobody was to be recorded', async () => {
    const call = await placeCall(engine);
    await report(call, {});
    await engine.drain();
    expect(asked).toEqual([`delete RE${call.callId}`]);
    expect(await kept(call)).toMatchObject({ status: 'deleted', deletedAt: NOON });
  });
});

describe('a recording whose days are over', () => {
  it('is deleted at the provider first, and not before', async () => {
    const call = await recorded();
    await report(call, {});
    clock.move(10 * DAY_MS - 1);
    await purge(deps);
    expect(asked).toEqual([]);
    clock.move(1);
    await purge(deps);
    expect(asked).toEqual([`delete RE${call.callId}`]);
    expect(await kept(call)).toMatchObject({ status: 'deleted', deletedAt: clock.now() });
    await purge(deps);
    expect(asked).toHaveLength(1);
  });

  it.each<CallChange>([{ kind: 'unknown', cause: 'timeout' }, { kind: 'too_late' }])(
    'is tried again the next night when the provider answers $kind, and holds up no other',
    async (change) => {
      const calls = [await recorded(), await recorded()] as const;
      for (const call of calls) await report(call, {});
      clock.move(10 * DAY_MS);
      answer = (_, ref) => (ref === `RE${calls[0].callId}` ? change : { kind: 'done' });
      await purge(deps);
      expect(await kept(calls[0])).toMatchObject({ status: 'completed', deletedAt: null });
      expect(await kept(calls[1])).toMatchObject({ status: 'deleted' });
      answer = () => ({ kind: 'done' });
      clock.move(DAY_MS);
      await purge(deps);
      expect(await kept(calls[0])).toMatchObject({ status: 'deleted' });
    },
  );

  it('deletes as many as there are', async () => {
    const call = await recorded();
    for (let n = 0; n < 13; n += 1) await report(call, { recordingRef: `RE_MANY_${n}` });
    clock.move(10 * DAY_MS);
    await purge(deps);
    expect(asked).toHaveLength(13);
    expect(await deps.db.$count(recordings, eq(recordings.status, 'deleted'))).toBe(13);
  });

  it('asks nothing of the provider for what was never recorded', async () => {
    const call = await recorded();
    await report(call, { status: 'absent' });
    clock.move(10 * DAY_MS);
    await purge(deps);
    expect(asked).toEqual([]);
    expect(await kept(call)).toMatchObject({ status: 'deleted' });
  });
});

describe('somebody who does not want to be recorded', () => {
  it('has the recording stopped and deleted at once', async () => {
    const call = await recorded();
    await report(call, { status: 'in_progress' });
    await refuse(call);
    await engine.drain();
    expect(asked).toEqual([`stop RE${call.callId} of ${call.ref}`, `delete RE${call.callId}`]);
    expect(await kept(call)).toMatchObject({ status: 'deleted' });
  });

  it('has deleted what the provider reports only afterwards', async () => {
    const call = await recorded();
    await refuse(call);
    await engine.drain();
    await report(call, { status: 'in_progress' });
    await engine.drain();
    expect(asked).toEqual([`stop RE${call.callId} of ${call.ref}`, `delete RE${call.callId}`]);
  });

  it('is not recorded again when the provider asks anew', async () => {
    const call = await recorded();
    await refuse(call);
    expect((await desk.answer({ ...call, verdict: null })).map(({ kind }) => kind)).toEqual(['converse']);
  });

  it('has it deleted later all the same when the provider does not answer now', async () => {
    const call = await recorded();
    await report(call, { status: 'in_progress' });
    answer = () => ({ kind: 'unknown', cause: 'timeout' });
    await refuse(call);
    await engine.drain();
    expect(await kept(call)).toMatchObject({ status: 'in_progress' });
    answer = () => ({ kind: 'done' });
    await report(call, {});
    await engine.drain();
    expect(await kept(call)).toMatchObject({ status: 'deleted' });
  });
});

describe('hearing a recording', () => {
  const send = async (call: PlacedCall, actor: { kind: 'slack_user'; userId: string } = ANNA) =>
    sendRecording(deps, { workspaceId: workspace.id, recordingId: await idOf(call), actor, place: DM });

  it('puts the audio where it was asked for, without an address of the provider’s', async () => {
    const call = await recorded();
    await report(call, {});
    expect(await send(call)).toEqual({ kind: 'done', sentence: 'The recording is sent.' });
    expect(chat.files).toEqual([{ name: `call-${call.callId}.mp3`, text: 'ID3mp3' }]);
  });

  it('says when our copy is deleted and shows no number', async () => {
    const call = await recorded();
    await report(call, {});
    const said: string[] = [];
    chat.uploadFile = async (_, { title, comment }) => {
      said.push(title, comment);
      return { kind: 'done', ts: '1' };
    };
    await send(call);
    expect(said).toEqual(['Call with P1', expect.stringContaining('is deleted on 4 Dec')]);
  });

  it('is for those who may listen', async () => {
    const call = await recorded();
    await report(call, {});
    await expect(send(call, { kind: 'slack_user', userId: 'U_GUEST' })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await expect(
      sendRecording(deps, { workspaceId: 999, recordingId: await idOf(call), actor: ANNA, place: DM }),
    ).rejects.toMatchObject({ code: 'recording_missing' });
    expect(chat.files).toEqual([]);
  });

  it.each(['in_progress', 'absent'] as const)('is refused while it is %s', async (status) => {
    const call = await recorded();
    await report(call, { status });
    await expect(send(call)).rejects.toMatchObject({ code: 'recording_missing' });
  });

  it('is refused once its days are over, or they refused it, before the provider deleted it', async () => {
    const call = await recorded();
    await report(call, {});
    clock.move(10 * DAY_MS);
    await expect(send(call)).rejects.toThrow('has been deleted');
    clock.set(NOON);
    const refused = await recorded();
    await report(refused, {});
    await refuse(refused);
    await expect(send(refused)).rejects.toThrow('has been deleted');
    expect(
      (await showCall(deps, { workspaceId: workspace.id, callId: refused.callId, actor: ANNA })).recordings,
    ).toEqual([]);
  });

  it('says so when the provider or Slack does not play along', async () => {
    const call = await recorded();
    await report(call, {});
    chat.uploadFile = async () => ({ kind: 'unknown', cause: 'timeout' });
    expect(await send(call)).toMatchObject({
      kind: 'unknown',
      sentence: expect.stringContaining('may not arrive'),
    });
    chat.uploadFile = async () => ({ kind: 'throttled', retryAfterMs: 1_000 });
    expect(await send(call)).toMatchObject({ kind: 'not_sent' });
    carrier.fetchRecording = async () => {
      throw new LookupFailed('503');
    };
    await expect(send(call)).rejects.toMatchObject({ code: 'recording_unreachable' });
  });

  it('stands with the call until then', async () => {
    const call = await recorded();
    await report(call, {});
    await changeCall(deps.db, call.callId, { endedAt: NOON });
    const asking = { workspaceId: workspace.id, callId: call.callId, actor: ANNA };
    expect((await showCall(deps, asking)).recordings).toMatchObject([
      { status: 'completed', durationSeconds: 21 },
    ]);
    clock.move(10 * DAY_MS);
    expect((await showCall(deps, asking)).recordings).toEqual([]);
  });
});
