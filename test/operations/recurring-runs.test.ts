import { sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { drawCampaignCard } from '#operations/draw-campaign-card.ts';
import { preflight } from '#operations/preflight.ts';
import { reExecuteCampaign } from '#operations/re-execute.ts';
import { recover } from '#operations/recover.ts';
import { skipRun } from '#operations/skip-run.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { unscheduleCampaign } from '#operations/unschedule-campaign.ts';
import { ANNA, addContacts, createEngine, NOON, phones } from '#support/engine.ts';
import { DAY, HOUR, MINUTE, scheduling } from './schedules.ts';

const engine = await createEngine();
const { deps, workspace } = engine;
const { campaignOf, daily, pass, attemptsOf, deliverAll, notesOf } = scheduling(engine);
let made = 500;

beforeEach(() => {
  engine.clock.set(NOON);
});

/** Daily at 15:00 in New York, an hour from now. */
async function recurring(config: object = {}, contacts = 2) {
  made += 1;
  const numbers = phones(contacts, made * 10);
  const id = await engine.campaign({ phones: numbers });
  await daily(id, config);
  return { id, numbers };
}
const thread = async (id: number) => notesOf((await campaignOf(id)).channelId);
const runsOf = async (id: number) => (await attemptsOf(id)).map(({ runNumber }) => runNumber);
const resultsOf = async (id: number) => {
  const { channelId } = await campaignOf(id);
  return engine.chat.posted.filter(
    ({ place, content }) => place.channelId === channelId && content.kind === 'result_card',
  );
};

describe('a recurring campaign', () => {
  it('rests between its runs, and each is over everybody who is not on the do-not-call list', async () => {
    const { id, numbers } = await recurring({}, 3);
    await pass(HOUR);
    expect(await campaignOf(id)).toMatchObject({
      status: 'running',
      runNumber: 1,
      nextRunAt: new Date('2026-11-25T20:00:00Z'),
    });
    await deliverAll(id);
    expect(await campaignOf(id)).toMatchObject({
      status: 'scheduled',
      runNumber: 1,
      nextRunAt: new Date('2026-11-25T20:00:00Z'),
      counts: { completed: 3 },
    });
    await pass(MINUTE);
    expect(await resultsOf(id)).toHaveLength(1);
    expect((await thread(id)).at(-1)?.text).toBe(
      'Run 1 is over. The next run is due Wed 25 Nov 2026 at 15:00, New York time.',
    );

    await suppressNumber(deps, {
      workspaceId: workspace.id,
      actor: ANNA,
      phone: numbers[0] ?? '',
      channel: 'all',
      reason: 'asked',
      source: 'manual',
    });
    await pass(DAY);
    expect(await campaignOf(id)).toMatchObject({ status: 'running', runNumber: 2, counts: { skipped: 1 } });
    await deliverAll(id);
    expect((await runsOf(id)).sort()).toEqual([1, 1, 1, 2, 2]);
    expect(await campaignOf(id)).toMatchObject({ status: 'scheduled', counts: { completed: 2, skipped: 1 } });
  });

  it('that the product paused contacts nobody in its next run before somebody resumes it', async () => {
    const { id, numbers } = await recurring();
    const accept = engine.carrier.answer;
    engine.carrier.answer = (request) =>
      request.to === numbers[1]
        ? { kind: 'rejected', refusal: { class: 'filtered', code: '30007', fix: 'Change the text.' } }
        : accept(request);
    await deps.db.execute(sql`update campaigns set max_attempts = 1 where id = ${id}`);
    await pass(HOUR);
    engine.carrier.answer = accept;
    await deliverAll(id);
    expect(await campaignOf(id)).toMatchObject({ status: 'paused', counts: { completed: 1, failed: 1 } });
    await recover(deps);
    await pass(DAY);
    expect(await runsOf(id)).toEqual([1, 1]);
    expect((await thread(id)).at(-1)?.text).toContain('skipped');
    await changeStatus(deps, { campaignId: id, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(await campaignOf(id)).toMatchObject({ status: 'scheduled', runNumber: 1 });
  });

  it('shows on its card how it is scheduled and when it runs next', async () => {
    const { id } = await recurring();
    const card = await drawCampaignCard(deps, { campaignId: id });
    expect(card.schedule).toBe(
      'Runs every day at 15:00, New York time. Next run: Tue 24 Nov 2026 at 15:00, New York time.',
    );
  });

  it('skips what falls due while a run still goes on, running or paused, and tells it once', async () => {
    const { id } = await recurring();
    await pass(HOUR);
    await pass(DAY);
    await changeStatus(deps, { campaignId: id, move: 'pause', actor: ANNA });
    await pass(DAY);
    expect(await campaignOf(id)).toMatchObject({
      status: 'paused',
      runNumber: 1,
      nextRunAt: new Date('2026-11-27T20:00:00Z'),
    });
    expect((await thread(id)).map(({ text }) => text).filter((text) => text.includes('skipped'))).toEqual([
      'The run that was due Wed 25 Nov 2026 at 15:00, New York time was skipped, because run 1 was not over yet. The next run is due Thu 26 Nov 2026 at 15:00, New York time.',
      'The run that was due Thu 26 Nov 2026 at 15:00, New York time was skipped, because run 1 was not over yet. The next run is due Fri 27 Nov 2026 at 15:00, New York time.',
    ]);
    expect(await attemptsOf(id)).toHaveLength(2);
    const skipped = await deps.db.execute(
      sql`select actor from campaign_events where campaign_id = ${id} and kind = 'campaign_run_skipped'`,
    );
    expect([...skipped]).toEqual([{ actor: 'system' }, { actor: 'system' }]);
  });

  it('tells of a run that fell due in the moment in which one ended, and does not catch up on it', async () => {
    const { id } = await recurring();
    await pass(HOUR);
    engine.clock.move(DAY);
    await deliverAll(id);
    expect(await campaignOf(id)).toMatchObject({
      status: 'scheduled',
      runNumber: 1,
      nextRunAt: new Date('2026-11-26T20:00:00Z'),
    });
    expect((await thread(id)).map(({ text }) => text)).toContain(
      'The run that was due Wed 25 Nov 2026 at 15:00, New York time was skipped, because run 1 was not over yet. The next run is due Thu 26 Nov 2026 at 15:00, New York time.',
    );
  });

  it('is completed after the last run before its end date', async () => {
    const { id } = await recurring({ end_date: '2026-11-25' });
    await pass(HOUR);
    await deliverAll(id);
    await pass(DAY);
    expect(await campaignOf(id)).toMatchObject({ status: 'running', runNumber: 2, nextRunAt: null });
    await deliverAll(id);
    expect(await campaignOf(id)).toMatchObject({ status: 'completed', nextRunAt: null });
    await pass(2 * DAY);
    expect(await runsOf(id)).toHaveLength(4);
    await reExecuteCampaign(deps, { campaignId: id, actor: ANNA, selection: 'all' });
    expect(await campaignOf(id)).toMatchObject({ status: 'draft', scheduleType: 'immediate', runNumber: 3 });
  });

  it('takes those into its next run who were loaded between two', async () => {
    const { id } = await recurring({}, 1);
    await pass(HOUR);
    await deliverAll(id);
    await addContacts(deps, id, phones(2, 9_000));
    await pass(DAY);
    expect((await runsOf(id)).sort()).toEqual([1, 2, 2, 2]);
  });

  it('that is started by hand between two runs begins the next one', async () => {
    const { id } = await recurring();
    await pass(HOUR);
    await deliverAll(id);
    expect(await preflight(deps, { campaignId: id })).toMatchObject({ ready: 2, problems: [] });
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await engine.drain();
    expect(await campaignOf(id)).toMatchObject({ status: 'running', runNumber: 2 });
    expect((await runsOf(id)).sort()).toEqual([1, 1, 2, 2]);
  });

  it('that is unscheduled between two runs is the draft of its next one', async () => {
    const { id } = await recurring();
    await pass(HOUR);
    await deliverAll(id);
    await unscheduleCampaign(deps, { campaignId: id, actor: ANNA });
    expect(await campaignOf(id)).toMatchObject({
      status: 'draft',
      runNumber: 2,
      scheduleType: 'immediate',
      counts: { pending: 2 },
    });
    await pass(2 * DAY);
    expect(await runsOf(id)).toHaveLength(2);
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await engine.drain();
    expect((await runsOf(id)).sort()).toEqual([1, 1, 2, 2]);
  });

  it('is cancelled between two runs without telling the last result again', async () => {
    const { id } = await recurring();
    await pass(HOUR);
    await deliverAll(id);
    await changeStatus(deps, { campaignId: id, move: 'cancel', actor: ANNA });
    await pass(2 * DAY);
    expect(await campaignOf(id)).toMatchObject({ status: 'cancelled', counts: { completed: 2 } });
    expect(await resultsOf(id)).toHaveLength(1);
    expect(await runsOf(id)).toHaveLength(2);
  });
});

describe('runs that were missed while nothing ran', () => {
  it('are not made up for: only the newest starts, when it is not too late', async () => {
    const { id } = await recurring();
    await pass(HOUR + 3 * DAY + 30 * MINUTE);
    expect(await campaignOf(id)).toMatchObject({ status: 'running', runNumber: 1 });
    expect((await thread(id)).at(-1)?.text).toBe('3 earlier runs were missed and are not made up for.');
    expect(await attemptsOf(id)).toHaveLength(2);
  });

  it('ask about the newest when it is late, and the next one comes all the same', async () => {
    const { id } = await recurring();
    await pass(HOUR + DAY + 3 * HOUR);
    expect(await campaignOf(id)).toMatchObject({ status: 'scheduled', hold: { code: 'late_start' } });
    const asked = (await thread(id)).at(-1);
    expect(asked?.text).toContain('due Wed 25 Nov 2026 at 15:00, New York time was found 3 h late');
    expect(asked?.text).toContain('1 earlier run was missed and is not made up for.');
    expect(asked?.text).toContain('or until the next run is due Thu 26 Nov 2026 at 15:00');
    expect(asked?.buttons.map(({ label }) => label)).toEqual(['Start now', 'Skip this one']);
    expect(await attemptsOf(id)).toEqual([]);
    await pass(21 * HOUR);
    expect(await campaignOf(id)).toMatchObject({ status: 'running', hold: null, runNumber: 1 });
    expect(await attemptsOf(id)).toHaveLength(2);
  });

  it('are skipped on a wish, once, and only by somebody who sees how it stands', async () => {
    const { id } = await recurring();
    await pass(HOUR + 2 * HOUR);
    const { version } = await campaignOf(id);
    const skip = (expectedVersion: number) => skipRun(deps, { campaignId: id, actor: ANNA, expectedVersion });
    expect(await skip(version - 1)).toMatchObject({ changed: false });
    expect(await skip(version)).toEqual({ status: 'scheduled', changed: true });
    expect(await skip(version)).toMatchObject({ changed: false });
    expect(await campaignOf(id)).toMatchObject({ hold: null, nextRunAt: new Date('2026-11-25T20:00:00Z') });
    await pass(MINUTE);
    expect((await thread(id)).at(-1)?.text).toBe(
      '{by} skipped the run that was due Tue 24 Nov 2026 at 15:00, New York time: nobody was contacted. The next run is due Wed 25 Nov 2026 at 15:00, New York time.',
    );
    await pass(22 * HOUR);
    expect((await campaignOf(id)).status).toBe('running');
  });

  it('end the campaign when the last one is skipped', async () => {
    const { id } = await recurring({ end_date: '2026-11-24' });
    await pass(HOUR + 2 * HOUR);
    const { version } = await campaignOf(id);
    const skipped = await skipRun(deps, { campaignId: id, actor: ANNA, expectedVersion: version });
    expect(skipped).toEqual({ status: 'completed', changed: true });
    await pass(2 * DAY);
    expect(await attemptsOf(id)).toEqual([]);
  });
});

it('a one-shot campaign has no run to skip', async () => {
  const id = await engine.campaign({ phones: phones(1, 9_900) });
  await expect(skipRun(deps, { campaignId: id, actor: ANNA })).rejects.toMatchObject({
    code: 'nothing_to_skip',
  });
  const [row] = await deps.db.execute<{ total: number }>(
    sql`select count(*)::int as total from campaign_events where campaign_id = ${id} and kind = 'campaign_run_skipped'`,
  );
  expect(row?.total).toBe(0);
});
