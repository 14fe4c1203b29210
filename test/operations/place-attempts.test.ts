import { and, eq, isNull } from 'drizzle-orm/sql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attempts, campaignCounts, campaigns, contacts, suppressions } from '#db/schema.ts';
import { DAY_NAMES } from '#domain/calling-window.ts';
import type { FailureClass } from '#domain/failure.ts';
import { changeStatus } from '#operations/change-status.ts';
import { recover } from '#operations/recover.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { ANNA, createEngine, type Engine, phones } from '#support/engine.ts';

let engine: Engine;
let next = 0;
beforeAll(async () => {
  engine = await createEngine();
});
beforeEach(() => {
  engine.carrier.requests.length = 0;
  engine.chat.posted.length = 0;
});

async function run(count: number, answer: Engine['carrier']['answer']) {
  next += 50;
  engine.carrier.answer = answer;
  const campaignId = await engine.campaign({ phones: phones(count, 7000 + next) });
  await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return campaignId;
}

const rejected = (failureClass: FailureClass, code: string) => () => ({
  kind: 'rejected' as const,
  refusal: { class: failureClass, code, fix: 'Do this.' },
});

async function campaignOf(campaignId: number) {
  const [row] = await engine.deps.db.select().from(campaigns).where(eq(campaigns.id, campaignId));
  return row;
}

async function countsOf(campaignId: number) {
  const [row] = await engine.deps.db
    .select()
    .from(campaignCounts)
    .where(eq(campaignCounts.campaignId, campaignId));
  return row;
}

describe('what the provider answers', () => {
  it('a number that does not exist fails the contact and is not tried again', async () => {
    const campaignId = await run(1, rejected('invalid_number', '21211'));
    expect(await countsOf(campaignId)).toMatchObject({ failed: 1 });
    expect(engine.carrier.requests).toHaveLength(1);
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('“opted out” puts the number on our list and skips the contact', async () => {
    const campaignId = await run(1, rejected('opted_out', '21610'));
    expect(await countsOf(campaignId)).toMatchObject({ skipped: 1 });
    const [contact] = await engine.deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    const listed = await engine.deps.db
      .select()
      .from(suppressions)
      .where(and(eq(suppressions.phoneNumber, contact?.phoneNumber ?? ''), isNull(suppressions.liftedAt)));
    expect(listed).toMatchObject([{ channel: 'all', source: 'provider' }]);
  });

  it('a refused account stops the campaign with the fix, and nobody loses an attempt', async () => {
    const campaignId = await run(30, rejected('account', '20003'));
    expect(await campaignOf(campaignId)).toMatchObject({
      status: 'failed',
      hold: { code: 'provider_refused', fix: 'Do this.' },
    });
    expect(await countsOf(campaignId)).toMatchObject({ pending: 30, failed: 0 });
    expect(engine.carrier.requests.length).toBeLessThanOrEqual(30);
    const rows = await engine.deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    expect(rows.every((row) => row.attempts === 0)).toBe(true);
  });

  it('a mended account goes on where it stopped', async () => {
    const campaignId = await run(3, rejected('sender', '21606'));
    engine.carrier.answer = ({ to }) => ({ kind: 'accepted', ref: `SM-${to}` });
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(await countsOf(campaignId)).toMatchObject({ in_progress: 3 });
  });

  it('a filtered text pauses the campaign before more meet the same fate', async () => {
    const campaignId = await run(120, rejected('filtered', '30007'));
    expect(await campaignOf(campaignId)).toMatchObject({
      status: 'paused',
      hold: { code: 'provider_refused' },
    });
    expect(engine.carrier.requests.length).toBeLessThan(120);
  });

  it('“too many requests” lets the campaign rest and uses up no attempt', async () => {
    const campaignId = await run(2, () => ({ kind: 'throttled', retryAfterMs: 5_000, code: '20429' }));
    expect(engine.carrier.requests).toHaveLength(2);
    expect(await campaignOf(campaignId)).toMatchObject({
      status: 'running',
      hold: { code: 'provider_throttled' },
    });
    engine.carrier.answer = ({ to }) => ({ kind: 'accepted', ref: `SM-${to}` });
    await engine.wait(5_000);
    await engine.drain();
    expect(await countsOf(campaignId)).toMatchObject({ in_progress: 2 });
    const rows = await engine.deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    expect(rows.map((row) => row.attempts)).toEqual([1, 1]);
  });

  it('half of the last twenty failing at the provider pauses the campaign and says so', async () => {
    let asked = 0;
    const campaignId = await run(200, (request) => {
      asked += 1;
      return asked % 2 === 0
        ? rejected('provider', '30008')()
        : { kind: 'accepted', ref: `SM-${request.to}` };
    });
    const rows = await engine.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
    const open = rows.filter((row) => row.state === 'in_progress');
    await engine.report(
      ...open.map((row) => ({
        kind: 'text_status' as const,
        token: row.token,
        ref: row.providerRef ?? '',
        status: 'failed' as const,
        refusal: { class: 'provider' as const, code: '30008', fix: '' },
        segments: null,
        price: null,
      })),
    );
    await engine.drain();
    expect(await campaignOf(campaignId)).toMatchObject({
      status: 'paused',
      hold: { code: 'circuit_breaker' },
    });
    const note = engine.chat.posted
      .map(({ content }) => content)
      .findLast((content) => content.kind === 'note');
    expect(note).toMatchObject({
      level: 'problem',
      text: expect.stringContaining('of the last 20 attempts failed'),
    });
  });

  it('a receipt that says “unreachable” is tried once more after the delay, and no third time', async () => {
    const campaignId = await run(1, ({ to }) => ({
      kind: 'accepted',
      ref: `SM-${to}-${engine.carrier.requests.length}`,
    }));
    for (let turn = 0; turn < 2; turn += 1) {
      const rows = await engine.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
      const open = rows.find((row) => row.state === 'in_progress');
      await engine.report({
        kind: 'text_status',
        token: open?.token ?? '',
        ref: open?.providerRef ?? '',
        status: 'undelivered',
        refusal: { class: 'unreachable', code: '30003', fix: '' },
        segments: null,
        price: null,
      });
      await engine.drain();
      await engine.wait(31 * 60_000);
      await engine.drain();
    }
    expect(engine.carrier.requests).toHaveLength(2);
    expect(await countsOf(campaignId)).toMatchObject({ failed: 1 });
  });
});

describe('the end of a campaign', () => {
  it('comes also when every text failed, rather than a pause with nothing left to resume', async () => {
    const campaignId = await run(20, ({ to }) => ({ kind: 'accepted', ref: `SM-${to}` }));
    await engine.deps.db.update(campaigns).set({ maxAttempts: 1 }).where(eq(campaigns.id, campaignId));
    const rows = await engine.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
    await engine.report(
      ...rows.map((row) => ({
        kind: 'text_status' as const,
        token: row.token,
        ref: row.providerRef ?? '',
        status: 'failed' as const,
        refusal: { class: 'provider' as const, code: '30008', fix: '' },
        segments: null,
        price: null,
      })),
    );
    await engine.drain();
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'completed' });
    expect(await countsOf(campaignId)).toMatchObject({ failed: 20 });
  });

  it('is followed by a look for what the texts cost', async () => {
    const campaignId = await run(1, ({ to }) => ({ kind: 'accepted', ref: `SM-${to}` }));
    const [row] = await engine.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
    const report = {
      kind: 'text_status' as const,
      token: row?.token ?? '',
      ref: row?.providerRef ?? '',
      status: 'delivered' as const,
      refusal: null,
      segments: 1,
      price: null,
    };
    await engine.report(report);
    await engine.drain();
    engine.carrier.fetched.set(report.ref, { ...report, price: { amount: '-0.00790', currency: 'USD' } });
    await engine.wait(10 * 60_000);
    await recover(engine.deps);
    await engine.drain();
    const [after] = await engine.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
    expect(after).toMatchObject({ priceMicros: 7900, priceCurrency: 'USD', lookAt: null });
  });
});

describe('new hours', () => {
  it('reach those who were waiting for the old ones', async () => {
    engine.carrier.answer = ({ to }) => ({ kind: 'accepted', ref: `SM-${to}` });
    const campaignId = await engine.campaign({
      phones: phones(2, 9500),
      settings: { allowedHours: { start: '09:00', end: '10:00', days: ['monday'] } },
    });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(await countsOf(campaignId)).toMatchObject({ pending: 2 });
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    const everyDay = { start: '08:00', end: '21:00', days: [...DAY_NAMES] };
    await updateCampaign(engine.deps, {
      campaignId,
      actor: ANNA,
      changes: { settings: { allowedHours: everyDay } },
    });
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(await countsOf(campaignId)).toMatchObject({ in_progress: 2 });
  });
});

describe('reports that contradict each other', () => {
  it('do not hold up the others: the odd one is set aside', async () => {
    const campaignId = await run(3, ({ to }) => ({ kind: 'accepted', ref: `SM-${to}` }));
    const rows = await engine.deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
    const [first, second, third] = rows;
    await engine.deps.db
      .update(attempts)
      .set({ providerRef: null })
      .where(eq(attempts.id, second?.id ?? 0));
    const base = { kind: 'text_status' as const, refusal: null, segments: null, price: null };
    await engine.report(
      { ...base, token: second?.token ?? '', ref: first?.providerRef ?? '', status: 'delivered' },
      { ...base, token: third?.token ?? '', ref: third?.providerRef ?? '', status: 'delivered' },
    );
    await engine.drain();
    const after = await engine.deps.db
      .select()
      .from(attempts)
      .where(eq(attempts.id, third?.id ?? 0));
    expect(after[0]).toMatchObject({ outcome: 'delivered' });
  });
});

describe('a pause', () => {
  it('withdraws what was claimed but not asked for, and resume texts each of them once', async () => {
    let paused = false;
    const campaignId = await run(60, async ({ to }) => {
      if (!paused) {
        paused = true;
        const running = await engine.deps.db.select().from(campaigns).where(eq(campaigns.status, 'running'));
        const newest = Math.max(...running.map((row) => row.id));
        await changeStatus(engine.deps, { campaignId: newest, move: 'pause', actor: ANNA });
      }
      return { kind: 'accepted', ref: `SM-${to}` };
    });
    expect(engine.carrier.requests.length).toBeLessThanOrEqual(10);
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'paused' });
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    const numbers = engine.carrier.requests.map((request) => request.to);
    expect(numbers).toHaveLength(60);
    expect(new Set(numbers).size).toBe(60);
  });
});
