import { describe, expect, test } from 'vitest';
import { createAssistant } from '#operations/create-assistant.ts';
import { listCampaigns } from '#operations/list-campaigns.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import type { SlackView } from '#sandbox/page-protocol.ts';
import { addContacts, phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { openLines } from './line.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, shown, modal } = stage;
const { admin, teammate } = people;
const { draft } = openLines(stage);
const HERE = channels.campaigns;
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, HERE, `/campaign ${words}`);
};
const newest = async () => {
  const { campaigns } = await listCampaigns(deps, { workspaceId, limit: 1, offset: 0 });
  return showCampaign(deps, { campaignId: campaigns[0]?.id ?? 0 });
};
const errorsOf = (view: SlackView) => slack.openView(view.userId)?.errors ?? {};
const closeAll = async (userId: string) => {
  for (let view = slack.openView(userId); view; view = slack.openView(userId)) await slack.closeView(view);
};
const editing = async (campaignId: number) => {
  await say(`show ${campaignId}`);
  await slack.click(await told(admin, `Campaign ${campaignId},`), 'campaign.edit');
  return modal(admin, 'Edit campaign');
};
const assistantNamed = async (name: string, fields: object = {}) => {
  const actor = { kind: 'system' } as const;
  const own = { creationKey: name, name, voice: 'joanna', ...fields };
  return (await createAssistant(deps, { workspaceId, actor, ...own })).assistantId;
};
const knows = (campaignId: number, variables: string) =>
  deps.db.execute(`update campaigns set available_variables = '{${variables}}' where id = ${campaignId}`);
/** The form for a new campaign, with another kind chosen in it. */
const newForm = async (name: string, kind: 'call' | 'mixed', title: string, userId: string = admin) => {
  await say(`new ${name}`, userId);
  const form = await modal(userId, 'What it does');
  await slack.choose(form, 'campaignType', kind);
  return modal(userId, title);
};

describe('the form for a new campaign', () => {
  test('asks for what is said once calls are chosen, and keeps what was typed', async () => {
    await say('new Redrawn');
    const form = await modal(admin, 'New text campaign');
    slack.fill(form, { fallbacks: 'name = friend' });
    await slack.choose(form, 'message', 'Hello {{ name }}');
    await slack.choose(form, 'campaignType', 'call');
    const calls = await modal(admin, 'New call campaign');
    expect(calls.id).toBe(form.id);
    expect(textOf(calls)).toContain('Step 1 of 3');
    expect(textOf(calls)).toContain('a plain assistant called Alex');
    expect(textOf(calls)).not.toContain('Text message');
    await slack.choose(calls, 'welcome', 'Hi {{ name }}!');
    await slack.choose(calls, 'campaignType', 'mixed');
    const both = JSON.stringify((await modal(admin, 'New mixed campaign')).view);
    for (const typed of ['Hello {{ name }}', 'Hi {{ name }}!', 'name = friend', 'Redrawn'])
      expect(both).toContain(typed);
    await slack.choose(calls, 'campaignType', 'sms');
    expect(textOf(await modal(admin, 'New text campaign'))).toContain('Step 1 of 2');
    await closeAll(admin);
    await say('new');
    await modal(admin, 'This is what you had typed here before.');
    await slack.clickInView(slack.openView(admin) ?? form, 'Start afresh');
    await slack.waitFor(
      () => !JSON.stringify(slack.openView(admin)?.view).includes('Redrawn'),
      'a fresh form',
    );
    await closeAll(admin);
  });

  test('makes a campaign of calls in three steps, with a plain assistant where there is none', async () => {
    const form = await newForm('Reminder calls', 'call', 'New call campaign');
    const machines = await slack.submit(form, {
      welcome: 'Am I speaking with {{ name }}?',
      agenda: 'Your appointment is on Friday.',
      closing: 'Goodbye.',
    });
    expect(textOf(machines ?? form)).toContain('Step 2 of 3: how it calls');
    expect(textOf(machines ?? form)).not.toContain('What comes first');
    const settings = await slack.submit(machines ?? form, {
      machines: 'sync',
      onMachine: 'leave',
      voicemail: 'Please call Acme back, {{ name }}.',
    });
    expect(textOf(settings ?? form)).toContain('Step 3 of 3');
    expect(textOf(settings ?? form)).toContain('nobody is called before 08:00');
    await slack.clickInView(settings ?? form, 'More settings');
    const more = await modal(admin, 'Rarely set');
    await slack.submit(more, { 'retry.busy': 'final', 'retry.no_answer': 'retry_once' });
    expect(slack.openView(admin)).toBeUndefined();
    const made = await newest();
    expect(made).toMatchObject({
      campaignType: 'call',
      welcomeMessageTemplate: 'Am I speaking with {{ name }}?',
      agendaTemplate: 'Your appointment is on Friday.',
      endCallMessageTemplate: 'Goodbye.',
      smsMessageTemplate: null,
      enableVoicemailDetection: true,
      detectionMode: 'sync',
      leaveVoicemail: true,
      voicemailMessage: 'Please call Acme back, {{ name }}.',
    });
    expect(made.retryPolicy).toMatchObject({ busy: 'final', no_answer: 'retry_once' });
    expect(made.retryPolicy).not.toHaveProperty('voicemail');
    expect(made.assistantId).not.toBeNull();
    expect(textOf(await shown(HERE, 'Reminder calls'))).toContain('calls');
  });

  test('makes a mixed campaign with the assistant and the order that were chosen', async () => {
    const assistantId = await assistantNamed('Rosa');
    const form = await newForm('Both ways', 'mixed', 'New mixed campaign');
    const machines = await slack.submit(form, {
      assistant: String(assistantId),
      message: 'We tried to call you.',
      welcome: 'Hello.',
    });
    const settings = await slack.submit(machines ?? form, {
      mixedFirst: 'sms',
      mixedFollowUp: 'if_not_reached',
      mixedDelay: '90',
      machines: 'off',
    });
    expect(textOf(settings ?? form)).toContain('nobody is called or texted before');
    expect(await newest()).toMatchObject({
      campaignType: 'mixed',
      assistantId,
      smsMessageTemplate: 'We tried to call you.',
      mixedSettings: { first: 'sms', followUp: 'if_not_reached', delayMinutes: 90 },
      enableVoicemailDetection: false,
      leaveVoicemail: false,
    });
    await closeAll(admin);
  });

  test.each<[string, Record<string, string>, string, string]>([
    [
      'a welcome that asks for too much',
      { welcome: '{% for x in y %}' },
      'welcome',
      '{% for %} is not available',
    ],
    ['an agenda with a slip', { agenda: '{{ name' }, 'agenda', '{{'],
  ])('shows what is wrong with %s under its field', async (_, answers, field, words) => {
    const form = await newForm('Faulty', 'call', 'New call campaign');
    await slack.submit(form, answers);
    expect(errorsOf(form)).toHaveProperty(field);
    expect(errorsOf(form)[field]).toContain(words);
    expect((await newest()).name).not.toBe('Faulty');
    await closeAll(admin);
  });

  test('shows what does not fit about machines under its field', async () => {
    const form = await newForm('Machines', 'call', 'New call campaign');
    const machines = (await slack.submit(form, { welcome: 'Hi.' })) ?? form;
    await slack.submit(machines, { onMachine: 'leave', voicemail: '' });
    expect(errorsOf(machines).voicemail).toContain('Write the voicemail message');
    await slack.submit(machines, { machines: 'off', voicemail: 'Call us.' });
    expect(errorsOf(machines).onMachine).toContain('switch the detection on');
    await slack.choose(machines, 'voicemail', 'Half a voicemail');
    await closeAll(admin);
    await expect
      .poll(async () => JSON.stringify(await deps.db.execute('select data from form_drafts')))
      .toContain('Half a voicemail');
    const { id } = await newest();
    const untouched = await editing(id);
    const same = (await slack.submit(untouched, {})) ?? untouched;
    expect(JSON.stringify(same.view)).toContain('Half a voicemail');
    await closeAll(admin);
    const edited = await editing(id);
    const again = (await slack.submit(edited, { welcome: 'Hello.' })) ?? edited;
    expect(JSON.stringify(again.view)).not.toContain('Half a voicemail');
    await closeAll(admin);
  });

  test('of a file asks what it does, and goes on with what is said', async () => {
    const file = await slack.dropFile(teammate, HERE, 'callees.csv', 'Phone,Name\n+12125550301,Ann\n');
    const offer = await slack.waitFor(
      () => slack.thread(file).find((message) => textOf(message).includes('as a list of contacts?')),
      'the offer',
    );
    await slack.click(offer, 'New campaign from this file', teammate);
    const columns = await modal(teammate, 'What it does');
    await slack.submit(columns, { name: 'From a file of callees', campaignType: 'call' });
    const form = await modal(teammate, 'Edit campaign');
    expect(textOf(form)).toContain('Step 1 of 3: what to say');
    await closeAll(teammate);
    expect(await newest()).toMatchObject({ name: 'From a file of callees', campaignType: 'call' });
  });
});

describe('editing', () => {
  test('shows the whole call for real contacts, with the first words that nobody can change', async () => {
    const assistantId = await assistantNamed('Vera', { isRecording: true });
    const id = await draft('Heard before', phones(2, 320), {
      assistantId,
      leaveVoicemail: true,
      voicemailMessage: 'Call back, {{ name }}.',
    });
    await knows(id, 'name,city');
    const form = await editing(id);
    const text = textOf(form);
    expect(text).toContain('First words: ');
    expect(text).toMatch(/Hello, this is Vera, an automated voice .*This call is recorded and transcribed\./);
    expect(text).toContain('Hi P1.');
    expect(text).toContain('Voicemail message: ');
    expect(text).toContain('Call back, P2.');
    slack.fill(form, { welcome: 'Good day {{ name }} of {{ city }}', agenda: '' });
    await slack.clickInView(form, 'Refresh example');
    const refreshed = textOf(await modal(admin, 'Good day P1 of'));
    expect(refreshed).not.toContain('Your order is ready.');
    expect(refreshed).toContain('`city` for 2 contacts');
    await closeAll(admin);
    const again = await editing(id);
    expect(JSON.stringify(again.view)).toContain('Good day {{ name }} of {{ city }}');
    await closeAll(admin);
  });

  test('shows no voicemail where none is left, and no text where none is sent', async () => {
    const id = await draft('Hangs up', phones(1, 325), {
      voicemailMessage: 'Never left.',
      smsMessageTemplate: 'Never sent.',
    });
    const text = textOf(await editing(id));
    expect(text).toContain('Hi P1.');
    expect(text).not.toContain('Never left.');
    expect(text).not.toContain('Never sent.');
    await closeAll(admin);
  });

  test('says whom nobody would call because nothing is left to say', async () => {
    const id = await draft('Says nothing', phones(1, 330), { welcomeMessageTemplate: 'Hello.' });
    await knows(id, 'name,city');
    const form = await editing(id);
    slack.fill(form, { welcome: '{% if city %}Hello{% endif %}' });
    await slack.clickInView(form, 'Refresh example');
    await modal(admin, 'The welcome comes out empty, so this contact would not be called.');
    await closeAll(admin);
  });

  test('changes another voice in, and leaves the texts of a form that does not show them', async () => {
    const id = await draft('Voices', phones(1, 340), { smsMessageTemplate: 'kept for later' });
    const assistantId = await assistantNamed('Wanda');
    const form = await editing(id);
    const machines = await slack.submit(form, { assistant: String(assistantId), closing: 'Bye.' });
    expect(textOf(machines ?? form)).toContain('how it calls');
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({
      assistantId,
      endCallMessageTemplate: 'Bye.',
      smsMessageTemplate: 'kept for later',
    });
    await closeAll(admin);
  });

  test('refuses a name in any spoken text that no contact has', async () => {
    const id = await draft('Slips', phones(1, 350));
    await knows(id, 'name');
    const form = await editing(id);
    await slack.submit(form, { agenda: 'Dear {{ nmae }}', closing: 'Bye {{ nam }}' });
    expect(errorsOf(form).agenda).toContain('Did you mean “name”?');
    expect(errorsOf(form).closing).toContain('Did you mean “name”?');
    await closeAll(admin);
  });
});

test('the preview shows a mixed campaign as it is heard and as it is read', async () => {
  const id = await draft('Both previewed', phones(1, 360), {
    campaignType: 'mixed',
    smsMessageTemplate: 'See you, {{ name }}',
  });
  await say(`preview ${id}`);
  const text = textOf(await modal(admin, 'Preview'));
  expect(text).toContain('First words: ');
  expect(text).toContain('See you, P1');
  expect(text).toContain('1 segment, GSM-7');
  await closeAll(admin);
});

test('the check before a start counts calls, and starts them', async () => {
  const id = await draft('Checked calls', phones(2, 370));
  await say(`start ${id}`);
  const view = await modal(admin, 'Start now');
  expect(textOf(view)).toContain('for 2 calls');
  expect(textOf(view)).toContain('Nobody is called outside the hours that the law allows');
  await slack.submit(view, {});
  await slack.waitFor(() => stage.carrier.calls.length >= 2, 'both calls');
});

test('the home tab tells what a draft of calls still needs', async () => {
  await draft('Unready calls', [], { welcomeMessageTemplate: null, agendaTemplate: null });
  await slack.openHome(admin);
  const home = await slack.waitFor(() => slack.home(admin), 'the home tab');
  await slack.waitFor(() => textOf(slack.home(admin) ?? home).includes('Unready calls'), 'the draft');
  expect(textOf(slack.home(admin) ?? home)).toContain('press Edit and write a welcome or an agenda');
  expect(textOf(slack.home(admin) ?? home)).toContain('Contacts: drop a file');
});

test('a campaign of texts asks nothing about calls', async () => {
  const id = await stage.campaign('Still texts');
  await addContacts(deps, id, phones(1, 380));
  const form = await editing(id);
  expect(textOf(form)).not.toContain('Assistant');
  const settings = await slack.submit(form, {});
  expect(textOf(settings ?? form)).toContain('Step 2 of 2');
  expect(textOf(settings ?? form)).not.toContain('The line is busy');
  await closeAll(admin);
});
