import { describe, expect, test } from 'vitest';
import { listCampaigns } from '#operations/list-campaigns.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import type { JsonObject, SlackView } from '#sandbox/page-protocol.ts';
import { addContacts, phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, shown, modal, campaign, carrier } = stage;
const { admin, teammate, guest } = people;
const HERE = channels.campaigns;
const CSV =
  'Phone,Name,Appointment Date\n+12125550101,Ann,Friday\n+12125550102,Bob,Monday\n+12125550103,Cy,\n';
const say = (words: string, userId: string = admin, channelId: string = HERE) => {
  stage.forget(userId);
  return slack.slash(userId, channelId, `/campaign ${words}`);
};
const newest = async () => {
  const { campaigns } = await listCampaigns(deps, { workspaceId, limit: 1, offset: 0 });
  return showCampaign(deps, { campaignId: campaigns[0]?.id ?? 0 });
};
const errorsOf = (view: SlackView | undefined) => (view ? (slack.openView(view.userId)?.errors ?? {}) : {});
const closeAll = async (userId: string) => {
  for (let view = slack.openView(userId); view; view = slack.openView(userId)) await slack.closeView(view);
};

describe('the form for a new campaign', () => {
  test('makes a draft with its card, then asks for hours and limits', async () => {
    await say('new Spring reminder');
    const form = await modal(admin, 'New text campaign');
    const settings = await slack.submit(form, { message: 'Hi {{ name }}!', fallbacks: 'name = there' });
    expect(textOf(settings ?? form)).toContain('Hours and limits');
    const made = await newest();
    expect(made).toMatchObject({
      name: 'Spring reminder',
      status: 'draft',
      smsMessageTemplate: 'Hi {{ name }}!',
      channelId: HERE,
    });
    expect(made.fallbackValues).toEqual({ name: 'there' });
    await shown(HERE, 'Spring reminder');
    if (settings) {
      await slack.submit(settings, {
        start: '09:30',
        end: '17:00',
        days: ['monday', 'friday'],
        timeZone: zone('Europe/Paris'),
        rateLimitPerMinute: '60',
        maxAttempts: '2',
      });
    }
    expect(slack.openView(admin)).toBeUndefined();
    expect(await newest()).toMatchObject({
      allowedHours: { start: '09:30', end: '17:00', days: ['monday', 'friday'] },
      timeZone: 'Europe/Paris',
      rateLimitPerMinute: 60,
      maxAttempts: 2,
      contactTimeZone: true,
    });
  });

  test.each<[string, Record<string, string>, string, string]>([
    [
      'a template that asks for more than a value',
      { message: '{{ contact.name }}' },
      'message',
      'Only plain variables can be used',
    ],
    ['a fallback without a value', { fallbacks: 'name' }, 'fallbacks', '“name” is not understood'],
    [
      'a fallback that is no variable',
      { fallbacks: '1st = x' },
      'fallbacks',
      'cannot be the name of a variable',
    ],
    ['a channel that the bot is not in', { channel: 'C00GENERAL' }, 'channel', 'I am not in that channel'],
    [
      'a channel shared with another company',
      { channel: 'C00PARTNER' },
      'channel',
      'shared with another company',
    ],
  ])('shows what is wrong with %s under its field', async (_, answers, field, words) => {
    await say('new Faulty');
    const form = await modal(admin, 'New text campaign');
    await slack.submit(form, answers);
    expect(errorsOf(form)[field]).toContain(words);
    expect((await newest()).name).not.toBe('Faulty');
    await closeAll(admin);
  });

  test('keeps what was typed when it is closed, and gives it back', async () => {
    await say('new', teammate);
    const form = await modal(teammate, 'New text campaign');
    slack.fill(form, { name: 'Half done', fallbacks: 'name = friend' });
    await slack.choose(form, 'message', 'Dear {{ name }}');
    await slack.closeView(form);
    await waitForDraft('Dear {{ name }}');
    await say('new', teammate);
    const again = await modal(teammate, 'This is what you had typed here before.');
    expect(JSON.stringify(again.view)).toContain('Dear {{ name }}');
    await slack.clickInView(again, 'Start afresh');
    await slack.waitFor(
      () => !JSON.stringify(slack.openView(teammate)?.view).includes('Dear {{ name }}'),
      'an empty form',
    );
    await closeAll(teammate);
  });

  test('sent off twice makes one campaign', async () => {
    await say('new Only once');
    const form = await modal(admin, 'New text campaign');
    await slack.submit(form, {});
    const { total } = await listCampaigns(deps, { workspaceId, limit: 1, offset: 0 });
    const submission = slack.deliveriesOf('view_submission').at(-1);
    await stage.resend(new URLSearchParams({ payload: JSON.stringify(submission?.payload) }).toString());
    expect((await listCampaigns(deps, { workspaceId, limit: 1, offset: 0 })).total).toBe(total);
    await closeAll(admin);
  });

  test('with a file goes on to its columns and loads them', async () => {
    await say('new From a form');
    const form = await modal(admin, 'New text campaign');
    const file = await slack.chooseFile(admin, 'people.csv', CSV);
    await slack.submit(form, { file: [file] });
    const columns = await modal(admin, 'Columns of the file');
    expect(textOf(columns)).toContain('Such as Friday · Monday');
    await slack.submit(columns, {});
    await modal(admin, 'Hours and limits');
    await closeAll(admin);
    await slack.waitFor(
      () => slack.messages(HERE).some((message) => textOf(message).includes('0 of 3 contacts')),
      'three contacts',
    );
    expect((await newest()).availableVariables).toContain('appointment_date');
  });

  test('is not opened for a guest', async () => {
    await say('new', guest);
    await told(guest, 'You may not change campaigns');
    expect(slack.openView(guest)).toBeUndefined();
  });
});

describe('editing', () => {
  const editing = async (campaignId: number) => {
    await say(`show ${campaignId}`);
    await slack.click(await told(admin, `Campaign ${campaignId},`), 'campaign.edit');
    return modal(admin, 'Edit campaign');
  };

  test('shows the message for real contacts, and again for what is typed', async () => {
    const id = await campaign('With an example', { phones: phones(5, 0), template: 'Hello {{ name }}' });
    const form = await editing(id);
    expect(textOf(form)).toContain('Hello P1');
    expect(textOf(form)).toContain('1 segment, GSM-7');
    slack.fill(form, { message: 'Good day {{ name }} 😀' });
    await slack.clickInView(form, 'Refresh example');
    const refreshed = await modal(admin, 'Good day P3 😀');
    expect(textOf(refreshed)).toContain('UCS-2');
    expect(refreshed.id).toBe(form.id);
    await closeAll(admin);
    const again = await editing(id);
    expect(JSON.stringify(again.view)).toContain('Good day {{ name }}');
    await closeAll(admin);
  });

  test('says for how many contacts a value is missing', async () => {
    const id = await campaign('With gaps', { phones: phones(4, 20), template: null });
    await deps.db.execute(`update campaigns set available_variables = '{name,city}' where id = ${id}`);
    const form = await editing(id);
    slack.fill(form, { message: 'Hi {{ name }} in {{ city }}' });
    await slack.clickInView(form, 'Refresh example');
    expect(textOf(await modal(admin, 'Without a value'))).toContain('`city` for 4 contacts');
    await slack.submit(form, { message: 'Hi {{ nmae }}' });
    expect(errorsOf(form).message).toContain('There is no variable “nmae”. Did you mean “name”?');
    await closeAll(admin);
  });

  test('shows limits that are out of range under their fields', async () => {
    const id = await campaign('Out of range', { phones: phones(1, 30) });
    const form = await editing(id);
    const settings = await slack.submit(form, {});
    expect(textOf(settings ?? form)).toContain('Hours and limits');
    if (settings) await slack.submit(settings, { start: '18:00', end: '09:00' });
    expect(errorsOf(settings).start).toContain('Calling hours must start before they end');
    await closeAll(admin);
  });

  test('offers time zones for what is typed', async () => {
    const id = await campaign('Elsewhere', { phones: phones(1, 31) });
    const settings = await slack.submit(await editing(id), {});
    const offered = settings && (await slack.suggestions(settings, 'timeZone', 'form.time_zone', 'new york'));
    expect(JSON.stringify(offered)).toContain('America/New_York');
    await closeAll(admin);
  });

  test('of a campaign that has begun meanwhile is refused in words', async () => {
    const id = await campaign('Begun meanwhile', { phones: phones(1, 32) });
    const form = await editing(id);
    await deps.db.execute(`update campaigns set status = 'running' where id = ${id}`);
    await slack.submit(form, { name: 'Another name' });
    expect(errorsOf(form).name).toContain('so it cannot be edited');
    await deps.db.execute(`update campaigns set status = 'paused' where id = ${id}`);
    await closeAll(admin);
  });
});

describe('importing', () => {
  test('asks for campaign and file, and whether to keep the contacts there are', async () => {
    const id = await campaign('Grows', { phones: phones(2, 40), channelId: HERE });
    await say('import Grows');
    const form = await modal(admin, 'Import contacts');
    const file = await slack.chooseFile(admin, 'more.csv', CSV);
    await slack.submit(form, { file: [file] });
    const columns = await modal(admin, 'The campaign has contacts already');
    await slack.submit(columns, { mode: 'replace' });
    expect(slack.openView(admin)).toBeUndefined();
    const card = await shown(HERE, 'Grows');
    await slack.waitFor(
      () => textOf(slack.current(card)).includes('0 of 3 contacts'),
      'three instead of two',
    );
    expect((await showCampaign(deps, { campaignId: id })).counts.pending).toBe(3);
  });

  test('without a name lets the campaign be chosen in the form', async () => {
    const id = await campaign('Chosen in the form');
    await say('import');
    const form = await modal(admin, 'Load into');
    const file = await slack.chooseFile(admin, 'list.json', '[{"phone":"+12125550161","name":"Joe"}]');
    await slack.submit(form, { target: String(id), file: [file] });
    const columns = await modal(admin, 'Columns of the file');
    await slack.submit(columns, {});
    await slack.waitFor(() => slack.openView(admin) === undefined, 'the closed form');
    await waitForContacts(id, 1);
  });

  test('a column can be chosen, and the choice is remembered for the same headers', async () => {
    const odd = 'Contact,Alternative,Note\nx,+12125550171,a\ny,+12125550172,b\n';
    const id = await campaign('Odd columns');
    const begin = async () => {
      await say(`import ${id}`);
      const form = await modal(admin, 'Import contacts');
      await slack.submit(form, { file: [await slack.chooseFile(admin, 'odd.csv', odd)] });
      return modal(admin, 'Columns of the file');
    };
    const columns = await begin();
    await slack.submit(columns, { 'column.1': 'ignore' });
    expect(errorsOf(columns)['column.0']).toContain('Choose the column that holds the phone numbers.');
    await slack.submit(columns, { 'column.1': 'phone_number', 'column.2': 'phone_number' });
    expect(errorsOf(columns)).toEqual({ 'column.2': '2 columns are mapped to phone number; keep one.' });
    await slack.submit(columns, { 'column.1': 'phone_number', 'column.2': 'custom_field' });
    await waitForContacts(id, 2);
    const again = await begin();
    expect(textOf(again)).toContain('as you had it for the same columns before');
    expect(JSON.stringify(again.view)).toContain(
      '"initial_option":{"text":{"type":"plain_text","text":"Keep, but not for messages"',
    );
    await closeAll(admin);
  });

  test.each([
    [
      'an Excel workbook',
      'book.csv',
      Buffer.from('PK\u0003\u0004xl/workbook.xml'),
      'This is an Excel workbook. Save it as CSV UTF-8',
    ],
    ['an empty file', 'empty.csv', Buffer.from(' \n'), 'This file is empty.'],
    [
      'a header alone',
      'header.csv',
      Buffer.from('phone,name\n'),
      'This file has a header and no rows below it.',
    ],
    [
      'a web page',
      'page.csv',
      Buffer.from('<!doctype html><html><body>Sign in</body></html>'),
      'This is a web page',
    ],
  ])('%s is told in a sentence, and nothing is loaded', async (_, name, bytes, words) => {
    const id = await campaign(`Takes ${name}`);
    await say(`import ${id}`);
    const form = await modal(admin, 'Import contacts');
    await slack.submit(form, { file: [await slack.chooseFile(admin, name, bytes)] });
    expect(textOf(await modal(admin, 'Nothing was loaded'))).toContain(words);
    await closeAll(admin);
    expect((await showCampaign(deps, { campaignId: id })).counts.pending).toBe(0);
  });

  test('without the permission to read files says what is missing', async () => {
    const id = await campaign('No permission');
    slack.switchOn('slack-missing-files-read');
    await say(`import ${id}`);
    const form = await modal(admin, 'Import contacts');
    await slack.submit(form, { file: [await slack.chooseFile(admin, 'a.csv', CSV)] });
    const answer = await modal(admin, 'Nothing was loaded');
    expect(textOf(answer)).toMatch(/files:read|web page instead of the file/);
    slack.switchOff('slack-missing-files-read');
    await closeAll(admin);
  });

  test('into a running campaign is refused before a file is chosen', async () => {
    carrier.answer = () => ({ kind: 'throttled', retryAfterMs: 60_000, code: '20429' });
    const id = await campaign('Already running', { phones: phones(1, 50) });
    await deps.db.execute(`update campaigns set status = 'running' where id = ${id}`);
    await say(`import ${id}`);
    await modal(admin, 'so it cannot be given more contacts. Nothing was changed. Pause it first.');
    await closeAll(admin);
  });
});

describe('the menus', () => {
  test('the shortcut on a message uses its file, for a new campaign or a draft', async () => {
    const id = await campaign('From a menu');
    const message = await slack.dropFile(teammate, HERE, 'menu.csv', CSV);
    await slack.runMessageShortcut(message, 'contacts_from_message', teammate);
    const form = await modal(teammate, 'Load into');
    await slack.submit(form, { target: String(id) });
    const columns = await modal(teammate, 'Columns of the file');
    await slack.submit(columns, {});
    await waitForContacts(id, 3);
  });

  test('the form of the shortcut says when its file is no longer known', async () => {
    const message = await slack.dropFile(teammate, HERE, 'forgotten.csv', CSV);
    await slack.runMessageShortcut(message, 'contacts_from_message', teammate);
    const form = await modal(teammate, 'forgotten.csv');
    await deps.db.execute('delete from form_drafts');
    await slack.submit(form, {});
    await modal(teammate, 'Nothing was loaded; choose the file once more.');
    await closeAll(teammate);
  });

  test('the shortcut on a message without a file says so', async () => {
    const message = await slack.say(admin, HERE, 'no file here');
    stage.forget(admin);
    await slack.runMessageShortcut(message, 'contacts_from_message');
    await told(admin, 'This message holds no file.');
  });

  test('the global shortcut opens the form, which asks for the channel', async () => {
    await slack.runShortcut('campaign_new', teammate);
    const form = await modal(teammate, 'New text campaign');
    await slack.submit(form, { name: 'By shortcut', channel: channels.launchRoom });
    await shown(channels.launchRoom, 'By shortcut');
    await closeAll(teammate);
  });
});

test('before the start, a launch that was overtaken changes nothing', async () => {
  const id = await campaign('Overtaken', { phones: [...phones(2, 60), '+18005550123'] });
  await say(`start ${id}`);
  const view = await modal(admin, 'Start now');
  expect(textOf(view)).toContain('*Ready* 2');
  expect(textOf(view)).toContain('1 contact will be left out');
  await updateCampaign(deps, {
    campaignId: id,
    actor: { kind: 'system' },
    changes: { smsMessageTemplate: 'Something else' },
  });
  await slack.submit(view, {});
  await modal(admin, 'Nothing was started; look at its card and check again.');
  expect((await showCampaign(deps, { campaignId: id })).status).toBe('draft');
  await closeAll(admin);
});

test('a carrier that takes its time is waited for in the form, and the start is told', async () => {
  const id = await campaign('Slow carrier', { phones: phones(2, 65) });
  await say(`start ${id}`);
  const view = await modal(admin, 'Start now');
  const asked = Promise.withResolvers<boolean>();
  const { ownsNumber } = carrier;
  carrier.ownsNumber = () => asked.promise;
  await slack.submit(view, {});
  await modal(admin, 'Asking the carrier');
  carrier.ownsNumber = ownsNumber;
  asked.resolve(true);
  await modal(admin, 'It has started.');
  expect((await showCampaign(deps, { campaignId: id })).status).not.toBe('draft');
  await closeAll(admin);
});

test('a trigger that died before the form could open is told, and nothing happened', async () => {
  await addContacts(deps, await campaign('Slow Slack'), phones(1, 70));
  slack.switchOn('slack-answer-500', { methods: ['views.open'] });
  await say('new Too late');
  await told(admin, 'Slack did not open the form in time. Nothing was done; try once more.');
  slack.switchOff('slack-answer-500');
});

async function waitForContacts(campaignId: number, contacts: number): Promise<void> {
  await expect.poll(async () => (await showCampaign(deps, { campaignId })).counts.pending).toBe(contacts);
}

async function waitForDraft(words: string): Promise<void> {
  await expect
    .poll(async () => JSON.stringify(await deps.db.execute('select data from form_drafts')))
    .toContain(words);
}

function zone(value: string): JsonObject[] {
  return { text: { type: 'plain_text', text: value }, value } as unknown as JsonObject[];
}
