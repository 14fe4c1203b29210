import { eq } from 'drizzle-orm/sql';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { providerEvents } from '#db/schema.ts';
import { actOnVerdict } from '#operations/act-on-verdict.ts';
import { changeStatus } from '#operations/change-status.ts';
import { suppress } from '#operations/suppress.ts';
import type { CallStatusEvent, CallVerdictEvent } from '#ports/telephony.ts';
import { ANNA } from '#support/engine.ts';
import { createCallStage, freshPhones, MINUTE, statusOf, verdictOf } from './calls.ts';

const { engine, look, reset } = await createCallStage();
beforeEach(() => {
  reset();
  engine.carrier.answerChange = () => ({ kind: 'done' });
  engine.carrier.changes.length = 0;
  engine.carrier.calls.length = 0;
  engine.chat.posted.length = 0;
});

const VOICEMAIL = {
  fields: { leaveVoicemail: true, voicemailMessage: 'Hi {{name}}, {{assistant_name}} here.' },
};

async function problems() {
  const rows = await engine.deps.db.select().from(providerEvents).orderBy(providerEvents.id);
  return rows.flatMap(({ problem }) => problem ?? []);
}

function spoke(callId: number) {
  return engine.deps.db.update(calls).set({ spokeAt: engine.clock.now() }).where(eq(calls.id, callId));
}

describe('a request to call', () => {
  it('says how long it may ring and last, and carries the script in the row and not in the request', async () => {
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    expect(engine.carrier.calls).toEqual([
      {
        token: call.token,
        to: call.contactNumber,
        from: '+15005550006',
        ringSeconds: 30,
        maxSeconds: 600,
        detection: 'async',
      },
    ]);
    expect(call.script).toMatchObject({
      welcome: `Hi P1, this is ${call.script.assistantName}.`,
      voicemail: `Hi P1, ${call.script.assistantName} here.`,
      companyName: 'Acme',
    });
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'ringing', providerRef: call.ref });
  });

  it('is not made for a contact whose words come out empty', async () => {
    const campaignId = await look.start({ fields: { welcomeMessageTemplate: '{{ nickname }}' } });
    expect(await look.contact(campaignId)).toMatchObject({ status: 'skipped', skipReason: 'empty_message' });
    expect(engine.carrier.calls).toEqual([]);
  });
});

describe('reports on a call', () => {
  it('are merged when they come before the answer to the request', async () => {
    engine.carrier.answerCall = async ({ token }) => {
      const early = { token, ref: `CA-early-${token}` };
      await engine.report(statusOf(early, 'initiated'), statusOf(early, 'busy'));
      await engine.drain();
      return { kind: 'accepted', ref: early.ref };
    };
    const campaignId = await engine.campaign({ type: 'call', phones: freshPhones() });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const [attempt] = await look.attempts(campaignId);
    expect(attempt).toMatchObject({
      state: 'ended',
      outcome: 'busy',
      providerRef: `CA-early-${attempt?.token}`,
    });
    expect(attempt?.lookAt).toEqual(new Date((attempt?.endedAt?.getTime() ?? 0) + 5 * MINUTE));
  });

  it('end it once: another ending that comes later changes nothing and is noted', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    await engine.report(
      statusOf(call, 'no_answer'),
      statusOf(call, 'no_answer'),
      statusOf(call, 'completed'),
    );
    await engine.drain();
    expect((await look.attempts(campaignId))[0]).toMatchObject({ outcome: 'no_answer' });
    expect(await problems()).toEqual(['different_ending']);
  });

  it('of a second call for one attempt have that one ended, tell the thread, and leave the first alone', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    const second = { ...call, ref: 'CA-second' };
    engine.carrier.answerChange = ({ kind }) => (kind === 'cancel' ? { kind: 'too_late' } : { kind: 'done' });
    await engine.report(
      statusOf(call, 'ringing'),
      statusOf(second, 'in_progress'),
      verdictOf(second, 'machine'),
    );
    await engine.drain();
    expect(engine.carrier.changes).toEqual([
      { kind: 'cancel', ref: 'CA-second' },
      { kind: 'hang_up', ref: 'CA-second' },
    ]);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'ringing', providerRef: call.ref });
    expect(await look.call(campaignId)).toMatchObject({ answeredBy: null });
    const told = engine.chat.posted.filter(
      ({ content }) => content.kind === 'note' && content.level === 'problem',
    );
    expect(told).toHaveLength(1);
  });

  it('of a second call are known when it is the answer to the request that names it', async () => {
    engine.carrier.answerCall = async ({ token }) => {
      await engine.report(statusOf({ token, ref: `CA-first-${token}` }, 'in_progress'));
      await engine.drain();
      return { kind: 'accepted', ref: `CA-answer-${token}` };
    };
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    expect(call.ref).toBe(`CA-first-${call.token}`);
    expect(engine.carrier.changes).toEqual([{ kind: 'cancel', ref: `CA-answer-${call.token}` }]);
  });

  it('find their call by its id when they carry no token', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    await engine.report(statusOf({ token: null, ref: call.ref }, 'busy'));
    await engine.drain();
    expect((await look.attempts(campaignId))[0]).toMatchObject({ outcome: 'busy' });
  });
});

describe('a machine’s verdict', () => {
  it('with a message set has it spoken after the beep, once, and the contact is done', async () => {
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    await engine.report(
      statusOf(call, 'in_progress'),
      verdictOf(call, 'machine_ready'),
      verdictOf(call, 'machine_ready'),
    );
    await engine.drain();
    await actOnVerdict(engine.deps, { callId: call.id });
    const { voice, language, voicemail } = call.script;
    expect(engine.carrier.changes).toEqual([
      {
        kind: 'redirect',
        ref: call.ref,
        token: call.token,
        steps: [{ kind: 'say', text: voicemail, voice, language }, { kind: 'hang_up' }],
      },
    ]);
    await engine.report(statusOf(call, 'completed', { answeredBy: 'machine_ready' }));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'voicemail', nextAttemptAt: null });
  });

  it.each([
    ['without a message', {}, 'machine_ready'],
    ['whose beep was not heard', VOICEMAIL, 'machine'],
    ['that is a fax', VOICEMAIL, 'fax'],
  ] as const)('%s has the call ended', async (_, options, answeredBy) => {
    const campaignId = await look.start(options);
    const call = await look.call(campaignId);
    await engine.report(verdictOf(call, answeredBy));
    await engine.drain();
    expect(engine.carrier.changes).toEqual([{ kind: 'hang_up', ref: call.ref }]);
    expect(await look.call(campaignId)).toMatchObject({ voicemailLeftAt: null });
  });

  it.each(['human', 'unknown'] as const)('“%s” lets the call go on', async (answeredBy) => {
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    await engine.report(verdictOf(call, answeredBy));
    await engine.drain();
    expect(engine.carrier.changes).toEqual([]);
    expect(await look.call(campaignId)).toMatchObject({ answeredBy });
  });

  it('that comes after a person spoke changes nothing', async () => {
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    await spoke(call.id);
    await engine.report(statusOf(call, 'in_progress'), verdictOf(call, 'machine_ready'));
    await engine.drain();
    expect(engine.carrier.changes).toEqual([]);
    expect(await look.call(campaignId)).toMatchObject({ answeredBy: null });
  });

  it('is not acted on when a person speaks between the verdict and the act, and then they were answered', async () => {
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    await engine.deps.db.update(calls).set({ answeredBy: 'machine_ready' }).where(eq(calls.id, call.id));
    await spoke(call.id);
    await actOnVerdict(engine.deps, { callId: call.id });
    expect(engine.carrier.changes).toEqual([]);
    await engine.report(statusOf(call, 'completed', { answeredBy: 'machine_ready' }));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('that comes after the call ended changes nothing', async () => {
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    await engine.report(statusOf(call, 'completed'), verdictOf(call, 'machine_ready'));
    await engine.drain();
    expect(engine.carrier.changes).toEqual([]);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ outcome: 'answered' });
  });

  it('leaves no message for somebody who opted out meanwhile', async () => {
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    await engine.report(statusOf(call, 'in_progress'));
    await engine.drain();
    await engine.deps.db.transaction((tx) =>
      suppress(engine.deps, tx, {
        workspaceId: engine.workspace.id,
        phoneNumber: call.contactNumber,
        channel: 'all',
        reason: 'They asked.',
        source: 'opt_out',
        campaignId: null,
        actor: { kind: 'system' },
      }),
    );
    await engine.report(verdictOf(call, 'machine_ready'));
    await engine.drain();
    expect(engine.carrier.changes).toEqual([{ kind: 'hang_up', ref: call.ref }]);
  });

  it('whose message may not have been spoken counts as none left, and is not asked for again', async () => {
    engine.carrier.answerChange = () => ({ kind: 'unknown', cause: 'timeout' });
    const campaignId = await look.start(VOICEMAIL);
    const call = await look.call(campaignId);
    await engine.report(verdictOf(call, 'machine_ready'));
    await engine.drain();
    await actOnVerdict(engine.deps, { callId: call.id });
    expect(engine.carrier.changes).toHaveLength(1);
    await engine.report(statusOf(call, 'completed'));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'pending', waitReason: 'retry' });
  });
});

describe('in whichever order and however often reports come', () => {
  type Told = (call: { token: string; ref: string }) => CallStatusEvent | CallVerdictEvent;
  const STORIES: [string, Told[]][] = [
    [
      'a conversation',
      [
        (call) => statusOf(call, 'initiated', { sequence: 0 }),
        (call) => statusOf(call, 'ringing', { sequence: 1 }),
        (call) => statusOf(call, 'in_progress', { sequence: 2 }),
        (call) => verdictOf(call, 'human'),
        (call) => statusOf(call, 'completed', { sequence: 3, answeredBy: 'human', sipCode: 200 }),
      ],
    ],
    [
      'a machine',
      [
        (call) => statusOf(call, 'ringing', { sequence: 1 }),
        (call) => statusOf(call, 'in_progress', { sequence: 2 }),
        (call) => verdictOf(call, 'machine_ready'),
        (call) => statusOf(call, 'completed', { sequence: 3, answeredBy: 'machine_ready', sipCode: 200 }),
      ],
    ],
    [
      'a busy line',
      [
        (call) => statusOf(call, 'initiated', { sequence: 0 }),
        (call) => statusOf(call, 'ringing', { sequence: 1 }),
        (call) => statusOf(call, 'busy', { sequence: 2, sipCode: 486 }),
      ],
    ],
  ];

  it.each(STORIES)('%s ends the same way', async (_, story) => {
    const tell = async (order: number[], isMergedAtOnce: boolean) => {
      const campaignId = await look.start();
      const call = await look.call(campaignId);
      for (const index of [...order, ...story.keys()]) {
        const event = story[index]?.(call);
        if (event) await engine.report(event);
        if (!isMergedAtOnce) await engine.drain();
      }
      await engine.drain();
      return outcomeOf(campaignId);
    };
    const expected = await tell([], true);
    const orders = fc.array(fc.nat({ max: story.length - 1 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(orders, fc.boolean(), async (order, isMergedAtOnce) => {
        expect(await tell(order, isMergedAtOnce)).toEqual(expected);
      }),
      { numRuns: 6 },
    );
  });

  async function outcomeOf(campaignId: number) {
    const [attempt] = await look.attempts(campaignId);
    const { answeredBy, durationSeconds, sipCode, endedAt } = await look.call(campaignId);
    const { status, waitReason, attempts } = await look.contact(campaignId);
    return {
      outcome: attempt?.outcome,
      providerStatus: attempt?.providerStatus,
      answeredBy,
      durationSeconds,
      sipCode,
      isOver: endedAt !== null,
      contact: { status, waitReason, attempts },
    };
  }
});
