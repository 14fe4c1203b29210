import { asc, eq } from 'drizzle-orm/sql';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lawOverrides } from '#db/policy-schema.ts';
import { attempts, campaignEvents, contacts } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { type AllowedHours, DAY_NAMES } from '#domain/calling-window.ts';
import { LAW_HOLIDAY_PLACES } from '#domain/law/legal-rules.ts';
import { changeStatus } from '#operations/change-status.ts';
import { explainContact } from '#operations/explain-contact.ts';
import { overrideLaw } from '#operations/override-law.ts';
import { readPolicy } from '#operations/read-policy.ts';
import { revokeLawOverride } from '#operations/revoke-law-override.ts';
import { ANNA, createEngine, type Engine } from '#support/engine.ts';

const SYSTEM = { kind: 'system' } as const;
const REASON = 'All of them agreed in writing to later calls.';
const LATE: AllowedHours[] = [{ start: '08:00', end: '21:00', days: [...DAY_NAMES] }];
/** Tuesday, half past eight in the evening in Miami. */
const EVENING = new Date('2026-11-25T01:30:00.000Z');

let engine: Engine;
let numbers = 0;
beforeAll(async () => {
  engine = await createEngine();
});
beforeEach(async () => {
  engine.clock.set(EVENING);
  engine.carrier.requests.length = 0;
  await engine.deps.db.delete(lawOverrides);
  await changeWorkspace(engine.deps.db, engine.workspace.id, {
    legalPreset: 'by_state',
    ownHours: null,
    unknownPlace: 'intersect',
    tollFree: 'skip',
  });
});

const override = (ruleKey: string, hours = LATE, reason = REASON) =>
  overrideLaw(engine.deps, { workspaceId: engine.workspace.id, actor: SYSTEM, ruleKey, hours, reason });
const revoke = (ruleKey: string) =>
  revokeLawOverride(engine.deps, { workspaceId: engine.workspace.id, actor: SYSTEM, ruleKey });
const miami = () => `+1305555${String(++numbers).padStart(4, '0')}`;

/** A text campaign to one number that has been started; what became of its contact. */
async function texting(phone: string, own: { ownZones?: string[]; ownRegion?: string } = {}) {
  const campaignId = await engine.campaign({ phones: [phone] });
  if (own.ownZones || own.ownRegion)
    await engine.deps.db.update(contacts).set(own).where(eq(contacts.campaignId, campaignId));
  await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
  return async () => {
    const [row] = await engine.deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    return { status: row?.status, why: row?.waitReason ?? row?.skipReason, at: row?.nextAttemptAt };
  };
}

const events = async (kind: string) =>
  engine.deps.db
    .select()
    .from(campaignEvents)
    .where(eq(campaignEvents.kind, kind))
    .orderBy(asc(campaignEvents.id));

describe('the law where somebody is', () => {
  test('Florida closes at eight in the evening, New York at nine', async () => {
    const there = await texting(miami());
    const here = await texting('+12125559001');
    expect(await there()).toMatchObject({
      status: 'pending',
      why: 'outside_hours',
      at: new Date('2026-11-25T13:00:00.000Z'),
    });
    expect((await here()).status).toBe('in_progress');
  });

  test('/campaign why names the row that keeps them waiting', async () => {
    const phone = miami();
    await texting(phone);
    const told = await explainContact(engine.deps, {
      workspaceId: engine.workspace.id,
      campaignId: null,
      phone,
    });
    expect(told.join(' ')).toContain('Shut now: the law of Florida, row US-FL (every day 08:00–20:00');
  });

  test('what a contact came with beats their number', async () => {
    const moved = await texting('+12125559002', { ownZones: ['America/New_York'], ownRegion: 'US-FL' });
    const gone = await texting(miami(), { ownZones: ['America/Los_Angeles'], ownRegion: 'US-CA' });
    expect((await moved()).why).toBe('outside_hours');
    expect((await gone()).status).toBe('in_progress');
  });

  test('a place that could not be read leaves somebody out', async () => {
    const lost = await texting('+12125559003', { ownZones: [] });
    expect(await lost()).toMatchObject({ status: 'skipped', why: 'no_time_zone' });
  });

  test('the strict preset waits for hours that suit every state, and over Thanksgiving', async () => {
    await changeWorkspace(engine.deps.db, engine.workspace.id, { legalPreset: 'strict' });
    engine.clock.set(new Date('2026-11-26T15:30:00.000Z'));
    const waiting = await texting('+12125559004');
    expect(await waiting()).toMatchObject({ why: 'outside_hours', at: new Date('2026-11-27T15:00:00.000Z') });
  });

  test('a workspace may close earlier than the law, and toll-free numbers wait for its policy', async () => {
    await changeWorkspace(engine.deps.db, engine.workspace.id, {
      ownHours: [{ start: '10:00', end: '16:00', days: [...DAY_NAMES] }],
    });
    const early = await texting('+12125559005');
    const free = await texting('+18005559001');
    expect((await early()).at).toEqual(new Date('2026-11-25T15:00:00.000Z'));
    expect((await free()).why).toBe('no_time_zone');
    await changeWorkspace(engine.deps.db, engine.workspace.id, { tollFree: 'contiguous' });
    const taken = await texting('+18005559002');
    expect(await taken()).toMatchObject({ why: 'outside_hours', at: new Date('2026-11-25T18:00:00.000Z') });
  });
});

describe('an override', () => {
  test('lets those be reached at once who waited for the law, and no longer once it is revoked', async () => {
    const phone = miami();
    const waiting = await texting(phone);
    expect((await waiting()).status).toBe('pending');
    await override('US-FL');
    await engine.drain();
    expect((await waiting()).status).toBe('in_progress');
    const [attempt] = await engine.deps.db.select().from(attempts).where(eq(attempts.phoneNumber, phone));
    expect(attempt?.gate.rules).toEqual([
      { key: 'US', asOf: '2026-11-22' },
      { key: 'US-FL', asOf: '2026-11-22', isOverridden: true },
    ]);
    await revoke('US-FL');
    const later = await texting(miami());
    expect((await later()).why).toBe('outside_hours');
  });

  test('is known to a paused campaign when it goes on', async () => {
    const campaignId = await engine.campaign({ phones: [miami()] });
    await changeStatus(engine.deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    await changeStatus(engine.deps, { campaignId, move: 'pause', actor: ANNA });
    await override('US-FL');
    await changeStatus(engine.deps, { campaignId, move: 'resume', actor: ANNA });
    await engine.drain();
    const [row] = await engine.deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId));
    expect(row?.status).toBe('in_progress');
  });

  test('never reaches beyond the row of the whole country', async () => {
    await override('US-FL', [{ start: '00:00', end: '24:00', days: [...DAY_NAMES] }]);
    engine.clock.set(new Date('2026-11-25T02:30:00.000Z'));
    const waiting = await texting(miami());
    expect((await waiting()).why).toBe('outside_hours');
  });

  test('takes the place of the one before, and both are kept with who and why', async () => {
    await override('US-FL');
    await override('US-FL', [{ start: '07:00', end: '21:00', days: [...DAY_NAMES] }], 'New advice of today.');
    const rows = await engine.deps.db.select().from(lawOverrides).orderBy(asc(lawOverrides.id));
    expect(rows.map(({ reason, revokedAt }) => [reason, revokedAt !== null])).toEqual([
      [REASON, true],
      ['New advice of today.', false],
    ]);
    const [event] = (await events('law_overridden')).slice(-1);
    expect(event).toMatchObject({
      actor: 'system',
      details: { ruleKey: 'US-FL', reason: 'New advice of today.', before: LATE },
    });
  });

  test('of one row is in force once, however many admins are at it', async () => {
    await Promise.allSettled(
      ['one', 'two', 'three'].map((who) => override('US-KY', LATE, `${REASON} (${who})`)),
    );
    const rows = await engine.deps.db.select().from(lawOverrides);
    expect(rows.filter(({ revokedAt }) => revokedAt === null)).toHaveLength(1);
  });

  test('is an admin’s to give and to take', async () => {
    const asked = { workspaceId: engine.workspace.id, actor: ANNA, ruleKey: 'US-FL' };
    await expect(overrideLaw(engine.deps, { ...asked, hours: LATE, reason: REASON })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await override('US-FL');
    await expect(revokeLawOverride(engine.deps, asked)).rejects.toMatchObject({ code: 'not_allowed' });
    expect(await engine.deps.db.select().from(lawOverrides)).toMatchObject([{ revokedAt: null }]);
  });

  test('that is not there cannot be revoked', async () => {
    const before = (await events('law_override_revoked')).length;
    expect(await revoke('US-FL')).toBeNull();
    expect(await events('law_override_revoked')).toHaveLength(before);
  });

  test.each([
    ['a row that there is not', 'US-NY', LATE, REASON, 'There is no row'],
    ['no hours', 'US-FL', [], REASON, 'at least one day'],
    ['hours that the row allows anyway', 'US', LATE, REASON, 'no override is needed'],
    ['no reason', 'US-FL', LATE, '  because ', 'Say why'],
  ])('needs more than %s', async (_, ruleKey, hours, reason, sentence) => {
    await expect(override(ruleKey, hours, reason)).rejects.toThrow(sentence);
    expect(await engine.deps.db.select().from(lawOverrides)).toEqual([]);
  });
});

describe('the policy of a workspace', () => {
  const policyAt = (iso: string, places: string[] = []) =>
    readPolicy(engine.deps, engine.deps.db, engine.workspace, new Date(iso), places);

  test('knows the holidays of this year and the next for every row and for the places of a campaign', async () => {
    const { holidays } = await policyAt('2026-06-01T00:00:00Z', ['GB']);
    expect([...holidays.keys()].sort()).toEqual([...LAW_HOLIDAY_PLACES, 'GB'].sort());
    expect(holidays.get('US-RI')).toEqual(expect.arrayContaining(['2026-08-10', '2027-12-25']));
    expect(holidays.get('GB')).toContain('2026-12-28');
  });

  test('still knows those of the old year while it is not over everywhere', async () => {
    const { holidays } = await policyAt('2027-01-01T06:00:00Z');
    expect(holidays.get('US')).toEqual(expect.arrayContaining(['2026-12-25', '2027-01-01']));
  });

  test('a place that the calendar does not know has no holidays', async () => {
    const { holidays } = await policyAt('2026-06-01T00:00:00Z', ['XX']);
    expect(holidays.get('XX')).toEqual([]);
  });

  test('the cap is the workspace’s, and none where it has none', async () => {
    expect((await policyAt('2026-06-01T00:00:00Z')).frequency).toEqual({
      key: 'workspace',
      limit: 3,
      hours: 24,
    });
    const free = { ...engine.workspace, frequencyLimit: null };
    const policy = await readPolicy(engine.deps, engine.deps.db, free, EVENING);
    expect(policy.frequency).toBeNull();
  });
});
