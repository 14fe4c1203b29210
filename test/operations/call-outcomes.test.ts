import { eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import type { AttemptOutcome } from '#domain/attempt.ts';
import { mergeProviderEvents } from '#operations/merge-provider-events.ts';
import { suppress } from '#operations/suppress.ts';
import type { CallStatusEvent, ProviderRefusal } from '#ports/telephony.ts';
import { createCallStage, MINUTE, statusOf } from './calls.ts';

const DAY = 24 * 60 * MINUTE;

const { engine, look, reset } = await createCallStage();
beforeEach(reset);

const refused = (failureClass: ProviderRefusal['class']): ProviderRefusal => ({
  class: failureClass,
  code: '13224',
  fix: 'Do this.',
});

type Row = [
  what: string,
  told: Partial<CallStatusEvent> & Pick<CallStatusEvent, 'status'>,
  seen: Partial<typeof calls.$inferInsert>,
  outcome: AttemptOutcome,
  contact: { status: string; waitReason?: 'retry' | null },
];

const SPOKE = { spokeAt: new Date('2026-11-24T19:00:10Z') };
const ROWS: Row[] = [
  [
    'a call on which somebody spoke',
    { status: 'completed', durationSeconds: 2 },
    SPOKE,
    'answered',
    { status: 'completed' },
  ],
  [
    'a call of four seconds without a word',
    { status: 'completed', durationSeconds: 4 },
    {},
    'answered',
    { status: 'completed' },
  ],
  [
    'a call whose verdict was “unknown”',
    { status: 'completed', answeredBy: 'unknown', durationSeconds: 9 },
    {},
    'answered',
    { status: 'completed' },
  ],
  [
    'a call of three seconds without a word',
    { status: 'completed', durationSeconds: 3 },
    {},
    'hung_up',
    { status: 'pending', waitReason: 'retry' },
  ],
  [
    'a machine that got no message',
    { status: 'completed', answeredBy: 'machine_ready' },
    {},
    'voicemail',
    { status: 'pending', waitReason: 'retry' },
  ],
  [
    'a machine that got its message',
    { status: 'completed' },
    { answeredBy: 'machine_ready', voicemailLeftAt: new Date() },
    'voicemail',
    { status: 'voicemail' },
  ],
  [
    'a machine seen first at the end',
    { status: 'completed', answeredBy: 'machine' },
    {},
    'voicemail',
    { status: 'pending', waitReason: 'retry' },
  ],
  [
    '“a machine”, told after a person spoke',
    { status: 'completed', answeredBy: 'machine_ready' },
    SPOKE,
    'answered',
    { status: 'completed' },
  ],
  ['a fax', { status: 'completed', answeredBy: 'fax' }, {}, 'machine', { status: 'failed' }],
  ['a busy line', { status: 'busy', sipCode: 486 }, {}, 'busy', { status: 'pending', waitReason: 'retry' }],
  [
    'a phone that nobody picks up',
    { status: 'no_answer', sipCode: 487 },
    {},
    'no_answer',
    { status: 'pending', waitReason: 'retry' },
  ],
  [
    'a number that does not exist',
    { status: 'failed', refusal: refused('invalid_number') },
    {},
    'invalid',
    { status: 'failed' },
  ],
  [
    'a network that fails',
    { status: 'failed', refusal: refused('provider') },
    {},
    'carrier_failed',
    { status: 'pending', waitReason: 'retry' },
  ],
  [
    'a call that somebody else cancelled',
    { status: 'canceled' },
    {},
    'canceled',
    { status: 'pending', waitReason: 'retry' },
  ],
];

describe('how a call ends', () => {
  it.each(ROWS)('%s', async (_, { status, ...told }, seen, outcome, contact) => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    if (Object.keys(seen).length > 0)
      await engine.deps.db.update(calls).set(seen).where(eq(calls.id, call.id));
    await engine.report(
      statusOf(call, 'ringing'),
      statusOf(call, 'in_progress'),
      statusOf(call, status, told),
    );
    await engine.drain();
    const [attempt] = await look.attempts(campaignId);
    expect(attempt).toMatchObject({ state: 'ended', outcome });
    expect(await look.contact(campaignId)).toMatchObject(contact);
    const ended = (await look.calls(campaignId))[0];
    expect(ended?.endedAt).not.toBeNull();
    expect(ended?.sipCode).toBe(told.sipCode ?? null);
  });

  it('is tried again after the delay, up to the cap of all outcomes together', async () => {
    const campaignId = await look.start({ settings: { maxAttempts: 3 } });
    for (const status of ['busy', 'no_answer', 'busy'] as const) {
      const call = await look.call(campaignId);
      await engine.report(statusOf(call, status));
      await engine.drain();
      await engine.wait(30 * MINUTE);
      await engine.drain();
    }
    expect((await look.attempts(campaignId)).map(({ outcome }) => outcome)).toEqual([
      'busy',
      'no_answer',
      'busy',
    ]);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'busy', attempts: 3 });
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is not tried again where the campaign says so', async () => {
    const campaignId = await look.start({ fields: { retryPolicy: { busy: 'final' } } });
    await engine.report(statusOf(await look.call(campaignId), 'busy'));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'busy', attempts: 1 });
  });

  it('an opt-out on the call completes the contact, however short the call was, and skips the number elsewhere', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    const elsewhere = await engine.campaign({ phones: [call.contactNumber] });
    await engine.deps.db.transaction((tx) =>
      suppress(engine.deps, tx, {
        workspaceId: engine.workspace.id,
        phoneNumber: call.contactNumber,
        channel: 'all',
        reason: 'They pressed 9.',
        source: 'opt_out',
        campaignId,
        actor: { kind: 'system' },
      }),
    );
    await engine.report(statusOf(call, 'completed', { durationSeconds: 2 }));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed', skipReason: null });
    expect(await look.contact(elsewhere)).toMatchObject({ status: 'skipped', skipReason: 'opted_out' });
  });

  it('is worked up where somebody picked up, and only there', async () => {
    const [talked, rang] = [await look.start(), await look.start()];
    await engine.report(
      statusOf(await look.call(talked), 'completed'),
      statusOf(await look.call(rang), 'no_answer'),
    );
    const { db, clock } = engine.deps;
    await mergeProviderEvents(engine.deps);
    const waits = async (campaignId: number) => {
      const key = `finish:${(await look.call(campaignId)).id}`;
      return db.execute(sql`select from graphile_worker._private_jobs where key = ${key}`);
    };
    expect(await waits(talked)).toHaveLength(1);
    expect(await waits(rang)).toHaveLength(0);
    expect(await look.call(rang)).toMatchObject({ finishedAt: clock.now(), answeredAt: null });
    await engine.drain();
    expect(await look.call(talked)).toMatchObject({ finishedAt: clock.now(), answeredAt: clock.now() });
  });

  it('that the carrier refuses outright fails the contact when the number is to blame', async () => {
    engine.carrier.answerCall = () => ({ kind: 'rejected', refusal: refused('invalid_number') });
    const campaignId = await look.start();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'failed' });
    expect((await look.calls(campaignId))[0]).toMatchObject({
      finishedAt: expect.any(Date),
      providerRef: null,
    });
  });
});

describe('a promised call back', () => {
  async function promise(campaignId: number, afterMs: number) {
    const call = await look.call(campaignId);
    const callbackAt = new Date(engine.clock.now().getTime() + afterMs);
    await engine.deps.db
      .update(calls)
      .set({ ...SPOKE, callbackAt, result: 'callback' })
      .where(eq(calls.id, call.id));
    await engine.report(statusOf(call, 'completed'));
    await engine.drain();
    return callbackAt;
  }

  it('is made at its time, also when the attempts are used up', async () => {
    const campaignId = await look.start({ settings: { maxAttempts: 1 } });
    const nextAttemptAt = await promise(campaignId, 20 * MINUTE);
    expect(await look.contact(campaignId)).toMatchObject({
      status: 'pending',
      waitReason: 'callback',
      nextAttemptAt,
      callbacks: 1,
    });
    expect(await look.campaign(campaignId)).toMatchObject({
      status: 'running',
      hold: { code: 'waiting_for_callbacks' },
    });
    await engine.wait(20 * MINUTE);
    await engine.drain();
    expect(await look.attempts(campaignId)).toHaveLength(2);
    await engine.report(statusOf(await look.call(campaignId), 'no_answer'));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'no_answer' });
    expect(await look.campaign(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is kept three times, not more', async () => {
    const campaignId = await look.start();
    for (let n = 0; n < 4; n += 1) {
      await promise(campaignId, DAY);
      await engine.wait(DAY);
      await engine.drain();
    }
    expect(await look.attempts(campaignId)).toHaveLength(4);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed', callbacks: 3 });
  });
});
