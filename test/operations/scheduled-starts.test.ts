import { eq, sql } from 'drizzle-orm/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { imports } from '#db/import-schema.ts';
import { campaigns } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { recover } from '#operations/recover.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { startDue } from '#operations/start-due.ts';
import { unscheduleCampaign } from '#operations/unschedule-campaign.ts';
import { LookupFailed } from '#ports/telephony.ts';
import { ANNA, createEngine, NOON, phones } from '#support/engine.ts';
import { DAY, HOUR, MINUTE, scheduling } from './schedules.ts';

const engine = await createEngine();
const { deps } = engine;
const { campaignOf, schedule, once, pass, attemptsOf, notesOf } = scheduling(engine);
let made = 0;

beforeEach(() => {
  engine.clock.set(NOON);
  engine.carrier.ownsNumber = async () => true;
});

const draft = (contacts = 2) => {
  made += 1;
  return engine.campaign({ phones: phones(contacts, made * 10) });
};
const thread = async (campaignId: number) => notesOf((await campaignOf(campaignId)).channelId);
const events = async (campaignId: number) =>
  deps.db.execute<{ kind: string; actor: string }>(
    sql`select kind, actor from campaign_events where campaign_id = ${campaignId} order by id`,
  );

describe('scheduling', () => {
  it('keeps a draft until its time, and tells who scheduled it and when it starts', async () => {
    const id = await draft();
    await schedule(id, {
      schedule_type: 'scheduled',
      scheduled_at: '2026-11-24T16:00',
      timezone: 'America/New_York',
    });
    expect(await campaignOf(id)).toMatchObject({
      status: 'scheduled',
      scheduleType: 'scheduled',
      scheduledAt: new Date('2026-11-24T21:00:00Z'),
      nextRunAt: new Date('2026-11-24T21:00:00Z'),
      scheduleZone: 'America/New_York',
      recurringConfig: null,
    });
    await pass(HOUR);
    expect(await attemptsOf(id)).toEqual([]);
    expect((await thread(id)).at(-1)).toMatchObject({
      text: 'Scheduled by {by}: once, on Tue 24 Nov 2026 at 16:00, New York time.',
      by: 'U_ANNA',
    });
    await pass(HOUR);
    expect((await campaignOf(id)).status).toBe('running');
    expect(await attemptsOf(id)).toHaveLength(2);
    expect((await thread(id)).at(-1)?.text).toBe('Started by its schedule.');
    expect(await events(id)).toContainEqual({ kind: 'campaign_due', actor: 'system' });
  });

  it.each([
    [
      'a time that is over',
      { schedule_type: 'scheduled', scheduled_at: '2026-11-24T18:59:00Z' },
      'schedule_past',
    ],
    ['nonsense', { schedule_type: 'scheduled', scheduled_at: 'soon' }, 'settings_invalid'],
  ])('refuses %s and leaves the draft as it was', async (_, given, code) => {
    const id = await draft();
    await expect(schedule(id, given)).rejects.toMatchObject({ code });
    expect(await campaignOf(id)).toMatchObject({
      status: 'draft',
      scheduleType: 'immediate',
      nextRunAt: null,
    });
  });

  it('is refused for what a start is refused for', async () => {
    await expect(once(await draft(0), HOUR)).rejects.toMatchObject({ code: 'no_contacts' });
    const running = await draft();
    await changeStatus(deps, { campaignId: running, move: 'start', actor: ANNA });
    await expect(once(running, HOUR)).rejects.toMatchObject({ code: 'wrong_status' });
    engine.carrier.ownsNumber = async () => false;
    await expect(once(await draft(), HOUR)).rejects.toMatchObject({ code: 'sender_not_owned' });
  });

  it('anew takes the place of the time before', async () => {
    const id = await draft();
    await once(id, HOUR);
    await once(id, 3 * HOUR);
    await pass(2 * HOUR);
    expect((await campaignOf(id)).status).toBe('scheduled');
    await pass(HOUR);
    expect((await campaignOf(id)).status).toBe('running');
    expect((await thread(id)).map(({ text }) => text.split(':')[0])).toEqual([
      'Scheduled by {by}',
      'Scheduled anew by {by}',
      'Started by its schedule.',
    ]);
  });

  it('of a version that has moved on changes nothing', async () => {
    const id = await draft();
    await once(id, HOUR);
    const answer = await scheduleCampaign(deps, {
      campaignId: id,
      actor: ANNA,
      schedule: { schedule_type: 'scheduled', scheduled_at: '2026-12-01T12:00:00Z' },
      expectedVersion: 1,
    });
    expect(answer.changed).toBe(false);
    expect((await campaignOf(id)).nextRunAt).toEqual(new Date(NOON.getTime() + HOUR));
    const late = await unscheduleCampaign(deps, { campaignId: id, actor: ANNA, expectedVersion: 1 });
    expect(late).toEqual({ status: 'scheduled', changed: false });
  });

  it('away makes a draft of it again, and its old time starts nothing', async () => {
    const id = await draft();
    await once(id, HOUR);
    await unscheduleCampaign(deps, { campaignId: id, actor: ANNA });
    const again = await draft();
    await once(again, HOUR);
    await schedule(again, { schedule_type: 'immediate' });
    await pass(2 * HOUR);
    for (const one of [id, again]) {
      expect(await campaignOf(one)).toMatchObject({
        status: 'draft',
        scheduleType: 'immediate',
        nextRunAt: null,
      });
      expect(await attemptsOf(one)).toEqual([]);
    }
  });

  it('is over once somebody starts or cancels it by hand', async () => {
    const [started, cancelled] = [await draft(), await draft()];
    for (const id of [started, cancelled]) await once(id, HOUR);
    await changeStatus(deps, { campaignId: started, move: 'start', actor: ANNA });
    await changeStatus(deps, { campaignId: cancelled, move: 'cancel', actor: ANNA });
    expect((await campaignOf(started)).nextRunAt).toBeNull();
    expect(await campaignOf(cancelled)).toMatchObject({ status: 'cancelled', nextRunAt: null });
    await pass(2 * HOUR);
    expect(await attemptsOf(started)).toHaveLength(2);
    expect(await attemptsOf(cancelled)).toEqual([]);
  });
});

describe('a start that falls due', () => {
  it('happens once, however many processes find it', async () => {
    const id = await draft();
    await once(id, HOUR);
    engine.clock.move(HOUR);
    await Promise.all(Array.from({ length: 6 }, () => startDue(deps, { campaignId: id })));
    await engine.drain();
    expect(await attemptsOf(id)).toHaveLength(2);
    expect((await events(id)).filter(({ kind }) => kind === 'campaign_due')).toHaveLength(1);
  });

  it('is found by the reaper when its task is gone', async () => {
    const id = await draft();
    await once(id, HOUR);
    await deps.db.execute(sql`delete from graphile_worker._private_jobs where key = ${`due:${id}`}`);
    engine.clock.move(HOUR + MINUTE);
    await recover(deps);
    await engine.drain();
    expect((await campaignOf(id)).status).toBe('running');
  });

  it('more than an hour late starts nothing: it holds, and asks in the thread', async () => {
    const id = await draft();
    await once(id, HOUR);
    await pass(2 * HOUR + MINUTE);
    expect(await attemptsOf(id)).toEqual([]);
    const held = await campaignOf(id);
    expect(held).toMatchObject({ status: 'scheduled', hold: { code: 'late_start' } });
    const asked = (await thread(id)).at(-1);
    expect(asked?.text).toBe(
      'The start that was due Tue 24 Nov 2026 at 15:00, New York time was found 1 h 1 min late, so nothing was started. Nobody is contacted until somebody decides.',
    );
    expect(asked?.buttons.map(({ label, action, value }) => [label, action, value])).toEqual([
      ['Start now', 'schedule.start_now', `${id}.${held.version}`],
      ['Unschedule', 'campaign.unschedule', `${id}.${held.version}`],
    ]);
    await recover(deps);
    await pass(DAY);
    expect((await thread(id)).filter(({ buttons }) => buttons.length > 0)).toHaveLength(1);
    expect(await attemptsOf(id)).toEqual([]);

    await changeStatus(deps, { campaignId: id, move: 'start', actor: ANNA, expectedVersion: held.version });
    await engine.drain();
    expect(await campaignOf(id)).toMatchObject({ status: 'running', nextRunAt: null });
    expect(await attemptsOf(id)).toHaveLength(2);
  });

  it('up to an hour late starts after all', async () => {
    const id = await draft();
    await once(id, HOUR);
    await pass(2 * HOUR);
    expect((await campaignOf(id)).status).toBe('running');
  });

  it('that the campaign cannot make holds with the reason and asks', async () => {
    const id = await draft();
    await once(id, HOUR);
    engine.carrier.ownsNumber = async () => false;
    await pass(HOUR + MINUTE);
    expect(await campaignOf(id)).toMatchObject({ status: 'scheduled', hold: { code: 'start_refused' } });
    expect((await thread(id)).at(-1)?.text).toContain('The provider account does not own +15005550006');
    expect(await attemptsOf(id)).toEqual([]);
  });

  it('waits for a file that somebody has loaded while the checks were under way', async () => {
    const id = await draft();
    await once(id, HOUR);
    const loading = {
      workspaceId: engine.workspace.id,
      campaignId: id,
      fileId: 'F_LATE',
      fileName: 'late.csv',
      mode: 'append' as const,
      status: 'processing' as const,
      mapping: {},
      requestedBy: 'slack:U_ANNA',
      createdAt: engine.clock.now(),
    };
    engine.carrier.ownsNumber = async () => {
      engine.carrier.ownsNumber = async () => true;
      await deps.db.insert(imports).values(loading);
      return true;
    };
    await pass(HOUR + MINUTE);
    expect(await campaignOf(id)).toMatchObject({ status: 'scheduled', hold: null });
    await deps.db.update(imports).set({ status: 'completed' }).where(eq(imports.campaignId, id));
    await pass(2 * MINUTE);
    expect((await campaignOf(id)).status).toBe('running');
  });

  it('waits for a provider that cannot be asked, until that is too late', async () => {
    const [soon, never] = [await draft(), await draft()];
    for (const id of [soon, never]) await once(id, HOUR);
    engine.carrier.ownsNumber = async () => {
      throw new LookupFailed('no answer');
    };
    await pass(HOUR + MINUTE);
    expect(await campaignOf(soon)).toMatchObject({ status: 'scheduled', hold: null });
    engine.carrier.ownsNumber = async () => true;
    await deps.db.update(campaigns).set({ status: 'draft' }).where(eq(campaigns.id, never));
    await pass(2 * MINUTE);
    expect((await campaignOf(soon)).status).toBe('running');
    await deps.db.update(campaigns).set({ status: 'scheduled' }).where(eq(campaigns.id, never));
    await engine.wait(HOUR);
    await recover(deps);
    await engine.drain();
    expect(await campaignOf(never)).toMatchObject({ status: 'scheduled', hold: { code: 'late_start' } });
  });
});
