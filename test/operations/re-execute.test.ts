import { asc, eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { attempts, contacts } from '#db/schema.ts';
import type { Counts } from '#domain/metrics.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { drawResultCard } from '#operations/draw-result-card.ts';
import { liftSuppression } from '#operations/lift-suppression.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { suppressPrefix } from '#operations/suppress-prefix.ts';
import { ANNA, addContacts, createEngine, NOON, phones } from '#support/engine.ts';

const engine = await createEngine();
const { deps, workspace } = engine;
let made = 0;

beforeEach(() => {
  engine.clock.set(NOON);
});

const STATUSES: (keyof Counts)[] = ['completed', 'failed', 'no_answer', 'busy', 'voicemail', 'skipped'];

/** A campaign that is over, with one contact in each status. */
async function over(campaignType: 'call' | 'sms' | 'mixed' = 'call', status = 'completed') {
  made += 1;
  const numbers = phones(STATUSES.length, made * 10);
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: ANNA,
    creationKey: `over-${made}`,
    channelId: `C_OVER_${made}`,
    name: `Over ${made}`,
    campaignType,
  });
  await addContacts(deps, campaignId, numbers);
  for (const [at, contactStatus] of STATUSES.entries()) {
    await deps.db
      .update(contacts)
      .set({
        status: contactStatus,
        skipReason: contactStatus === 'skipped' ? 'campaign_stopped' : null,
        attempts: 2,
        lastN: 2,
        channelAttempts: 2,
        nextChannel: 'sms',
        firstStatus: 'no_answer',
        callbacks: 1,
        nextAttemptAt: null,
      })
      .where(sql`${contacts.campaignId} = ${campaignId} and ${contacts.phoneNumber} = ${numbers[at] ?? ''}`);
  }
  await deps.db.execute(sql`
    update campaigns set status = ${status}, started_at = created_at, completed_at = created_at,
      claim_after_id = 1, claim_after_at = created_at where id = ${campaignId}`);
  return { campaignId, numbers };
}

const redial = (campaignId: number, selection: Parameters<typeof reExecuteCampaign>[1]['selection']) =>
  reExecuteCampaign(deps, { campaignId, actor: ANNA, selection });
const rowsOf = (campaignId: number) =>
  deps.db.select().from(contacts).where(eq(contacts.campaignId, campaignId)).orderBy(asc(contacts.id));
const waitingOf = async (campaignId: number) =>
  (await rowsOf(campaignId)).flatMap((row, at) => (row.status === 'pending' ? [STATUSES[at]] : []));

describe('another run of a campaign that is over', () => {
  it.each([
    ['all', STATUSES],
    ['failed_only', ['failed', 'no_answer', 'busy', 'voicemail']],
    [{ statuses: ['no_answer'] }, ['no_answer']],
  ] as const)('of %j lets them wait and leaves the others out', async (selection, expected) => {
    const { campaignId } = await over();
    expect(await redial(campaignId, selection)).toEqual({ contactsReset: expected.length });
    expect(await waitingOf(campaignId)).toEqual(expected);
    const { counts, ...campaign } = await showCampaign(deps, { campaignId });
    expect(counts).toMatchObject({ pending: expected.length, skipped: STATUSES.length - expected.length });
    expect(campaign).toMatchObject({
      status: 'draft',
      runNumber: 2,
      startedAt: null,
      completedAt: null,
      claimAfterId: null,
    });
  });

  it('of contacts by their ids passes over those of other campaigns', async () => {
    const { campaignId } = await over();
    const [stranger] = await rowsOf((await over()).campaignId);
    const [, , third] = await rowsOf(campaignId);
    expect(await redial(campaignId, [third?.id ?? 0, stranger?.id ?? 0])).toEqual({ contactsReset: 1 });
    expect(await waitingOf(campaignId)).toEqual(['no_answer']);
  });

  it('begins anew for who waits and keeps what happened to the others', async () => {
    const { campaignId } = await over();
    await redial(campaignId, { statuses: ['busy'] });
    const rows = await rowsOf(campaignId);
    expect(rows[3]).toMatchObject({
      status: 'pending',
      attempts: 0,
      channelAttempts: 0,
      lastN: 2,
      nextChannel: null,
      firstStatus: null,
      callbacks: 0,
      nextAttemptAt: NOON,
    });
    expect(rows[0]).toMatchObject({
      status: 'skipped',
      skipReason: 'not_selected',
      attempts: 2,
      nextAttemptAt: null,
    });
  });

  it('never reaches who is on the do-not-call list, whatever is chosen', async () => {
    const { campaignId, numbers } = await over();
    const [completed = '', failed = '', noAnswer = ''] = numbers;
    const entry = { workspaceId: workspace.id, reason: 'They asked.', actor: ANNA } as const;
    await suppressNumber(deps, { ...entry, phone: completed, channel: 'all', source: 'opt_out' });
    await suppressNumber(deps, { ...entry, phone: failed, channel: 'voice', source: 'manual' });
    await suppressNumber(deps, { ...entry, phone: noAnswer, channel: 'sms', source: 'manual' });
    expect(await redial(campaignId, 'all')).toEqual({ contactsReset: 4 });
    expect((await rowsOf(campaignId)).slice(0, 3)).toMatchObject([
      { status: 'skipped', skipReason: 'opted_out' },
      { status: 'skipped', skipReason: 'do_not_call' },
      { status: 'pending', skipReason: null },
    ]);
  });

  it('minds entries of this campaign alone and ranges of numbers, and none of another campaign’s', async () => {
    const { campaignId, numbers } = await over();
    const other = await over();
    const [completed = '', failed = '', noAnswer = ''] = numbers;
    const entry = {
      workspaceId: workspace.id,
      reason: 'They asked.',
      actor: ANNA,
      channel: 'all',
      source: 'manual',
    } as const;
    await suppressNumber(deps, { ...entry, phone: completed, onlyCampaignId: campaignId });
    await suppressNumber(deps, { ...entry, phone: failed, onlyCampaignId: other.campaignId });
    await suppressPrefix(deps, { ...entry, prefix: noAnswer, onlyCampaignId: null });
    expect(await redial(campaignId, 'all')).toEqual({ contactsReset: 4 });
    expect((await rowsOf(campaignId)).slice(0, 3)).toMatchObject([
      { status: 'skipped', skipReason: 'do_not_call' },
      { status: 'pending' },
      { status: 'skipped', skipReason: 'do_not_call' },
    ]);
  });

  it('leaves out for good whom a newer file replaced, also who came off the do-not-call list since', async () => {
    const { campaignId, numbers } = await over();
    const [phone = ''] = numbers;
    const entry = { workspaceId: workspace.id, actor: ANNA, phone };
    const isTheirs = sql`${contacts.campaignId} = ${campaignId} and ${contacts.phoneNumber} = ${phone}`;
    await deps.db.update(contacts).set({ status: 'skipped', skipReason: 'replaced' }).where(isTheirs);
    await suppressNumber(deps, { ...entry, reason: 'They asked.', channel: 'all', source: 'opt_out' });
    expect(await redial(campaignId, 'all')).toEqual({ contactsReset: 5 });
    await liftSuppression(deps, entry);
    await deps.db.execute(sql`update campaigns set status = 'completed' where id = ${campaignId}`);
    expect(await redial(campaignId, 'all')).toEqual({ contactsReset: 5 });
    expect((await rowsOf(campaignId))[0]).toMatchObject({ status: 'skipped', skipReason: 'replaced' });
  });

  it('is refused with nothing changed where nobody fits', async () => {
    const { campaignId, numbers } = await over();
    await suppressNumber(deps, {
      workspaceId: workspace.id,
      reason: 'They asked.',
      actor: ANNA,
      phone: numbers[3] ?? '',
      channel: 'all',
      source: 'manual',
    });
    await expect(redial(campaignId, { statuses: ['busy'] })).rejects.toMatchObject({
      code: 'nothing_selected',
    });
    await expect(redial(campaignId, [])).rejects.toMatchObject({ code: 'nothing_selected' });
    expect(await showCampaign(deps, { campaignId })).toMatchObject({ status: 'completed', runNumber: 1 });
    expect((await rowsOf(campaignId))[0]?.status).toBe('completed');
  });

  it.each(['draft', 'running', 'paused', 'scheduled'])('is refused while it is %s', async (status) => {
    const { campaignId } = await over('call', status);
    await expect(redial(campaignId, 'all')).rejects.toMatchObject({ code: 'wrong_status' });
  });

  it('is told in the thread, once', async () => {
    const { campaignId } = await over();
    await redial(campaignId, 'failed_only');
    await expect(redial(campaignId, 'failed_only')).rejects.toMatchObject({ code: 'wrong_status' });
    await engine.drain();
    const { channelId } = await showCampaign(deps, { campaignId });
    const told = engine.chat.posted.flatMap(({ place, content }) =>
      place.channelId === channelId && content.kind === 'note' ? [content.text] : [],
    );
    expect(told).toEqual([expect.stringContaining('set up run 2: 4 contacts wait')]);
  });
});

describe('a text campaign that is redialed', () => {
  it('texts those who wait once more and counts that run alone', async () => {
    made += 1;
    const campaignId = await engine.campaign({ phones: phones(3, 5000) });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    await expect(redial(campaignId, 'all')).rejects.toMatchObject({ code: 'wrong_status' });
    await changeStatus(deps, { campaignId, move: 'cancel', actor: ANNA });
    await expect(redial(campaignId, 'all')).rejects.toMatchObject({
      code: 'attempts_open',
      details: { attempts: 3 },
    });
    const sent = await deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
    await engine.report(
      ...sent.map(({ token, providerRef }, at) => ({
        kind: 'text_status' as const,
        token,
        ref: providerRef ?? '',
        status: at === 0 ? ('delivered' as const) : ('undelivered' as const),
        refusal: at === 0 ? null : { class: 'invalid_number' as const, code: '30003', fix: 'None.' },
        segments: 1,
        price: { amount: '-0.01', currency: 'USD' },
      })),
    );
    await engine.drain();
    expect(await redial(campaignId, 'failed_only')).toEqual({ contactsReset: 2 });
    const asked = engine.carrier.requests.length;
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    expect(engine.carrier.requests).toHaveLength(asked + 2);
    const result = await drawResultCard(deps, deps.db, { campaignId });
    expect(result.costMicros.actual).toBe(0);
    expect(result.timeline.reduce((sum, slice) => sum + slice.completed + slice.failed, 0)).toBe(0);
  });
});
