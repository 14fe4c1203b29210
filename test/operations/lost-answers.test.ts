import { and, eq } from 'drizzle-orm/sql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attempts, campaigns, contacts } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { decideReview } from '#operations/decide-review.ts';
import { mergeProviderEvents } from '#operations/merge-provider-events.ts';
import { recover } from '#operations/recover.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { ANNA, createEngine, type Engine, phones } from '#support/engine.ts';

const MINUTE = 60_000;

let engine: Engine;
let next = 1000;
beforeAll(async () => {
  engine = await createEngine();
});
beforeEach(() => {
  engine.carrier.requests.length = 0;
  engine.carrier.listed.clear();
  engine.carrier.lookupFails = null;
});

async function attemptsOf(campaignId: number) {
  return engine.deps.db
    .select()
    .from(attempts)
    .where(eq(attempts.campaignId, campaignId))
    .orderBy(attempts.id);
}

async function contactOf(campaignId: number) {
  const [row] = await engine.deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
  return row;
}

/** A campaign of one contact whose create gets this answer the first time and an acceptance after that. */
async function runOne(first: Awaited<ReturnType<typeof engine.carrier.answer>>) {
  next += 1;
  const [phone = ''] = phones(1, next);
  let asked = 0;
  engine.carrier.answer = ({ to }) => {
    asked += 1;
    const isFirst =
      to === phone && engine.carrier.requests.filter((request) => request.to === phone).length === 1;
    return isFirst ? first : { kind: 'accepted', ref: `SM-${phone}-${asked}` };
  };
  const campaignId = await engine.campaign({ phones: [phone] });
  await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return campaignId;
}

/** How often the carrier was asked to text the one contact of a campaign. */
async function asks(campaignId: number) {
  const contact = await contactOf(campaignId);
  return engine.carrier.requests.filter((request) => request.to === contact?.phoneNumber).length;
}

describe('a text whose answer was lost', () => {
  it('is not let go when a report comes in during the very look that finds nothing', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'no answer' });
    const [attempt] = await attemptsOf(campaignId);
    await engine.wait(MINUTE);
    await engine.drain();
    const { findTexts } = engine.carrier;
    engine.carrier.findTexts = async (query) => {
      const found = await findTexts(query);
      await engine.report({
        kind: 'text_status',
        token: attempt?.token ?? null,
        ref: 'SM-meanwhile',
        status: 'sent',
        refusal: null,
        segments: null,
        price: null,
      });
      await mergeProviderEvents(engine.deps);
      return found;
    };
    await engine.wait(4 * MINUTE);
    await engine.drain();
    engine.carrier.findTexts = findTexts;
    const [now] = await attemptsOf(campaignId);
    expect(now).toMatchObject({ state: 'in_progress', providerRef: 'SM-meanwhile', outcome: null });
    expect(await asks(campaignId)).toBe(1);
  });

  it('is never asked for again while its fate is unknown', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'timeout' });
    expect((await attemptsOf(campaignId))[0]).toMatchObject({ state: 'unknown', providerRef: null });
    expect(await contactOf(campaignId)).toMatchObject({ status: 'in_progress' });
    await recover(engine.deps);
    await engine.drain();
    expect(await asks(campaignId)).toBe(1);
  });

  it('is adopted when the carrier lists it', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'timeout' });
    const createdAt = engine.clock.now();
    const { phoneNumber = '' } = (await contactOf(campaignId)) ?? {};
    engine.carrier.listed.set(phoneNumber, [
      { ref: 'SM-found', body: 'Hello P1', createdAt, status: 'sent', refusal: null },
    ]);
    await engine.wait(MINUTE);
    await engine.drain();
    expect((await attemptsOf(campaignId))[0]).toMatchObject({
      state: 'in_progress',
      providerRef: 'SM-found',
    });
    expect(await asks(campaignId)).toBe(1);
  });

  it('is let go after two empty looks, and sent again then, not before', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'reset' });
    await engine.wait(MINUTE);
    await engine.drain();
    expect(await asks(campaignId)).toBe(1);
    await engine.wait(4 * MINUTE);
    await engine.drain();
    expect((await attemptsOf(campaignId)).map((row) => row.outcome)).toEqual(['not_placed', null]);
    expect(await asks(campaignId)).toBe(2);
    expect(await contactOf(campaignId)).toMatchObject({ status: 'in_progress', attempts: 1, lastN: 2 });
  });

  it('is a person’s to decide when the carrier lists a text to that number with other words', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'timeout' });
    const { phoneNumber = '' } = (await contactOf(campaignId)) ?? {};
    const createdAt = engine.clock.now();
    engine.carrier.listed.set(phoneNumber, [
      {
        ref: `SM-other-${phoneNumber}`,
        body: 'Sent from a trial account - Hello P1',
        createdAt,
        status: 'sent',
        refusal: null,
      },
    ]);
    await engine.wait(MINUTE);
    await engine.drain();
    await engine.wait(4 * MINUTE);
    await engine.drain();
    expect((await attemptsOf(campaignId))[0]).toMatchObject({ state: 'needs_review' });
    expect(await asks(campaignId)).toBe(1);
  });

  it('is looked up however long the process was away', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'timeout' });
    const { phoneNumber = '' } = (await contactOf(campaignId)) ?? {};
    const createdAt = engine.clock.now();
    engine.carrier.listed.set(phoneNumber, [
      { ref: `SM-away-${phoneNumber}`, body: 'Hello P1', createdAt, status: 'sent', refusal: null },
    ]);
    await engine.wait(180 * MINUTE);
    await engine.drain();
    expect((await attemptsOf(campaignId))[0]).toMatchObject({ providerRef: `SM-away-${phoneNumber}` });
  });

  it('is a person’s to decide when the carrier’s list cannot be had for an hour', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: '503' });
    engine.carrier.lookupFails = new LookupFailed('the list cannot be had');
    for (let minute = 0; minute < 62; minute += 1) {
      await engine.wait(MINUTE);
      await engine.drain();
    }
    const [attempt] = await attemptsOf(campaignId);
    expect(attempt).toMatchObject({ state: 'needs_review' });
    expect(engine.chat.posted.at(-1)?.content).toMatchObject({ kind: 'review_note', attemptId: attempt?.id });
    const { id: workspaceId } = engine.workspace;
    const attemptId = attempt?.id ?? 0;
    const decision = { workspaceId, attemptId, decision: 'assume_done' as const, actor: ANNA };
    const elsewhere = { ...decision, workspaceId: workspaceId + 1 };
    expect(await decideReview(engine.deps, elsewhere)).toEqual({ changed: false });
    expect(await decideReview(engine.deps, decision)).toEqual({ changed: true });
    expect(await decideReview(engine.deps, decision)).toEqual({ changed: false });
    expect(await contactOf(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('finds its attempt by the token when the report comes before the answer', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'timeout' });
    const [attempt] = await attemptsOf(campaignId);
    await engine.report({
      kind: 'text_status',
      token: attempt?.token ?? '',
      ref: 'SM-early',
      status: 'delivered',
      refusal: null,
      segments: 1,
      price: null,
    });
    await engine.drain();
    expect((await attemptsOf(campaignId))[0]).toMatchObject({
      outcome: 'delivered',
      providerRef: 'SM-early',
    });
    expect(await contactOf(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('counts as received, and is not sent again, when a report comes after it was let go', async () => {
    const campaignId = await runOne({ kind: 'unknown', cause: 'reset' });
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    await engine.wait(6 * MINUTE);
    await engine.drain();
    await engine.wait(5 * MINUTE);
    await engine.drain();
    const [attempt] = await attemptsOf(campaignId);
    expect(attempt).toMatchObject({ outcome: 'not_placed' });
    await engine.report({
      kind: 'text_status',
      token: attempt?.token ?? '',
      ref: 'SM-late',
      status: 'delivered',
      refusal: null,
      segments: 1,
      price: null,
    });
    await engine.drain();
    expect(await contactOf(campaignId)).toMatchObject({ status: 'completed' });
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA }).catch(() => undefined);
    await engine.drain();
    expect(await asks(campaignId)).toBe(1);
  });
});

describe('a process that dies', () => {
  it('before it asked: the contact is free again once the lease has run out', async () => {
    const campaignId = await engine.campaign({ phones: phones(1, 3000) });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.deps.db.update(campaigns).set({ status: 'running' }).where(eq(campaigns.id, campaignId));
    await leaveBehind(campaignId, null);
    await engine.wait(MINUTE);
    await recover(engine.deps);
    engine.carrier.answer = () => ({ kind: 'accepted', ref: 'SM-after-death' });
    await engine.drain();
    expect((await attemptsOf(campaignId)).map((row) => row.outcome)).toEqual(['withdrawn', null]);
    expect(await asks(campaignId)).toBe(1);
  });

  it('after it asked: the text is looked up, not sent again', async () => {
    const campaignId = await engine.campaign({ phones: phones(1, 3001) });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await leaveBehind(campaignId, engine.clock.now());
    await engine.wait(MINUTE);
    await recover(engine.deps);
    await engine.drain();
    expect((await attemptsOf(campaignId))[0]).toMatchObject({ state: 'unknown' });
    expect(await asks(campaignId)).toBe(0);
  });

  /** What a kill between claim and answer leaves in the rows. */
  async function leaveBehind(campaignId: number, askedAt: Date | null) {
    const contact = await contactOf(campaignId);
    await engine.deps.db
      .update(contacts)
      .set({ status: 'in_progress', lastN: 1, attempts: 1, nextAttemptAt: null })
      .where(and(eq(contacts.campaignId, campaignId)));
    await engine.deps.db.insert(attempts).values({
      token: `left-${campaignId}`,
      workspaceId: engine.workspace.id,
      campaignId,
      contactId: contact?.id ?? 0,
      runNumber: 1,
      channel: 'sms',
      n: 1,
      phoneNumber: contact?.phoneNumber ?? '',
      sender: '+15005550006',
      body: 'Hello P1',
      state: 'dialing',
      provider: 'scripted',
      gate: {
        at: '',
        zones: [],
        certainty: 'exact',
        basis: 'area_code',
        hours: [],
        closesAt: null,
        suppressionId: null,
        isHeldForReview: false,
      },
      askedAt,
      leaseUntil: engine.clock.realDelay(30_000),
      createdAt: engine.clock.now(),
    });
  }
});
