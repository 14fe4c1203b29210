import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { calls } from '#db/call-schema.ts';
import { attempts } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { recover } from '#operations/recover.ts';
import { type FoundCall, LookupFailed, type PlaceResult } from '#ports/telephony.ts';
import { ANNA } from '#support/engine.ts';
import { createCallStage, MINUTE, statusOf } from './calls.ts';

const { engine, look, accepting, reset } = await createCallStage();
beforeEach(() => {
  reset();
  engine.carrier.answerChange = () => ({ kind: 'done' });
  engine.carrier.changes.length = 0;
  engine.carrier.calls.length = 0;
  engine.carrier.listedCalls.clear();
  engine.carrier.callLookupFails = null;
});

/** A campaign of one contact whose first request gets this answer, and later ones an acceptance. */
async function startWith(first: PlaceResult) {
  let asked = 0;
  engine.carrier.answerCall = (request) => {
    asked += 1;
    return asked === 1 ? first : accepting(request);
  };
  return look.start();
}

const lost = () => startWith({ kind: 'unknown', cause: 'timeout' });

/** What was asked of the carrier about one call. */
function changesOf(ref: string) {
  return engine.carrier.changes.filter((change) => change.ref === ref).map(({ kind }) => kind);
}

async function pass(ms: number) {
  await engine.wait(ms);
  await engine.drain();
}

/** What the carrier lists for a campaign's one number, and how that call stands. */
async function list(campaignId: number, found: Partial<FoundCall>[]) {
  const { phoneNumber } = await look.contact(campaignId);
  const rows = found.map((row, index) => ({
    ref: `CA-${phoneNumber}-${index}`,
    createdAt: engine.clock.now(),
    status: 'ringing' as const,
    ...row,
  }));
  engine.carrier.listedCalls.set(phoneNumber, rows);
  for (const { ref, status } of rows)
    engine.carrier.fetchedCalls.set(ref, statusOf({ token: null, ref }, status));
  return rows.map(({ ref }) => ref);
}

describe('a call whose answer was lost', () => {
  it('is looked for after a minute, adopted when the carrier lists it, and never asked for again', async () => {
    const campaignId = await lost();
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'unknown', providerRef: null });
    const [ref] = await list(campaignId, [{}]);
    await pass(MINUTE);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'ringing', providerRef: ref });
    expect(await look.call(campaignId)).toMatchObject({ providerRef: ref });
    expect(engine.carrier.calls).toHaveLength(1);
  });

  it('is taken back when it is found queued and its campaign is paused', async () => {
    const campaignId = await lost();
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    const [ref = ''] = await list(campaignId, [{ status: 'queued' }]);
    await pass(MINUTE);
    await pass(MINUTE);
    expect(changesOf(ref)).toEqual(['cancel']);
  });

  it('is ended when the carrier lists it as over', async () => {
    const campaignId = await lost();
    await list(campaignId, [{ status: 'completed' }]);
    await pass(MINUTE);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'ended', outcome: 'answered' });
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is not mistaken for one from before, nor for one that another attempt owns', async () => {
    const other = await look.start();
    const { ref } = await look.call(other);
    const campaignId = await lost();
    const before = new Date(engine.clock.now().getTime() - 2 * MINUTE);
    await list(campaignId, [{ ref }, { createdAt: before }]);
    await pass(MINUTE);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'unknown', emptyLooks: 1 });
  });

  it('is let go after two empty looks, and made again then, not before', async () => {
    const campaignId = await lost();
    await pass(MINUTE);
    expect(engine.carrier.calls).toHaveLength(1);
    await pass(4 * MINUTE);
    expect((await look.attempts(campaignId)).map(({ outcome }) => outcome)).toEqual(['not_placed', null]);
    expect(await look.contact(campaignId)).toMatchObject({ attempts: 1, lastN: 2 });
    expect((await look.calls(campaignId))[0]).toMatchObject({ finishedAt: expect.any(Date) });
  });

  it('is known by the request for instructions that came of it, whatever the list says', async () => {
    const campaignId = await lost();
    const { id } = await look.call(campaignId);
    await engine.deps.db.update(calls).set({ providerRef: 'CA-asked' }).where(eq(calls.id, id));
    engine.carrier.fetchedCalls.set('CA-asked', statusOf({ token: null, ref: 'CA-asked' }, 'in_progress'));
    await pass(MINUTE);
    expect((await look.attempts(campaignId))[0]).toMatchObject({
      state: 'in_progress',
      providerRef: 'CA-asked',
    });
  });

  it('is a person’s to decide when the list cannot be had for an hour, and takes no place meanwhile', async () => {
    const campaignId = await lost();
    engine.carrier.callLookupFails = new LookupFailed('the list cannot be had');
    for (let minute = 0; minute < 62; minute += 1) await pass(MINUTE);
    const [attempt] = await look.attempts(campaignId);
    expect(attempt).toMatchObject({ state: 'needs_review' });
    expect(engine.chat.posted.at(-1)?.content).toMatchObject({ kind: 'review_note', attemptId: attempt?.id });
  });
});

describe('a call that was given up and is there after all', () => {
  async function givenUp() {
    const campaignId = await lost();
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    await pass(MINUTE);
    await pass(4 * MINUTE);
    const call = await look.call(campaignId);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ outcome: 'not_placed' });
    return { campaignId, late: { token: call.token, ref: `CA-late-${call.token}` } };
  }

  it('is taken back, so that the person is not called twice', async () => {
    const { campaignId, late } = await givenUp();
    await engine.report(statusOf(late, 'in_progress'));
    await engine.drain();
    expect(await look.contact(campaignId)).toMatchObject({ status: 'in_progress', attempts: 1 });
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    await engine.report(statusOf(late, 'completed'));
    await engine.drain();
    expect(engine.carrier.calls).toHaveLength(1);
    expect(await look.contact(campaignId)).toMatchObject({ status: 'completed', attempts: 1 });
  });

  it('is hung up when the person is being called again already', async () => {
    const { campaignId, late } = await givenUp();
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(engine.carrier.calls).toHaveLength(2);
    await engine.report(statusOf(late, 'ringing'));
    await engine.drain();
    expect(changesOf(late.ref)).toEqual(['cancel']);
    expect((await look.attempts(campaignId)).map(({ state }) => state)).toEqual(['ended', 'ringing']);
  });
});

describe('the sweeper', () => {
  it('ends a call whose reports were lost, frees its place, and lets the next one begin', async () => {
    const campaignId = await engine.campaign({
      type: 'call',
      phones: ['+12125550001', '+12125550002'],
      settings: { concurrentLimit: 1 },
    });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(await look.campaign(campaignId)).toMatchObject({ hold: { code: 'concurrency' } });
    const first = await look.call(campaignId);
    engine.carrier.fetchedCalls.set(
      first.ref,
      statusOf({ token: null, ref: first.ref }, 'completed', { durationSeconds: 60 }),
    );
    await pass(11 * MINUTE);
    expect(engine.carrier.calls).toHaveLength(1);
    await pass(2 * MINUTE);
    expect((await look.attempts(campaignId)).map(({ state, outcome }) => [state, outcome])).toEqual([
      ['ended', 'answered'],
      ['ringing', null],
    ]);
    expect((await look.calls(campaignId))[0]).toMatchObject({ durationSeconds: 60 });
  });

  it('ends a call that lasts longer than it may', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    await engine.report(statusOf(call, 'in_progress'));
    await engine.drain();
    engine.carrier.fetchedCalls.set(call.ref, statusOf({ token: null, ref: call.ref }, 'in_progress'));
    await pass(13 * MINUTE);
    expect(changesOf(call.ref)).toEqual(['hang_up']);
  });

  it('does not end a conversation that began late, because the carrier had queued the call', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    engine.carrier.fetchedCalls.set(call.ref, statusOf({ token: null, ref: call.ref }, 'queued'));
    await pass(13 * MINUTE);
    engine.carrier.fetchedCalls.set(call.ref, statusOf({ token: null, ref: call.ref }, 'in_progress'));
    await pass(5 * MINUTE);
    await pass(5 * MINUTE);
    expect(changesOf(call.ref)).toEqual([]);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'in_progress' });
  });

  it('puts a call whose end the carrier never tells before a person, after a day', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    engine.carrier.fetchedCalls.set(call.ref, statusOf({ token: null, ref: call.ref }, 'ringing'));
    await pass(13 * MINUTE);
    await pass(26 * 60 * MINUTE);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ state: 'needs_review' });
  });

  it('asks for the price five minutes after the end, and again until there is one', async () => {
    const campaignId = await look.start();
    const call = await look.call(campaignId);
    await engine.report(statusOf(call, 'completed'));
    await engine.drain();
    engine.carrier.fetchedCalls.set(call.ref, statusOf({ token: null, ref: call.ref }, 'completed'));
    await pass(5 * MINUTE);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ priceMicros: null, outcome: 'answered' });
    const price = { amount: '-0.0140', currency: 'USD' };
    engine.carrier.fetchedCalls.set(
      call.ref,
      statusOf({ token: null, ref: call.ref }, 'completed', { price }),
    );
    await pass(25 * MINUTE);
    expect((await look.attempts(campaignId))[0]).toMatchObject({ priceMicros: 14_000, lookAt: null });
  });

  it('lets the contact go of a call that a dead process never asked for, and looks for one that it did', async () => {
    const campaignId = await look.start();
    const db = engine.deps.db;
    const dead = { state: 'dialing' as const, providerRef: null, leaseUntil: engine.clock.now() };
    await db
      .update(attempts)
      .set({ ...dead, askedAt: null })
      .where(eq(attempts.campaignId, campaignId));
    await db.update(calls).set({ providerRef: null }).where(eq(calls.campaignId, campaignId));
    await recover(engine.deps);
    await engine.drain();
    expect((await look.attempts(campaignId)).map(({ outcome }) => outcome)).toEqual(['withdrawn', null]);
    const [, second] = await look.attempts(campaignId);
    await db
      .update(attempts)
      .set(dead)
      .where(eq(attempts.id, second?.id ?? 0));
    await recover(engine.deps);
    expect((await look.attempts(campaignId))[1]).toMatchObject({ state: 'unknown' });
    expect(engine.carrier.calls).toHaveLength(2);
  });
});
