import { eq } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { imports } from '#db/import-schema.ts';
import { consents } from '#db/policy-schema.ts';
import { attempts, campaigns } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { BUILT_IN_RATES, rateOf } from '#domain/rates.ts';
import { changeRate } from '#operations/change-rate.ts';
import { changeStatus } from '#operations/change-status.ts';
import { preflight } from '#operations/preflight.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { ANNA, createEngine } from '#support/engine.ts';
import { freshPhones } from './calls.ts';

const engine = await createEngine();
const { deps, clock } = engine;
const workspaceId = engine.workspace.id;

const NO_DEMANDS = { requiresTextConsent: false, requiresCallConsent: false, frequencyLimit: null };
beforeEach(() => changeWorkspace(deps.db, workspaceId, NO_DEMANDS));

const plan = (campaignId: number) => preflight(deps, { campaignId });

async function contactBy(other: string[]) {
  const campaignId = await engine.campaign({ phones: other });
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  const now = clock.now();
  await deps.db
    .update(attempts)
    .set({ state: 'ended', outcome: 'delivered', endedAt: now, reservedMicros: 0 });
  return campaignId;
}

describe('before a start each waiting contact is counted once', () => {
  it('by the first thing that stands against them', async () => {
    const [listed = '', without = '', tried = '', free = ''] = freshPhones(4);
    await contactBy([tried]);
    await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: true, frequencyLimit: 1 });
    const createdAt = clock.now();
    const consent = { workspaceId, method: 'paper', actor: 'system', givenAt: createdAt, createdAt };
    await deps.db
      .insert(consents)
      .values(
        [listed, tried, free].map((phoneNumber) => ({ ...consent, phoneNumber, channel: 'sms' as const })),
      );
    await suppressNumber(deps, {
      workspaceId,
      phone: listed,
      channel: 'all',
      reason: 'They asked.',
      source: 'manual',
      actor: ANNA,
    });
    const campaignId = await engine.campaign({ phones: [listed, without, tried, free, '+18005550188'] });
    expect(await plan(campaignId)).toMatchObject({
      ready: 1,
      doNotCall: 1,
      noConsent: 2,
      capped: 1,
      noTimeZone: 0,
      heldForReview: 0,
      segments: 2,
    });
  });

  it('and a consent for calls is none for texts, nor one that was withdrawn', async () => {
    const [voice = '', withdrawn = '', any = ''] = freshPhones(3);
    await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: true });
    const createdAt = clock.now();
    const consent = { workspaceId, method: 'paper', actor: 'system', givenAt: createdAt, createdAt };
    await deps.db.insert(consents).values([
      { ...consent, phoneNumber: voice, channel: 'voice' },
      { ...consent, phoneNumber: withdrawn, channel: 'sms', withdrawnAt: createdAt },
      { ...consent, phoneNumber: any, channel: 'all' },
    ]);
    const campaignId = await engine.campaign({ phones: [voice, withdrawn, any] });
    expect(await plan(campaignId)).toMatchObject({ ready: 1, noConsent: 2 });
  });

  it.each([
    ['call', 2],
    ['sms', 1],
  ] as const)('and of calls and texts the %s that comes first needs the consent', async (first, ready) => {
    const people = freshPhones(2);
    await changeWorkspace(deps.db, workspaceId, { requiresTextConsent: true, requiresCallConsent: false });
    const createdAt = clock.now();
    const [phoneNumber = ''] = people;
    const consent = { workspaceId, phoneNumber, channel: 'sms', method: 'paper', actor: 'system' } as const;
    await deps.db.insert(consents).values({ ...consent, givenAt: createdAt, createdAt });
    const campaignId = await engine.campaign({ phones: people });
    const mixedSettings = { first, followUp: 'always', delayMinutes: 0 } as const;
    await deps.db
      .update(campaigns)
      .set({ campaignType: 'mixed', mixedSettings })
      .where(eq(campaigns.id, campaignId));
    expect(await plan(campaignId)).toMatchObject({ ready, noConsent: 2 - ready });
  });

  it('and whoever another campaign contacted lately is left out where that is wished', async () => {
    const [lately = '', other = ''] = freshPhones(2);
    const first = await contactBy([lately]);
    const settings = { excludeContactedDays: 7 };
    const campaignId = await engine.campaign({ phones: [lately, other], settings });
    expect(await plan(campaignId)).toMatchObject({ ready: 1, contactedRecently: 1 });
    expect(await plan(first)).toMatchObject({ contactedRecently: 0 });
    clock.move(8 * 86_400_000);
    expect(await plan(campaignId)).toMatchObject({ ready: 2, contactedRecently: 0 });
  });

  it('where their own country is, also when its calling code is shared', async () => {
    await changeWorkspace(deps.db, workspaceId, { unknownPlace: 'skip', frequencyLimit: 3 });
    const people = ['+442079460958', '+447400123456', '+441534123456', '+393123456789', '+4915112345678'];
    const campaignId = await engine.campaign({ phones: people });
    const { ready, noTimeZone, cost, segmentsEach } = await plan(campaignId);
    await changeWorkspace(deps.db, workspaceId, { unknownPlace: 'intersect' });
    const prices = ['GB', 'GB', 'JE', 'IT', 'DE'].map((country) => rateOf(BUILT_IN_RATES, 'sms', country));
    expect({ ready, noTimeZone }).toEqual({ ready: 5, noTimeZone: 0 });
    expect(segmentsEach).toMatchObject({ low: 1, high: 1 });
    expect(cost).toMatchObject({
      low: prices.reduce((sum, { low }) => sum + low, 0),
      high: prices.reduce((sum, { high }) => sum + high, 0),
    });
  });

  it('while rows of its files that came twice or were no number are told beside', async () => {
    const campaignId = await engine.campaign({ phones: freshPhones(1) });
    const file = {
      fileId: 'F1',
      fileName: 'a.csv',
      mapping: [],
      requestedBy: 'system',
      createdAt: clock.now(),
    };
    await deps.db.insert(imports).values([
      {
        ...file,
        workspaceId,
        campaignId,
        status: 'completed',
        duplicateCount: 2,
        existingCount: 1,
        invalidCount: 4,
      },
      { ...file, workspaceId, campaignId, status: 'failed', duplicateCount: 9, invalidCount: 9 },
    ]);
    expect(await plan(campaignId)).toMatchObject({ duplicates: 3, invalid: 4 });
  });
});

describe('what it will cost', () => {
  it('follows the rates that the workspace has set', async () => {
    const campaignId = await engine.campaign({ phones: freshPhones(100) });
    const before = (await plan(campaignId)).cost;
    expect(before).toMatchObject({ low: 1_180_000, high: 1_330_000, estimate: false });
    const price = { lowMicros: 5_000, highMicros: 6_000 };
    const rate = { workspaceId, channel: 'sms', country: 'US', actor: ANNA } as const;
    expect(await changeRate(deps, { ...rate, price })).toMatchObject({
      before: { low: 11_800 },
      after: { low: 5_000, high: 6_000, source: 'set in this workspace' },
    });
    expect((await plan(campaignId)).cost).toMatchObject({ low: 500_000, high: 600_000 });
    await changeRate(deps, { ...rate, price: null });
    expect((await plan(campaignId)).cost).toEqual(before);
  });

  it('is what a run that begins keeps, without those who will be left out', async () => {
    const phones = freshPhones(5);
    const campaignId = await engine.campaign({ phones: [...phones, '+18005550123'] });
    await suppressNumber(deps, {
      workspaceId,
      phone: phones[0] ?? '',
      channel: 'all',
      reason: 'Asked.',
      source: 'manual',
      actor: ANNA,
    });
    const { low, high } = (await plan(campaignId)).cost;
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    const [run] = await deps.db.select().from(campaigns).where(eq(campaigns.id, campaignId));
    expect(run).toMatchObject({ estimateLowMicros: low, estimateHighMicros: high, estimateContacts: 4 });
  });

  it('rests on texts from the whole of the campaign, not from its beginning', async () => {
    const template = `Hello {{ name }}{% if name == "P399" %}${'!'.repeat(200)}{% endif %}`;
    const { sample, segmentsEach } = await plan(
      await engine.campaign({ phones: freshPhones(400), template }),
    );
    expect(sample.contacts).toBe(200);
    expect(segmentsEach).toEqual({ low: 1, high: 2, average: 1.005 });
  });

  it('is told with what will make it pause', async () => {
    const settings = { budgetLimitMicros: 5_000_000, canarySize: 10 };
    const campaignId = await engine.campaign({ phones: freshPhones(1), settings });
    expect(await plan(campaignId)).toMatchObject({ budgetMicros: 5_000_000, canarySize: 10 });
  });
});
