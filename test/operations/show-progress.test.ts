import { eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { campaigns, contacts } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { metricsHistory } from '#operations/metrics-history.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import { readProgress, showProgress } from '#operations/show-progress.ts';
import { ANNA, NOON, phones } from '#support/engine.ts';
import { createCallStage, freshPhones, statusOf } from './calls.ts';

const { engine, look, reset } = await createCallStage();
const { deps, workspace } = engine;
const HOUR_MS = 3_600_000;

beforeEach(() => {
  reset();
  engine.clock.set(NOON);
});

const show = (campaignId: number) => showProgress(deps, { workspaceId: workspace.id, campaignId });

describe('the progress of a campaign that calls', () => {
  it('has the figures that its card has', async () => {
    const campaignId = await look.start({ phones: freshPhones(3), settings: { maxAttempts: 1 } });
    const placed = await look.calls(campaignId);
    const [first, second, third] = placed.map(({ token, providerRef }) => ({
      token,
      ref: providerRef ?? '',
    }));
    if (!first || !second || !third) throw new Error('three calls were to be placed');
    await engine.report(
      statusOf(first, 'in_progress'),
      statusOf(first, 'completed', { durationSeconds: 75, answeredBy: 'human' }),
      statusOf(second, 'busy'),
      statusOf(third, 'canceled'),
    );
    await engine.drain();
    const { activity, counts } = await show(campaignId);
    const card = await drawCampaignCard(deps, { campaignId });
    expect(card.calls).toMatchObject(activity);
    expect(card.counts).toEqual(counts);
    const placedAgain = (await look.calls(campaignId)).length - placed.length;
    expect(activity).toEqual({ callsPlaced: 2 + placedAgain, callsAnswered: 1, answeredSeconds: 75 });
  });
});

describe('progress of many campaigns', () => {
  it('comes in one piece, in order, without those that do not exist', async () => {
    const one = await engine.campaign({ phones: phones(2, 100) });
    const two = await engine.campaign({ phones: phones(1, 110) });
    const rows = await readProgress(deps, [two, 4711, one]);
    expect(rows.map(({ campaignId, counts }) => [campaignId, counts.pending])).toEqual([
      [one, 2],
      [two, 1],
    ]);
    expect(await readProgress(deps, [])).toEqual([]);
  });

  it('leaves out the trials of colleagues and answers to replies among the newest attempts', async () => {
    const campaignId = await engine.campaign({ phones: phones(3, 120) });
    await changeStatus(deps, { campaignId, move: 'start', actor: ANNA });
    await engine.drain();
    await deps.db.execute(sql`
      update attempts set run_number = 0 where campaign_id = ${campaignId} and phone_number like '%120'`);
    await deps.db.execute(sql`
      update attempts set purpose = 'reply' where campaign_id = ${campaignId} and phone_number like '%121'`);
    expect((await show(campaignId)).recent.map(({ phoneNumber }) => phoneNumber)).toEqual(['+12125550122']);
  });
});

describe('the history of a run', () => {
  it('adds up hour by hour, and begins anew with the next run', async () => {
    const campaignId = await engine.campaign({ phones: phones(4, 200) });
    const people = await look.contacts(campaignId);
    const put = (at: number, status: 'completed' | 'busy', hoursAgo: number) =>
      deps.db
        .update(contacts)
        .set({ status, lastAttemptAt: new Date(NOON.getTime() - hoursAgo * HOUR_MS + 60_000) })
        .where(eq(contacts.id, people[at]?.id ?? 0));
    await put(0, 'completed', 30);
    await put(1, 'completed', 3);
    await put(2, 'busy', 3);
    engine.clock.move(20 * 60_000);
    await put(3, 'completed', 0);
    const now = deps.clock.now();
    const hours = (count: number) => metricsHistory(deps, { campaignId, hours: count });
    const { points, ...frame } = await hours(24);
    const from = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - 23 * HOUR_MS);
    expect(frame).toEqual({ from, until: now, before: { completed: 1, failed: 0 } });
    expect(points).toEqual([
      {
        timestamp: new Date(NOON.getTime() - 2 * HOUR_MS),
        completed: 2,
        failed: 1,
        success_rate: 66.67,
      },
      { timestamp: now, completed: 3, failed: 1, success_rate: 75 },
    ]);
    expect((await hours(1)).points.map(({ completed }) => completed)).toEqual([3]);
    expect((await hours(168)).points.map(({ completed }) => completed)).toEqual([1, 2, 3]);
    await deps.db.update(campaigns).set({ status: 'completed' }).where(eq(campaigns.id, campaignId));
    await reExecuteCampaign(deps, { campaignId, actor: ANNA, selection: 'failed_only' });
    expect(await hours(168)).toMatchObject({ points: [], before: { completed: 0, failed: 0 } });
  });
});
