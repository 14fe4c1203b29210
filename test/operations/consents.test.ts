import { and, eq, isNull } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { consents } from '#db/policy-schema.ts';
import { campaignEvents, campaigns, inboundTexts, workspaces } from '#db/schema.ts';
import { changeWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { recordConsent } from '#operations/record-consent.ts';
import { showConsents } from '#operations/show-consents.ts';
import { suppressFromReply } from '#operations/suppress-from-reply.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { withdrawConsent } from '#operations/withdraw-consent.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps, clock, carrier, workspace } = engine;
const { db } = deps;
const workspaceId = workspace.id;
let next = 0;
const somebody = () => {
  next += 1;
  return phones(1, 6_000 + next)[0] ?? '';
};
const given = (phone: string, channel: 'all' | 'voice' | 'sms') =>
  recordConsent(deps, {
    workspaceId,
    phone,
    channel,
    givenAt: new Date('2026-02-15T00:00:00Z'),
    method: 'web form',
    wording: 'I agree.',
    actor: ANNA,
  });
const inForce = async (phone: string) => {
  const rows = await db
    .select()
    .from(consents)
    .where(and(eq(consents.phoneNumber, phone), isNull(consents.withdrawnAt)));
  return rows.map(({ channel }) => channel).sort();
};

beforeEach(() => clock.set(NOON));

describe('a consent', () => {
  it('is noted once, with who noted it, and logged with a masked number', async () => {
    const phone = somebody();
    expect([(await given(phone, 'sms')).changed, (await given(phone, 'sms')).changed]).toEqual([true, false]);
    expect((await showConsents(deps, { workspaceId, phone })).consents).toMatchObject([
      { channel: 'sms', method: 'web form', wording: 'I agree.', actor: 'slack:U_ANNA', sourceColumn: null },
    ]);
    const logged = await db.select().from(campaignEvents).where(eq(campaignEvents.kind, 'consent_recorded'));
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged[0]?.details)).not.toContain(phone.slice(2));
  });

  it.each([
    ['of a day to come', { givenAt: new Date(NOON.getTime() + 1) }, 'That day is still to come.'],
    ['without how it was given', { method: '  ' }, 'Say how it was given'],
  ])('%s is refused', async (_, wrong, why) => {
    const consent = { workspaceId, phone: somebody(), channel: 'all', wording: null, actor: ANNA } as const;
    const asked = recordConsent(deps, { ...consent, givenAt: NOON, method: 'paper', ...wrong });
    await expect(asked).rejects.toThrow(why);
    expect(await inForce(consent.phone)).toEqual([]);
  });

  it.each([
    ['all', 'all', []],
    ['all', 'voice', ['sms']],
    ['all', 'sms', ['voice']],
    ['sms', 'voice', ['sms']],
    ['sms', 'sms', []],
  ] as const)('to %s, withdrawn for %s, leaves %o', async (channel, withdrawn, left) => {
    const phone = somebody();
    await given(phone, channel);
    await withdrawConsent(deps, { workspaceId, phone, channel: withdrawn, actor: ANNA });
    expect(await inForce(phone)).toEqual(left);
    const { consents: story } = await showConsents(deps, { workspaceId, phone });
    expect(
      story.every(({ givenAt, wording }) => givenAt.getTime() < NOON.getTime() && wording === 'I agree.'),
    ).toBe(true);
  });

  it('can be given anew after it was withdrawn', async () => {
    const phone = somebody();
    await given(phone, 'all');
    await withdrawConsent(deps, { workspaceId, phone, channel: 'all', actor: ANNA });
    expect((await given(phone, 'all')).changed).toBe(true);
    expect(await inForce(phone)).toEqual(['all']);
  });

  it('ends with what the person opts out of, and with nothing that a colleague enters', async () => {
    const [spoken, colleague] = [somebody(), somebody()];
    for (const phone of [spoken, colleague]) await given(phone, 'all');
    const entry = { workspaceId, reason: 'x', actor: ANNA } as const;
    await suppressNumber(deps, { ...entry, phone: spoken, channel: 'voice', source: 'opt_out' });
    await suppressNumber(deps, { ...entry, phone: colleague, channel: 'all', source: 'manual' });
    expect(await inForce(spoken)).toEqual(['sms']);
    expect(await inForce(colleague)).toEqual(['all']);
  });

  it('ends when a colleague reads in their text that they want no more', async () => {
    const phone = somebody();
    await given(phone, 'all');
    const text = { kind: 'text_inbound', ref: `IN-${phone}`, from: phone, to: '+15005550006' } as const;
    await engine.report({ ...text, body: 'please do not write again', mediaCount: 0, optOut: null });
    const [written] = await db.select().from(inboundTexts).where(eq(inboundTexts.fromNumber, phone));
    await suppressFromReply(deps, { workspaceId, inboundTextId: written?.id ?? 0, actor: ANNA });
    expect(await inForce(phone)).toEqual([]);
  });

  it('of every text that was sent is the one it rested on, where the workspace demands one', async () => {
    await changeWorkspace(db, workspaceId, { requiresTextConsent: true });
    const [willing, silent] = [somebody(), somebody()];
    await given(willing, 'sms');
    carrier.requests.length = 0;
    const campaignId = await engine.campaign({ phones: [willing, silent] });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(carrier.requests.map(({ to }) => to)).toEqual([willing]);
    await changeWorkspace(db, workspaceId, { requiresTextConsent: false });
  });
});

describe('the national do-not-call list', () => {
  const holdOf = async (campaignId: number) => {
    const [row] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId));
    return row?.hold;
  };
  const DAY_MS = 86_400_000;

  it.each([
    ['was never loaded', null, true],
    ['is older than it may be', new Date(NOON.getTime() - 31 * DAY_MS - 1), true],
    ['is as old as it may be', new Date(NOON.getTime() - 31 * DAY_MS), false],
  ])('keeps everybody waiting when it %s', async (_, nationalListAt, isStale) => {
    await changeWorkspace(db, workspaceId, { nationalListDays: 31, nationalListAt });
    carrier.requests.length = 0;
    const campaignId = await engine.campaign({ phones: [somebody()] });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(carrier.requests).toHaveLength(isStale ? 0 : 1);
    expect((await holdOf(campaignId))?.code === 'national_list_stale').toBe(isStale);
    await db.update(workspaces).set({ nationalListDays: null, nationalListAt: null });
  });
});
