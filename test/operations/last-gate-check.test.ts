import { setTimeout as sleep } from 'node:timers/promises';
import { eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { lockCampaign } from '#db/claims.ts';
import { approvals, consents, suppressionPrefixes } from '#db/policy-schema.ts';
import { attempts, campaigns, contactHolds, contacts, suppressions } from '#db/schema.ts';
import { changeWorkspace, type WorkspaceRow } from '#db/workspaces.ts';
import { readApprovalContent } from '#operations/approval-facts.ts';
import { changeStatus } from '#operations/change-status.ts';
import { dispatchCampaign } from '#operations/dispatch-campaign.ts';
import { voidApproval } from '#operations/void-approval.ts';
import type { TextStatusEvent } from '#ports/telephony.ts';
import { ANNA, createEngine, NOON } from '#support/engine.ts';
import { freshPhones } from './calls.ts';

const engine = await createEngine();
const { deps, carrier } = engine;
const { db } = deps;
const accepting = carrier.answer;
const HOUR = 3_600_000;

beforeEach(async () => {
  engine.clock.set(NOON);
  carrier.answer = accepting;
  carrier.requests.length = 0;
  await policy({ requiresTextConsent: false, requiresApproval: false, frequencyLimit: 3 });
});

const policy = (change: Partial<WorkspaceRow>) => changeWorkspace(db, engine.workspace.id, change);
const contactsOf = (campaignId: number) =>
  db.select().from(contacts).where(eq(contacts.campaignId, campaignId)).orderBy(contacts.id);
const asked = () => carrier.requests.map(({ to }) => to);

async function start(campaignId: number) {
  await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
  await engine.drain();
}

/** A campaign of twelve is asked for ten and two; `happens` while the first ten are under way. */
async function interrupted(
  happens: (given: { campaignId: number; phone: string }) => Promise<unknown>,
  before: (campaignId: number) => Promise<unknown> = async () => undefined,
) {
  const numbers = freshPhones(12);
  const phone = numbers[11] ?? '';
  const campaignId = await engine.campaign({ phones: numbers });
  await consentOf(...numbers);
  await before(campaignId);
  let isFirst = true;
  carrier.answer = async (request) => {
    if (isFirst) {
      isFirst = false;
      await happens({ campaignId, phone });
    }
    return accepting(request);
  };
  await start(campaignId);
  const [contact] = (await contactsOf(campaignId)).slice(-1);
  const tried = await db
    .select({ outcome: attempts.outcome })
    .from(attempts)
    .where(eq(attempts.phoneNumber, phone));
  return { campaignId, phone, contact, outcomes: tried.map(({ outcome }) => outcome) };
}

async function consentOf(...numbers: string[]) {
  const { id: workspaceId } = engine.workspace;
  const given = { workspaceId, channel: 'sms' as const, method: 'web form', actor: 'U_ANNA' };
  const at = deps.clock.now();
  await db
    .insert(consents)
    .values(numbers.map((phoneNumber) => ({ ...given, phoneNumber, givenAt: at, createdAt: at })));
}

/** The campaign is approved as it is, in a workspace that demands it. */
async function approve(campaignId: number) {
  await policy({ requiresApproval: true });
  const [campaign] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId));
  if (!campaign) throw new Error('the campaign is gone');
  const { hash, content } = await readApprovalContent(db, campaign);
  const asked = { campaignId, hash, content, requestedBy: 'U_ANNA', requestedAt: NOON };
  const decided = { decision: 'approved' as const, decidedBy: 'U_BEN', decidedAt: NOON };
  const [made] = await db
    .insert(approvals)
    .values({ ...asked, ...decided })
    .returning();
  await db.update(campaigns).set({ approvalId: made?.id }).where(eq(campaigns.id, campaignId));
}

const entry = () => ({
  workspaceId: engine.workspace.id,
  channel: 'all' as const,
  reason: 'They asked for it.',
  source: 'manual' as const,
  actor: 'U_ANNA',
  createdAt: deps.clock.now(),
});

describe('between the claim and the request to the provider', () => {
  it.each<[string, Parameters<typeof interrupted>[0], string]>([
    [
      'an opt-out stops it',
      ({ phone }) => db.insert(suppressions).values({ ...entry(), phoneNumber: phone, source: 'opt_out' }),
      'opted_out',
    ],
    [
      'an entry for this campaign alone stops it',
      ({ phone, campaignId }) =>
        db.insert(suppressions).values({ ...entry(), phoneNumber: phone, onlyCampaignId: campaignId }),
      'do_not_call',
    ],
    [
      'an entry for texts stops it',
      ({ phone }) => db.insert(suppressions).values({ ...entry(), phoneNumber: phone, channel: 'sms' }),
      'do_not_call',
    ],
    [
      'a range that the number lies in stops it',
      ({ phone }) => db.insert(suppressionPrefixes).values({ ...entry(), prefix: phone.slice(0, -1) }),
      'do_not_call',
    ],
    [
      'a consent that is withdrawn where one is demanded stops it',
      async ({ phone }) => {
        await policy({ requiresTextConsent: true });
        await db
          .update(consents)
          .set({ withdrawnAt: NOON, withdrawnBy: 'U_ANNA' })
          .where(eq(consents.phoneNumber, phone));
      },
      'no_consent',
    ],
  ])('%s', async (_, happens, reason) => {
    const { contact, phone, outcomes } = await interrupted(happens);
    expect(asked()).not.toContain(phone);
    expect(outcomes).toEqual(['withdrawn']);
    expect(contact).toMatchObject({ status: 'skipped', skipReason: reason, attempts: 0 });
    await db.delete(suppressionPrefixes);
  });

  it.each<[string, Parameters<typeof interrupted>[0]]>([
    [
      'an entry for another campaign does not stop it',
      async ({ phone }) => {
        const onlyCampaignId = await engine.campaign();
        await db.insert(suppressions).values({ ...entry(), phoneNumber: phone, onlyCampaignId });
      },
    ],
    [
      'an entry for calls does not stop a text',
      ({ phone }) => db.insert(suppressions).values({ ...entry(), phoneNumber: phone, channel: 'voice' }),
    ],
    [
      'a range of other numbers does not stop it',
      () => db.insert(suppressionPrefixes).values({ ...entry(), prefix: '+1900' }),
    ],
    [
      'a demand for consent does not stop whom a consent speaks for',
      () => policy({ requiresTextConsent: true }),
    ],
  ])('%s', async (_, happens) => {
    const { phone, contact } = await interrupted(happens);
    expect(asked().filter((to) => to === phone)).toHaveLength(1);
    expect(contact).toMatchObject({ status: 'in_progress' });
  });

  it('somebody who may have asked to be left alone is held', async () => {
    const { contact, phone } = await interrupted(({ phone: phoneNumber }) =>
      db.insert(contactHolds).values({ workspaceId: engine.workspace.id, phoneNumber, createdAt: NOON }),
    );
    expect(asked()).not.toContain(phone);
    expect(contact).toMatchObject({ status: 'pending', waitReason: 'held_for_review' });
  });

  it.each<[string, Parameters<typeof interrupted>[0], string]>([
    [
      'an approval that is demanded and missing stops all',
      () => policy({ requiresApproval: true }),
      'needs_approval',
    ],
    [
      'a start that may be taken back again stops all',
      ({ campaignId }) => {
        const undoUntil = new Date(NOON.getTime() + 10_000);
        return db.update(campaigns).set({ undoUntil }).where(eq(campaigns.id, campaignId));
      },
      'undo_window',
    ],
  ])('%s', async (_, happens, hold) => {
    const { campaignId, contact } = await interrupted(happens);
    expect(asked()).toHaveLength(10);
    expect(contact).toMatchObject({ status: 'pending', attempts: 0 });
    const [row] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId));
    expect(row?.hold).toMatchObject({ code: hold });
    await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
  });

  it('an approval that an edit voids stops all', async () => {
    const voided = async ({ campaignId }: { campaignId: number }) =>
      db.transaction(async (tx) => {
        const locked = await lockCampaign(tx, campaignId);
        if (!locked) throw new Error('the campaign is gone');
        await voidApproval(deps, tx, { campaign: locked.campaign, actor: ANNA, did: 'changed the message' });
      });
    const { campaignId, contact } = await interrupted(voided, approve);
    expect(asked()).toHaveLength(10);
    expect(contact).toMatchObject({ status: 'pending', attempts: 0 });
    const [row] = await db.select().from(campaigns).where(eq(campaigns.id, campaignId));
    expect(row).toMatchObject({ status: 'running', approvalId: null, hold: { code: 'needs_approval' } });
    await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
  });
});

/**
 * Two campaigns want one number. The first has written its attempt and not committed when the second claims, which therefore
 * sees nothing of it; its own attempt waits at the index. Then the first is done within the same second.
 */
async function overtaken(settings: Parameters<typeof engine.campaign>[0] = {}) {
  const [phone = ''] = freshPhones(1);
  const first = await engine.campaign({ phones: [phone] });
  const second = await engine.campaign({ phones: [phone], ...settings });
  await changeStatus(deps, { campaignId: second, move: 'start', actor: ANNA });
  const [contact] = await contactsOf(first);
  let dispatched: Promise<void> = Promise.resolve();
  await db.transaction(async (tx) => {
    await tx.insert(attempts).values({
      token: `first-${phone}`,
      workspaceId: engine.workspace.id,
      campaignId: first,
      contactId: contact?.id ?? 0,
      runNumber: 1,
      channel: 'sms',
      n: 1,
      phoneNumber: phone,
      sender: '+15005550006',
      body: 'Hello',
      segments: 1,
      state: 'dialing',
      provider: 'scripted',
      gate: {
        at: '',
        zones: [],
        certainty: '',
        basis: '',
        hours: [],
        closesAt: null,
        suppressionId: null,
        isHeldForReview: false,
      },
      createdAt: NOON,
    });
    dispatched = dispatchCampaign(deps, { campaignId: second });
    await somebodyWaits();
    await tx
      .update(attempts)
      .set({ state: 'ended', outcome: 'delivered', askedAt: NOON, endedAt: NOON })
      .where(eq(attempts.token, `first-${phone}`));
  });
  await dispatched;
  await engine.drain();
  const [overtook] = await contactsOf(second);
  return { second, phone, contact: overtook };
}

async function somebodyWaits() {
  for (;;) {
    const [row] = await db.execute<{ waiting: number }>(sql`
      select count(*)::int as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into attempts (%'`);
    if (row && row.waiting > 0) return;
    await sleep(10);
  }
}

describe('two campaigns that claim one number within a second', () => {
  it('stay under the cap: the later one waits until there is room', async () => {
    await policy({ frequencyLimit: 1 });
    const { phone, second, contact } = await overtaken();
    expect(asked()).not.toContain(phone);
    expect(contact).toMatchObject({ status: 'pending', waitReason: 'frequency_cap', attempts: 0 });
    expect(contact?.nextAttemptAt).toEqual(new Date(NOON.getTime() + 24 * HOUR + 60_000));
    await engine.wait(24 * HOUR + 60_000);
    await engine.drain();
    expect(asked()).toEqual([phone]);
    await changeStatus(deps, { campaignId: second, move: 'cancel', actor: ANNA });
  });

  it('do not overlap where the later one leaves out whom others contacted', async () => {
    const { phone, contact } = await overtaken({ settings: { excludeContactedDays: 1 } });
    expect(asked()).not.toContain(phone);
    expect(contact).toMatchObject({ status: 'skipped', skipReason: 'contacted_recently', attempts: 0 });
  });

  it('both reach it where there is room for both', async () => {
    const { phone } = await overtaken();
    expect(asked()).toEqual([phone]);
  });

  it('reach it no more often than the cap allows, whatever they do at once', async () => {
    await policy({ frequencyLimit: 2 });
    const numbers = freshPhones(15);
    const ids: number[] = [];
    for (let i = 0; i < 4; i += 1) ids.push(await engine.campaign({ phones: numbers }));
    carrier.answer = (request) => {
      const ref = `SM-${request.token}`;
      setImmediate(() => void engine.report(delivered(ref, request.token)));
      return { kind: 'accepted', ref };
    };
    await Promise.all(
      ids.map((campaignId) => changeStatus(deps, { campaignId, move: 'start', actor: ANNA })),
    );
    for (let turn = 0; turn < 6; turn += 1) {
      await Promise.all(ids.map((campaignId) => dispatchCampaign(deps, { campaignId })));
      await engine.drain();
      await engine.wait(61_000);
    }
    const times = new Map<string, number>();
    for (const to of asked()) times.set(to, (times.get(to) ?? 0) + 1);
    expect([...times.values()]).toEqual(numbers.map(() => 2));
  });
});

function delivered(ref: string, token: string): TextStatusEvent {
  return { kind: 'text_status', token, ref, status: 'delivered', refusal: null, segments: null, price: null };
}
