import { eq } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { attempts, campaigns } from '#db/schema.ts';
import { changeStatus } from '#operations/change-status.ts';
import { postCard } from '#operations/post-card.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { startDue } from '#operations/start-due.ts';
import type { JsonObject, SlackView } from '#sandbox/page-protocol.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, shown, replied, modal, campaign } = stage;
const { admin, teammate, guest } = people;
const HERE = channels.campaigns;
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, HERE, `/campaign ${words}`);
};
const closeAll = async () => {
  for (let view = slack.openView(admin); view; view = slack.openView(admin)) await slack.closeView(view);
};
const errorsOf = (view: SlackView) => slack.openView(view.userId)?.errors ?? {};
let made = 0;
/** A draft with its card in the channel. */
async function draft(name: string) {
  made += 1;
  const id = await campaign(name, { phones: phones(2, 700 + made * 10), channelId: null });
  await postCard(deps, { campaignId: id, channelId: HERE, actor: { kind: 'slack_user', userId: admin } });
  return { id, card: await shown(HERE, `${name}: 📝 Draft`) };
}
const detail = (campaignId: number) => showCampaign(deps, { campaignId });
const contacted = (campaignId: number) =>
  deps.db.select().from(attempts).where(eq(attempts.campaignId, campaignId));
const formFor = async (id: number) => {
  await say(`schedule ${id}`);
  return modal(admin, 'It starts once, on');
};
const cardSays = (card: Awaited<ReturnType<typeof draft>>['card'], words: string) =>
  slack.waitFor(() => textOf(slack.current(card)).includes(words), `“${words}” on the card`);
const NEW_YORK = {
  text: { type: 'plain_text', text: 'America/New York' },
  value: 'America/New_York',
} as unknown as JsonObject[];

describe('the form of a schedule', () => {
  test('begins with tomorrow at nine, and schedules one start that the card shows', async () => {
    const { id, card } = await draft('Once');
    const form = await formFor(id);
    expect(textOf(form)).toContain('on Wed 25 Nov 2026 at 09:00');
    await slack.submit(form, { scheduled_at: '2026-12-15', time: '10:30', timezone: NEW_YORK });
    const done = await modal(admin, 'is scheduled once, on Tue 15 Dec 2026 at 10:30, New York time.');
    expect(textOf(done)).toContain('Nobody is contacted before.');
    expect(await detail(id)).toMatchObject({
      status: 'scheduled',
      nextRunAt: new Date('2026-12-15T15:30:00Z'),
      scheduleZone: 'America/New_York',
    });
    await replied(card, `Scheduled by <@${admin}>: once, on Tue 15 Dec 2026 at 10:30, New York time.`);
    await cardSays(card, 'Runs once, on Tue 15 Dec 2026 at 10:30, New York time.');
    await closeAll();
  });

  test('shows the next five runs as they are chosen, before anything is saved', async () => {
    const { id } = await draft('Again');
    const form = await formFor(id);
    slack.fill(form, { timezone: NEW_YORK });
    await slack.choose(form, 'schedule_type', 'recurring');
    const weekly = await modal(admin, 'The next 5 runs, every week on Monday to Friday at 09:00');
    expect(textOf(weekly)).toContain('• Wed 25 Nov 2026 at 09:00, New York time\n• Thu 26 Nov 2026');
    await slack.choose(weekly, 'days_of_week', ['Monday']);
    const mondays = await modal(admin, 'every week on Monday at 09:00');
    expect(textOf(mondays)).toContain('• Mon 30 Nov 2026 at 09:00, New York time\n• Mon 7 Dec 2026');
    await slack.choose(mondays, 'frequency', 'monthly');
    const monthly = await modal(admin, 'every month on day 1');
    await slack.choose(monthly, 'day_of_month', '31');
    const ends = await modal(admin, 'Wed 31 Mar 2027');
    expect(textOf(ends)).toContain('• Sun 28 Feb 2027 at 09:00');
    await slack.choose(ends, 'end_date', '2026-12-31');
    const one = await modal(admin, 'All its runs');
    expect(textOf(one)).toContain(
      'until Thu 31 Dec 2026:\n• Mon 30 Nov 2026 at 09:00, New York time\n• Thu 31 Dec',
    );
    expect((await detail(id)).status).toBe('draft');
    await slack.submit(one, {});
    await modal(admin, 'Next run: Mon 30 Nov 2026 at 09:00, New York time.');
    await say('list scheduled');
    await told(admin, 'until Thu 31 Dec 2026. Next run: Mon 30 Nov 2026 at 09:00, New York time.');
    await slack.openHome(admin);
    await slack.waitFor(() => {
      const home = slack.home(admin);
      return (
        home && textOf(home).includes('Runs every month on day 31') && textOf(home).includes('Unschedule')
      );
    }, 'the schedule on the home tab');
    expect(await detail(id)).toMatchObject({
      status: 'scheduled',
      recurringConfig: { frequency: 'monthly', dayOfMonth: 31, endDate: '2026-12-31', time: '09:00' },
    });
    await closeAll();
  });

  test('says what is wrong while it is typed, and under the field when it is sent off', async () => {
    const { id } = await draft('Past');
    const form = await formFor(id);
    await slack.choose(form, 'scheduled_at', '2026-11-01');
    await modal(admin, '⚠️ That time is past; choose one that is still to come.');
    await slack.submit(form, {});
    expect(errorsOf(form).scheduled_at).toContain('The scheduled time is in the past');
    expect((await detail(id)).status).toBe('draft');
    await closeAll();
  });

  test('changes what is scheduled, and can take the schedule away', async () => {
    const { id, card } = await draft('Changed');
    await slack.submit(await formFor(id), {});
    await closeAll();
    await cardSays(card, 'Change schedule');
    await slack.click(card, 'campaign.schedule', admin);
    const form = await modal(admin, 'It is scheduled once, on Wed 25 Nov 2026 at 09:00');
    await slack.choose(form, 'time', '11:45');
    await slack.submit(await modal(admin, 'at 11:45'), {});
    await modal(admin, 'at 11:45');
    await replied(card, `Scheduled anew by <@${admin}>`);
    await closeAll();
    await slack.click(card, 'campaign.schedule', admin);
    await slack.clickInView(await modal(admin, 'Change the schedule'), 'Unschedule');
    await replied(card, `Unscheduled by <@${admin}>. It is a draft again`);
    expect(await detail(id)).toMatchObject({ status: 'draft', scheduleType: 'immediate', nextRunAt: null });
    await closeAll();
  });

  test('that was overtaken schedules nothing', async () => {
    const { id } = await draft('Overtaken schedule');
    const form = await formFor(id);
    await changeStatus(deps, { campaignId: id, move: 'start', actor: { kind: 'system' } });
    await slack.submit(form, {});
    await modal(admin, 'Nothing was scheduled; look at its card and try again.');
    await closeAll();
  });

  test('is only for those who may launch', async () => {
    const { id } = await draft('Not for guests');
    await say(`schedule ${id}`, guest);
    await told(guest, 'You may not start campaigns.');
    await say(`unschedule ${id}`);
    await told(admin, 'The campaign is already a draft.');
  });

  test('is also behind the check before a start', async () => {
    const { id } = await draft('From the check');
    await say(`start ${id}`);
    await slack.clickInView(await modal(admin, 'Before it starts'), 'Schedule…');
    await slack.submit(await modal(admin, 'It starts once, on'), {});
    await modal(admin, 'is scheduled once');
    expect((await detail(id)).status).toBe('scheduled');
    await closeAll();
    await say(`unschedule ${id}`);
    await shown(HERE, `<@${admin}> unscheduled *From the check*`);
    expect((await detail(id)).status).toBe('draft');
  });
});

describe('a start from Slack', () => {
  test('can be taken back where it was made, and nobody is contacted', async () => {
    const { id, card } = await draft('Taken back');
    await slack.click(card, 'campaign.start', admin);
    await slack.submit(await modal(admin, 'Start now'), {});
    const started = await modal(admin, 'Nobody is contacted in the next 10 seconds');
    await cardSays(card, 'On hold: It has just been started');
    await slack.clickInView(started, 'Cancel start');
    await modal(admin, 'Taken back: the start was taken back. Nobody was contacted; it is a draft again.');
    await replied(card, `<@${admin}> took the start back in time: nobody was contacted.`);
    expect(await detail(id)).toMatchObject({ status: 'draft', startedAt: null, undoUntil: null });
    expect(await contacted(id)).toEqual([]);
    await closeAll();
  });

  test('can be taken back in its thread by whoever may stop it, and not twice', async () => {
    const { id, card } = await draft('Taken back in the thread');
    await slack.click(card, 'campaign.start', admin);
    await slack.submit(await modal(admin, 'Start now'), {});
    const note = await replied(card, 'until then it can be taken back');
    stage.forget(teammate);
    await slack.click(note, 'Cancel start', teammate);
    await told(teammate, 'the start was taken back. Nobody was contacted; it is a draft again.');
    stage.forget(teammate);
    await slack.click(note, 'Cancel start', teammate);
    await told(teammate, 'The start cannot be taken back any more: the campaign is a draft.');
    expect(await contacted(id)).toEqual([]);
    await closeAll();
  });

  test('reaches people once its seconds are over', async () => {
    const { id, card } = await draft('Not taken back');
    await slack.click(card, 'campaign.start', admin);
    await slack.submit(await modal(admin, 'Start now'), {});
    await closeAll();
    const begun = Date.now();
    await expect.poll(async () => (await contacted(id)).length).toBe(2);
    expect(Date.now() - begun).toBeGreaterThan(8_000);
    const note = await replied(card, 'until then it can be taken back');
    stage.forget(admin);
    await slack.click(note, 'Cancel start', admin);
    await told(admin, 'cannot be taken back any more: the campaign is running');
  });
});

describe('a start that was found too late', () => {
  /** As after hours without any process. */
  async function foundLate(name: string, columns: Partial<typeof campaigns.$inferInsert>) {
    const { id, card } = await draft(name);
    const dueAt = new Date(deps.clock.now().getTime() - 3 * 3_600_000);
    await deps.db
      .update(campaigns)
      .set({ status: 'scheduled', scheduledAt: dueAt, nextRunAt: dueAt, scheduleZone: 'UTC', ...columns })
      .where(eq(campaigns.id, id));
    await startDue(deps, { campaignId: id });
    return { id, card, note: await replied(card, 'late, so nothing was started.') };
  }

  test('starts after the usual check when somebody still wants it', async () => {
    const { id, note, card } = await foundLate('Late once', { scheduleType: 'scheduled' });
    await cardSays(card, 'and that was found too late, so nobody is contacted.');
    await slack.click(note, 'Start now', admin);
    await slack.submit(await modal(admin, 'Before it starts'), {});
    await modal(admin, 'It has started.');
    expect((await detail(id)).status).toBe('running');
    await closeAll();
    stage.forget(admin);
    await slack.click(note, 'Start now', admin);
    await told(admin, 'The campaign has moved on since that button was drawn');
  });

  test('is left out on a wish, and the next run comes', async () => {
    const { id, note } = await foundLate('Late again', {
      scheduleType: 'recurring',
      recurringConfig: {
        frequency: 'daily',
        interval: 1,
        daysOfWeek: [],
        dayOfMonth: null,
        time: '06:00',
        timeZone: 'UTC',
        endDate: null,
      },
    });
    stage.forget(teammate);
    await slack.click(note, 'Skip this one', teammate);
    await told(teammate, 'Late again: Skipped. Nobody was contacted; its card shows the next run.');
    expect(await detail(id)).toMatchObject({
      status: 'scheduled',
      hold: null,
      nextRunAt: new Date('2026-11-25T06:00:00Z'),
    });
    stage.forget(teammate);
    await slack.click(note, 'Skip this one', teammate);
    await told(teammate, 'The campaign has moved on since that button was drawn');
  });
});
