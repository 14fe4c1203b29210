import { describe, expect, test } from 'vitest';
import { showCampaign } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import type { JsonObject, SlackView } from '#sandbox/page-protocol.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, modal, campaign } = stage;
const { admin } = people;
const say = (words: string) => {
  stage.forget(admin);
  return slack.slash(admin, channels.campaigns, `/campaign ${words}`);
};
const closeAll = async () => {
  for (let view = slack.openView(admin); view; view = slack.openView(admin)) await slack.closeView(view);
};
const errorsOf = (view: SlackView) => slack.openView(view.userId)?.errors ?? {};
/** The form of a draft, beyond its texts. */
const settingsOf = async (campaignId: number) => {
  await say(`show ${campaignId}`);
  await slack.click(await told(admin, `Campaign ${campaignId},`), 'campaign.edit');
  await slack.submit(await modal(admin, 'Edit campaign'), {});
  return modal(admin, 'Hours and limits');
};
const initialOf = (view: SlackView, blockId: string) => {
  const blocks = view.view.blocks as JsonObject[];
  const element = blocks.find((block) => block.block_id === blockId)?.element as JsonObject | undefined;
  return element?.initial_value ?? element?.initial_time ?? null;
};
const WORKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const system = { kind: 'system' } as const;
let offset = 0;
const draft = (name: string, contacts = 1) => {
  offset += contacts;
  return campaign(name, { phones: phones(contacts, 400 + offset) });
};

describe('the hours of a campaign', () => {
  test('stay short until somebody wants more', async () => {
    const form = await settingsOf(await draft('Short'));
    expect(textOf(form)).not.toContain('Public holidays');
    expect(textOf(form)).not.toContain('percent fail');
    await slack.clickInView(form, 'More settings');
    const more = await modal(admin, 'Rarely set');
    expect(more.id).toBe(form.id);
    for (const field of ['Public holidays off', 'Other days off', 'Contacts to try it on first'])
      expect(textOf(more)).toContain(field);
    expect(textOf(more)).not.toContain('The line is busy');
    await closeAll();
  });

  test('may have several windows a day, which are prefilled from the one there was', async () => {
    const id = await draft('Several windows');
    const form = await settingsOf(id);
    slack.fill(form, { start: '10:00', end: '16:00', days: ['monday', 'tuesday'] });
    await slack.choose(form, 'hoursMode', 'week');
    const week = await modal(admin, 'One line a day');
    expect(initialOf(week, 'week.tuesday')).toBe('10:00-16:00');
    expect(initialOf(week, 'week.sunday')).toBeNull();
    await slack.submit(week, { 'week.tuesday': '9-12, 14-18', 'week.sunday': '' });
    expect(slack.openView(admin)).toBeUndefined();
    const saved = await showCampaign(deps, { campaignId: id });
    expect([saved.allowedHours, ...saved.additionalHours]).toEqual([
      { start: '10:00', end: '16:00', days: ['monday'] },
      { start: '09:00', end: '12:00', days: ['tuesday'] },
      { start: '14:00', end: '18:00', days: ['tuesday'] },
    ]);
    const again = await settingsOf(id);
    expect(initialOf(again, 'week.tuesday')).toBe('09:00-12:00, 14:00-18:00');
    await slack.choose(again, 'hoursMode', 'same');
    const same = await modal(admin, 'Until');
    expect(initialOf(same, 'start')).toBe('10:00');
    await slack.submit(same, { start: '11:00', days: WORKDAYS });
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({
      allowedHours: { start: '11:00', end: '16:00', days: WORKDAYS },
      additionalHours: [],
    });
  });

  test('that cannot be read are told under their day, and nothing is saved', async () => {
    const id = await draft('Unreadable');
    const form = await settingsOf(id);
    await slack.choose(form, 'hoursMode', 'week');
    const week = await modal(admin, 'One line a day');
    await slack.submit(week, { 'week.monday': 'mornings', 'week.friday': '12-9' });
    expect(errorsOf(week)['week.monday']).toContain('write it like 09:00-12:00');
    expect(errorsOf(week)['week.friday']).toContain('ends before it begins');
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({ allowedHours: null });
    await closeAll();
  });

  test('of which the law leaves nothing are refused in words', async () => {
    const id = await draft('At night');
    const form = await settingsOf(id);
    await slack.submit(form, { start: '22:00', end: '23:30' });
    expect(errorsOf(form).start).toContain('The law leaves nothing of these hours (every day 22:00–23:30');
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({ allowedHours: null });
    await closeAll();
  });

  test('that shut out contacts elsewhere are saved, and said to whom they matter', async () => {
    const id = await campaign('Far away', { phones: ['+442071838750', '+12125550499'] });
    const form = await settingsOf(id);
    stage.forget(admin);
    await slack.submit(form, {
      start: '18:30',
      end: '20:00',
      timeZone: zone('America/New_York'),
      contactTimeZone: [],
    });
    const said = textOf(await modal(admin, 'The hours of “Far away” are saved'));
    expect(said).toContain('1 of its 2 waiting contacts can never be reached in them');
    expect(said).toContain('every day 18:30–20:00');
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({ contactTimeZone: false });
    await closeAll();
  });
});

describe('days off and limits', () => {
  test('are saved together and shown again', async () => {
    const id = await draft('Careful');
    const form = await settingsOf(id);
    await slack.clickInView(form, 'More settings');
    const more = await modal(admin, 'Rarely set');
    await slack.submit(more, {
      budget: '$125.50',
      holidayPlaces: [choice('US-FL'), choice('GB')],
      pauseDates: '2027-12-24, 2027-12-27 to 2027-12-29',
      endOfDay: 'stop',
      canarySize: '50',
      excludeContactedDays: '7',
      textExpiryHours: '48',
      breakerPercent: '30',
      breakerAttempts: '10',
    });
    expect(slack.openView(admin)).toBeUndefined();
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({
      budgetLimitMicros: 125_500_000,
      holidayPlaces: ['GB', 'US-FL'],
      pauseDates: ['2027-12-24', '2027-12-27', '2027-12-28', '2027-12-29'],
      endOfDay: 'stop',
      canarySize: 50,
      excludeContactedDays: 7,
      textExpiryHours: 48,
      breakerPercent: 30,
      breakerAttempts: 10,
    });
    const again = await settingsOf(id);
    expect(textOf(again)).toContain('Florida, United States');
    expect(initialOf(again, 'pauseDates')).toBe('2027-12-24, 2027-12-27 to 2027-12-29');
    expect(initialOf(again, 'budget')).toBe('125.50');
    await slack.submit(again, { budget: '', canarySize: null, holidayPlaces: [], pauseDates: '' });
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({
      budgetLimitMicros: null,
      canarySize: null,
      holidayPlaces: [],
      pauseDates: [],
      excludeContactedDays: 7,
    });
  });

  test('that are out of range stand under their fields', async () => {
    const form = await settingsOf(await draft('Out of range'));
    await slack.clickInView(form, 'More settings');
    const more = await modal(admin, 'Rarely set');
    await slack.submit(more, { budget: 'plenty', pauseDates: 'Christmas' });
    expect(errorsOf(more).budget).toContain('is not an amount in dollars');
    expect(errorsOf(more).pauseDates).toContain('is not a date');
    await closeAll();
  });

  test('of the short form leave those it does not show as they are', async () => {
    const id = await draft('Untouched');
    await updateCampaign(deps, {
      campaignId: id,
      actor: system,
      changes: { settings: { endOfDay: 'continue', maxAttempts: 5 } },
    });
    await slack.submit(await settingsOf(id), { budget: '9' });
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({
      budgetLimitMicros: 9_000_000,
      maxAttempts: 5,
      breakerAttempts: 20,
      breakerPercent: 50,
    });
  });

  test('offer countries before their states for what is typed', async () => {
    const form = await settingsOf(await draft('Holidays'));
    await slack.clickInView(form, 'More settings');
    const more = await modal(admin, 'Rarely set');
    const offered = JSON.stringify(
      await slack.suggestions(more, 'holidayPlaces', 'form.holidays', 'united s'),
    );
    expect(offered.indexOf('"US"')).toBeGreaterThan(0);
    expect(offered.indexOf('"US"')).toBeLessThan(offered.indexOf('"US-FL"'));
    const florida = await slack.suggestions(more, 'holidayPlaces', 'form.holidays', 'flor');
    expect(JSON.stringify(florida)).toContain('"US-FL"');
    await closeAll();
  });

  test('of a place without a calendar are refused', async () => {
    const id = await draft('Nowhere');
    const changes = { settings: { holidayPlaces: ['US', 'QQ'] } };
    await expect(updateCampaign(deps, { campaignId: id, actor: system, changes })).rejects.toThrow(
      'No public holidays are known for QQ',
    );
  });
});

function zone(value: string): JsonObject[] {
  return choice(value) as unknown as JsonObject[];
}

function choice(value: string): JsonObject {
  return { text: { type: 'plain_text', text: value }, value };
}
