import { beforeEach, describe, expect, it } from 'vitest';
import { lockCampaign } from '#db/claims.ts';
import { UNDO_REAL_MS } from '#domain/schedule.ts';
import { changeStatus } from '#operations/change-status.ts';
import { dispatchCampaign } from '#operations/dispatch-campaign.ts';
import { recover } from '#operations/recover.ts';
import { startDue } from '#operations/start-due.ts';
import { undoStart } from '#operations/undo-start.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';
import { DAY, HOUR, MINUTE, scheduling } from './schedules.ts';

const engine = await createEngine();
const { deps } = engine;
const { campaignOf, once, daily, pass, attemptsOf, deliverAll, notesOf } = scheduling(engine);
let made = 0;

beforeEach(() => {
  engine.clock.set(NOON);
});

async function draft() {
  made += 1;
  return engine.campaign({ phones: phones(2, made * 10) });
}
const start = (campaignId: number) =>
  changeStatus(deps, { campaignId, move: 'start', actor: ANNA, withUndo: true });
const undo = (campaignId: number) => undoStart(deps, { campaignId, actor: ANNA });
const thread = async (campaignId: number) => notesOf((await campaignOf(campaignId)).channelId);

describe('in the first seconds after a start', () => {
  it('nobody is contacted, whoever dispatches; then everybody is', async () => {
    const id = await draft();
    await start(id);
    await engine.drain();
    await engine.wait(UNDO_REAL_MS - 1);
    await dispatchCampaign(deps, { campaignId: id });
    await recover(deps);
    await engine.drain();
    expect(await attemptsOf(id)).toEqual([]);
    expect((await campaignOf(id)).hold).toEqual({
      code: 'undo_window',
      until: new Date(NOON.getTime() + UNDO_REAL_MS).toISOString(),
    });
    await engine.wait(1);
    await engine.drain();
    expect(engine.carrier.requests).toHaveLength(2);
    expect((await campaignOf(id)).hold?.code).not.toBe('undo_window');
  });

  it('its thread has a button that takes it back', async () => {
    const id = await draft();
    await start(id);
    await pass(3_000);
    const note = (await thread(id)).at(-1);
    expect(note?.text).toContain('Started by {by}. Nobody is contacted in the next 10 seconds');
    expect(note?.buttons).toMatchObject([{ label: 'Cancel start', action: 'campaign.undo' }]);
  });

  it('a draft that is taken back is a draft again, with everybody still waiting', async () => {
    const id = await draft();
    const before = await campaignOf(id);
    await start(id);
    await engine.drain();
    expect(await undo(id)).toEqual({ status: 'draft' });
    await pass(HOUR);
    const { startedAt, resumedAt, undoUntil, runNumber, counts } = await campaignOf(id);
    expect({ startedAt, resumedAt, undoUntil, runNumber, counts }).toEqual({
      startedAt: null,
      resumedAt: null,
      undoUntil: null,
      runNumber: before.runNumber,
      counts: before.counts,
    });
    expect(await attemptsOf(id)).toEqual([]);
    expect((await thread(id)).at(-1)?.text).toBe(
      '{by} took the start back in time: nobody was contacted. It is a draft again.',
    );
    await expect(undo(id)).rejects.toMatchObject({ code: 'undo_too_late' });
    await start(id);
    await pass(UNDO_REAL_MS + MINUTE);
    expect(await attemptsOf(id)).toHaveLength(2);
  });

  it('what was scheduled is scheduled again, and starts at its time', async () => {
    const id = await draft();
    await once(id, HOUR);
    await start(id);
    expect(await undo(id)).toEqual({ status: 'scheduled' });
    expect(await campaignOf(id)).toMatchObject({ nextRunAt: new Date(NOON.getTime() + HOUR), hold: null });
    await pass(HOUR);
    expect((await campaignOf(id)).status).toBe('running');
    expect(await attemptsOf(id)).toHaveLength(2);
  });

  it('a scheduled time that comes meanwhile asks instead of starting behind somebody’s back', async () => {
    const id = await draft();
    await once(id, 5_000);
    await start(id);
    await pass(6_000);
    await undo(id);
    await pass(HOUR);
    expect(await campaignOf(id)).toMatchObject({ status: 'scheduled', hold: { code: 'late_start' } });
    expect((await thread(id)).at(-1)?.buttons.map(({ label }) => label)).toEqual(['Start now', 'Unschedule']);
    expect(await attemptsOf(id)).toEqual([]);
  });

  it('the last run of a schedule, begun late and taken back, is asked about again and not forgotten', async () => {
    const id = await draft();
    await daily(id, { end_date: '2026-11-24' });
    engine.clock.move(3 * HOUR);
    await startDue(deps, { campaignId: id });
    const asked = await campaignOf(id);
    expect(asked).toMatchObject({ status: 'scheduled', hold: { code: 'late_start' } });
    await start(id);
    expect(await undo(id)).toEqual({ status: 'scheduled' });
    const { hold, nextRunAt } = await campaignOf(id);
    expect({ hold, nextRunAt }).toEqual({ hold: asked.hold, nextRunAt: asked.nextRunAt });
    // One channel takes only so many messages at once.
    for (let turn = 0; turn < 5; turn += 1) await pass(2_000);
    expect((await thread(id)).at(-1)?.buttons.map(({ label }) => label)).toEqual([
      'Start now',
      'Skip this one',
    ]);
  });

  it('a run that was begun by hand waits for its time again', async () => {
    const id = await draft();
    await daily(id);
    await pass(HOUR);
    await deliverAll(id);
    await start(id);
    expect(await undo(id)).toEqual({ status: 'scheduled' });
    expect(await campaignOf(id)).toMatchObject({ runNumber: 2, counts: { pending: 2 } });
    await pass(DAY);
    expect(await campaignOf(id)).toMatchObject({ status: 'running', runNumber: 2 });
    expect((await attemptsOf(id)).map(({ runNumber }) => runNumber).sort()).toEqual([1, 1, 2, 2]);
  });
});

describe('taking a start back', () => {
  it('is refused once the time for it is over, and the campaign goes on', async () => {
    const id = await draft();
    await start(id);
    engine.clock.move(UNDO_REAL_MS);
    await expect(undo(id)).rejects.toMatchObject({ code: 'undo_too_late' });
    expect((await campaignOf(id)).status).toBe('running');
  });

  it('is refused for a start that had no such time', async () => {
    const id = await draft();
    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA });
    await expect(undo(id)).rejects.toMatchObject({ code: 'undo_too_late' });
  });

  it('and a dispatch that waits for the same campaign never both happen', async () => {
    const id = await draft();
    await start(id);
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = deps.db.transaction(async (tx) => {
      await lockCampaign(tx, id);
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    const undoing = undo(id);
    engine.clock.move(UNDO_REAL_MS - 1);
    const dispatching = dispatchCampaign(deps, { campaignId: id });
    held.resolve();
    await Promise.all([holding, undoing, dispatching]);
    expect((await campaignOf(id)).status).toBe('draft');
    expect(await attemptsOf(id)).toEqual([]);
  });

  it('of a campaign that was paused in time changes nothing', async () => {
    const id = await draft();
    await start(id);
    await changeStatus(deps, { campaignId: id, move: 'pause', actor: ANNA });
    await expect(undo(id)).rejects.toMatchObject({ code: 'undo_too_late' });
    await changeStatus(deps, { campaignId: id, move: 'resume', actor: ANNA });
    await engine.drain();
    expect(await attemptsOf(id)).toHaveLength(2);
  });
});
