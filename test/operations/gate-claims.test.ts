import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { approvals, consents } from '#db/policy-schema.ts';
import { attempts, campaigns, contacts } from '#db/schema.ts';
import { changeWorkspace, type WorkspaceRow } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import type { PlaceResult, TextStatusEvent } from '#ports/telephony.ts';
import { ANNA, type CampaignOptions, createEngine, NOON } from '#support/engine.ts';
import { freshPhones } from './calls.ts';

const engine = await createEngine();
const { deps, carrier } = engine;
const { db } = deps;
const accepting = carrier.answer;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

beforeEach(async () => {
  engine.clock.set(NOON);
  carrier.answer = accepting;
  carrier.requests.length = 0;
  await policy({ requiresTextConsent: false, frequencyLimit: 3, frequencyHours: 24 });
});

const policy = (change: Partial<WorkspaceRow>) => changeWorkspace(db, engine.workspace.id, change);
const asked = () => carrier.requests.map(({ to }) => to);

async function start(options: CampaignOptions): Promise<number> {
  const campaignId = await engine.campaign(options);
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return campaignId;
}

async function campaignOf(campaignId: number) {
  const [row] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId));
  return row;
}

async function contactOf(campaignId: number) {
  const [row] = await db
    .select()
    .from(contacts)
    .where(eq(contacts.campaignId, campaignId))
    .orderBy(contacts.id);
  return row;
}

async function attemptsOf(campaignId: number) {
  return db.select().from(attempts).where(eq(attempts.campaignId, campaignId)).orderBy(attempts.id);
}

async function pass(ms: number) {
  await engine.wait(ms);
  await engine.drain();
}

async function arrive(campaignId: number, status: TextStatusEvent['status'] = 'delivered') {
  const refusal = status === 'failed' ? { class: 'provider' as const, code: '30008', fix: 'Wait.' } : null;
  const rows = (await attemptsOf(campaignId)).filter(({ state }) => state !== 'ended');
  const texts = rows.map(({ token, providerRef }) => ({
    kind: 'text_status' as const,
    token,
    ref: providerRef ?? '',
    status,
    refusal,
    segments: null,
    price: null,
  }));
  await engine.report(...texts);
  await engine.drain();
}

describe('a cap over all campaigns', () => {
  it('puts off and says until when, and nobody is lost', async () => {
    await policy({ frequencyLimit: 1 });
    const [phone = ''] = freshPhones();
    await arrive(await start({ phones: [phone] }));
    const second = await start({ phones: [phone] });
    expect(asked()).toEqual([phone]);
    expect(await contactOf(second)).toMatchObject({ status: 'pending', waitReason: 'frequency_cap' });
    const until = new Date(NOON.getTime() + DAY + MINUTE);
    expect((await campaignOf(second))?.hold).toEqual({ code: 'frequency_cap', until: until.toISOString() });
    await pass(DAY);
    expect(asked()).toHaveLength(1);
    await pass(MINUTE);
    expect(asked()).toEqual([phone, phone]);
    await arrive(second);
    expect(await campaignOf(second)).toMatchObject({ status: 'completed' });
  });

  it.each<[string, PlaceResult]>([
    ['was refused', { kind: 'rejected', refusal: { class: 'unreachable', code: '21612', fix: 'Wait.' } }],
    ['was too busy for', { kind: 'throttled', retryAfterMs: 1_000, code: '429' }],
  ])('does not count what the provider %s', async (_, answer) => {
    await policy({ frequencyLimit: 1 });
    const [phone = ''] = freshPhones();
    carrier.answer = () => answer;
    const first = await start({ phones: [phone] });
    await changeStatus(deps, { campaignId: first, move: 'pause', actor: ANNA }).catch(() => undefined);
    carrier.answer = accepting;
    const second = await start({ phones: [phone] });
    expect(await attemptsOf(second)).toHaveLength(1);
    expect(await contactOf(second)).toMatchObject({ status: 'in_progress' });
  });

  it('counts the tries of one campaign together with those of another', async () => {
    await policy({ frequencyLimit: 2 });
    const [phone = ''] = freshPhones();
    const first = await start({ phones: [phone], settings: { maxAttempts: 3, retryDelayMinutes: 30 } });
    await arrive(first, 'failed');
    await pass(30 * MINUTE);
    expect(asked()).toHaveLength(2);
    await arrive(first, 'failed');
    const second = await start({ phones: [phone] });
    expect(asked()).toHaveLength(2);
    expect(await contactOf(second)).toMatchObject({ status: 'pending', waitReason: 'frequency_cap' });
  });
});

describe('a text that expires', () => {
  it('is not sent when its hours come too late, and the run ends', async () => {
    engine.clock.set(new Date('2026-11-25T03:00:00Z'));
    const campaignId = await start({ phones: freshPhones(2), settings: { textExpiryHours: 2 } });
    expect(asked()).toEqual([]);
    expect(await contactOf(campaignId)).toMatchObject({ status: 'skipped', skipReason: 'text_expired' });
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('is valid at the provider no longer than that', async () => {
    await start({ phones: freshPhones(), settings: { textExpiryHours: 2 } });
    expect(carrier.requests).toMatchObject([{ validForSeconds: 2 * 3_600 }]);
  });
});

describe('a campaign that stops at the end of its day', () => {
  const office = { start: '09:00', end: '17:00', days: ['tuesday', 'wednesday'] as const };
  const settings = {
    allowedHours: { ...office, days: [...office.days] },
    endOfDay: 'stop' as const,
    maxAttempts: 3,
  };

  it('leaves out whose retry comes after its last hour, and completes', async () => {
    engine.clock.set(new Date('2026-11-24T21:50:00Z'));
    const campaignId = await start({
      phones: freshPhones(),
      settings: { ...settings, retryDelayMinutes: 30 },
    });
    await arrive(campaignId, 'failed');
    expect(asked()).toHaveLength(1);
    expect(await contactOf(campaignId)).toMatchObject({ status: 'skipped', skipReason: 'day_ended' });
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('does not leave out whose retry comes before it', async () => {
    const campaignId = await start({
      phones: freshPhones(),
      settings: { ...settings, retryDelayMinutes: 30 },
    });
    await arrive(campaignId, 'failed');
    expect(await contactOf(campaignId)).toMatchObject({ status: 'pending', waitReason: 'retry' });
    await pass(30 * MINUTE);
    expect(asked()).toHaveLength(2);
    await arrive(campaignId);
  });

  it('begins on the next morning when it is started at night', async () => {
    engine.clock.set(new Date('2026-11-25T03:00:00Z'));
    const numbers = freshPhones();
    const campaignId = await start({ phones: numbers, settings });
    expect(await contactOf(campaignId)).toMatchObject({ status: 'pending', waitReason: 'outside_hours' });
    await pass(11 * HOUR);
    expect(asked()).toEqual(expect.arrayContaining(numbers));
    await arrive(campaignId);
  });

  it('leaves out all who are still there in the evening', async () => {
    const numbers = freshPhones(120);
    engine.clock.set(new Date('2026-11-24T21:59:30Z'));
    const campaignId = await start({ phones: numbers, settings: { ...settings, rateLimitPerMinute: 10 } });
    const { length } = asked();
    await pass(MINUTE);
    await pass(MINUTE);
    await arrive(campaignId);
    expect(length).toBeGreaterThan(0);
    expect(asked()).toHaveLength(length);
    expect(await campaignOf(campaignId)).toMatchObject({ status: 'completed' });
  });

  it('that is resumed on another day goes on until the end of that day', async () => {
    engine.clock.set(new Date('2026-11-24T21:59:30Z'));
    const campaignId = await start({
      phones: freshPhones(3),
      settings: { ...settings, rateLimitPerMinute: 1 },
    });
    await changeStatus(deps, { campaignId, move: 'pause', actor: ANNA });
    await pass(20 * HOUR);
    expect(asked()).toHaveLength(1);
    await changeStatus(deps, { campaignId, move: 'resume', actor: ANNA });
    await pass(1_000);
    expect(asked().length).toBeGreaterThan(1);
    await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
  });
});

describe('what an attempt keeps', () => {
  it('is who answers for it, by which rules and on what consent it was made, and what it may cost', async () => {
    await policy({ requiresTextConsent: true });
    const [phone = ''] = freshPhones();
    const { id: workspaceId } = engine.workspace;
    const [consent] = await db
      .insert(consents)
      .values({
        ...{ workspaceId, phoneNumber: phone, channel: 'all', method: 'web form' },
        ...{ givenAt: NOON, createdAt: NOON, actor: 'U_ANNA' },
      })
      .returning();
    const campaignId = await engine.campaign({ phones: [phone] });
    const [approval] = await db
      .insert(approvals)
      .values({
        ...{ campaignId, hash: 'h', content: {}, requestedBy: 'U_ANNA', requestedAt: NOON },
        ...{ decision: 'approved', decidedBy: 'U_BEN', decidedAt: NOON },
      })
      .returning();
    const standing = { approvalId: approval?.id ?? null, attestedBy: 'U_ANNA' };
    await db.update(campaigns).set(standing).where(eq(campaigns.id, campaignId));
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const [attempt] = await attemptsOf(campaignId);
    expect(attempt?.gate).toMatchObject({
      localTimes: { 'America/New_York': '2026-11-24 14:00' },
      approval: { id: approval?.id, by: 'U_BEN' },
      attestedBy: 'U_ANNA',
      consentId: consent?.id,
      caps: [{ key: 'workspace', limit: 3, hours: 24, counted: 0 }],
    });
    expect(attempt?.gate.rules?.map(({ key }) => key)).toContain('US');
    expect(attempt?.consentId).toBe(consent?.id);
    expect(attempt?.reservedMicros).toBeGreaterThan(0);
  });
});

describe('a budget', () => {
  it('is never passed by what is reserved, and who it leaves no room for is kept', async () => {
    const probe = await start({ phones: freshPhones() });
    const [one] = await attemptsOf(probe);
    const each = one?.reservedMicros ?? 0;
    carrier.requests.length = 0;
    const campaignId = await start({
      phones: freshPhones(5),
      settings: { budgetLimitMicros: Math.floor(each * 2.9) },
    });
    expect(asked()).toHaveLength(2);
    const rows = await db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    expect(rows.map(({ status }) => status).sort()).toEqual([
      ...['in_progress', 'in_progress'],
      ...['pending', 'pending', 'pending'],
    ]);
    expect(await campaignOf(campaignId)).toMatchObject({
      status: 'paused',
      hold: { code: 'budget_reached' },
    });
  });
});
