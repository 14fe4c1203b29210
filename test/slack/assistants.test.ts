import { describe, expect, test } from 'vitest';
import { createCampaign } from '#operations/create-campaign.ts';
import { listAssistants } from '#operations/list-assistants.ts';
import { updateAssistant } from '#operations/update-assistant.ts';
import type { SlackView } from '#sandbox/page-protocol.ts';
import { formatTargets, parseTargets } from '#slack/modals/transfer-targets.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, modal } = stage;
const { admin, teammate, guest, approver } = people;
const HERE = channels.campaigns;
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, HERE, `/campaign ${words}`.trim());
};
const named = async (name: string) =>
  (await listAssistants(deps, { workspaceId })).find((assistant) => assistant.name === name);
const errorsOf = (view: SlackView) => slack.openView(view.userId)?.errors ?? {};
const closeAll = async (userId: string) => {
  for (let view = slack.openView(userId); view; view = slack.openView(userId)) await slack.closeView(view);
};
/** An assistant made in the form. */
async function make(name: string, answers: Parameters<typeof slack.submit>[1] = {}) {
  await say(`assistant new ${name}`);
  await slack.submit(await modal(admin, 'People it puts calls through to'), answers);
  await modal(admin, `${name} is ready.`);
  await closeAll(admin);
  const made = await named(name);
  if (!made) throw new Error(`${name} was not made`);
  return made;
}

test('without an assistant the list says what happens then, and offers to make one', async () => {
  await say('assistant');
  const list = await told(admin, 'There is no assistant yet.');
  await slack.click(list, 'New assistant');
  await modal(admin, 'The assistant introduces itself with it on every call.');
  await closeAll(admin);
});

describe('the form', () => {
  test('makes an assistant with everything that is asked', async () => {
    const made = await make('Maya', {
      voice: 'vicki',
      prompt: 'You are Maya. Never promise a price.',
      phoneNumbers: '+1 415 555 0100\n+14155550101',
      transferTargets: 'Front desk: +1 415 555 0123 @me\nNight shift: (415) 555-0124',
      isRecording: 'on',
      recordingDays: '14',
      maxCallSeconds: '300',
    });
    expect(made).toMatchObject({
      voice: 'vicki',
      language: 'de-DE',
      prompt: 'You are Maya. Never promise a price.',
      phoneNumbers: ['+14155550100', '+14155550101'],
      isRecording: true,
      recordingDays: 14,
      maxCallSeconds: 300,
      isScripted: false,
    });
    expect(made.transferTargets).toEqual([
      { key: 'front-desk', label: 'Front desk', phoneNumber: '+14155550123', slackUserId: admin },
      { key: 'night-shift', label: 'Night shift', phoneNumber: '+14155550124', slackUserId: null },
    ]);
  });

  test('says that recorded calls announce it, and asks for a model only where there is one', async () => {
    await say('assistant new');
    const without = textOf(await modal(admin, 'Every recorded call announces it in its first words.'));
    expect(without).toContain('No language model is set up here');
    expect(without).not.toContain('The script of the campaign, word for word');
    await closeAll(admin);
    Object.assign(deps, { model: { respond: () => [], complete: async () => '' } });
    await say('assistant new');
    const form = await modal(admin, 'The script of the campaign, word for word');
    await slack.submit(form, { name: 'By the book', isScripted: 'script', model: 'tiny-1' });
    await modal(admin, 'By the book is ready.');
    Object.assign(deps, { model: null });
    expect(await named('By the book')).toMatchObject({ isScripted: true, model: 'tiny-1' });
    await closeAll(admin);
  });

  test.each<[string, Record<string, string>, string, string]>([
    ['a name that is taken', { name: 'maya' }, 'name', 'An assistant called “maya” is there already.'],
    ['a number that is none', { phoneNumbers: '12' }, 'phoneNumbers', '“12” is not a phone number.'],
    [
      'a target without a name',
      { transferTargets: '+14155550123' },
      'transferTargets',
      '“+14155550123” does not say who that is.',
    ],
    [
      'a target without a number',
      { transferTargets: 'Front desk' },
      'transferTargets',
      '“Front desk” has no phone number.',
    ],
    [
      'a target of nobody here',
      { transferTargets: 'Desk: +14155550123 @nobody at all' },
      'transferTargets',
      'Nobody here is called @nobody at all.',
    ],
    [
      'a target that no phone can reach',
      { transferTargets: 'Desk: +1415555' },
      'transferTargets',
      'is not a phone number',
    ],
  ])('shows what is wrong with %s under its field', async (_, answers, field, words) => {
    await say('assistant new Faulty');
    const form = await modal(admin, 'New assistant');
    await slack.submit(form, answers);
    expect(errorsOf(form)[field]).toContain(words);
    expect(await named('Faulty')).toBeUndefined();
    await closeAll(admin);
  });

  test('keeps what was typed when it is closed', async () => {
    await say('assistant new', teammate);
    const form = await modal(teammate, 'New assistant');
    slack.fill(form, { name: 'Half made', voice: 'amy' });
    await slack.choose(form, 'prompt', 'You speak slowly.');
    await expect
      .poll(async () => JSON.stringify(await deps.db.execute('select data from form_drafts')))
      .toContain('You speak slowly.');
    await closeAll(teammate);
    await say('assistant new', teammate);
    const again = JSON.stringify((await modal(teammate, 'This is what you had typed here before.')).view);
    expect(again).toContain('You speak slowly.');
    expect(again).toContain('Half made');
    expect(again).toContain('"initial_option":{"text":{"type":"plain_text","text":"Amy, British English"');
    await closeAll(teammate);
  });

  test('sent off twice makes one assistant', async () => {
    await make('Once');
    const before = (await listAssistants(deps, { workspaceId })).length;
    const submission = slack.deliveriesOf('view_submission').at(-1);
    await stage.resend(new URLSearchParams({ payload: JSON.stringify(submission?.payload) }).toString());
    expect(await listAssistants(deps, { workspaceId })).toHaveLength(before);
  });

  test('changes an assistant, and a target keeps its key and its person while it keeps its name', async () => {
    const { id } = await make('Nora', { transferTargets: 'Sales: +14155550130 @me' });
    await updateAssistant(deps, {
      workspaceId,
      assistantId: id,
      actor: { kind: 'system' },
      changes: {
        transferTargets: [{ key: 's1', label: 'Sales', phoneNumber: '+14155550130', slackUserId: admin }],
      },
    });
    await say('assistant edit nora');
    const form = await modal(admin, 'Edit assistant');
    expect(JSON.stringify(form.view)).toMatch(/"initial_value":"Sales: \+14155550130 @[^"]+"/);
    await slack.submit(form, { name: 'Nora Two', voice: 'brian' });
    await modal(admin, 'Nora Two is saved.');
    expect(await named('Nora Two')).toMatchObject({
      id,
      voice: 'brian',
      language: 'en-GB',
      transferTargets: [{ key: 's1', label: 'Sales', phoneNumber: '+14155550130', slackUserId: admin }],
    });
    await closeAll(admin);
  });

  test('leaves alone what it cannot show: a prompt too long for a form, a language of its own', async () => {
    const { id } = await make('Wordy');
    const prompt = 'Be kind. '.repeat(500).trim();
    await updateAssistant(deps, {
      workspaceId,
      assistantId: id,
      actor: { kind: 'system' },
      changes: { prompt, language: 'en-IE' },
    });
    await say('assistant edit Wordy');
    const form = await modal(admin, 'more than a form can hold');
    await slack.submit(form, { maxCallSeconds: '120' });
    await modal(admin, 'Wordy is saved.');
    expect(await named('Wordy')).toMatchObject({
      prompt,
      language: 'en-IE',
      maxCallSeconds: 120,
    });
    await closeAll(admin);
  });
});

describe('the list', () => {
  test('names everybody with what sets them apart, and opens the form', async () => {
    await make('Listed *loud* <!channel>', {
      voice: 'lea',
      phoneNumbers: '+14155550140',
      isRecording: 'on',
    });
    await say('assistant');
    const list = await told(admin, 'Listed');
    expect(textOf(list)).toContain('Léa, French, 1 number, records calls, kept for 30 days');
    expect(textOf(list)).toContain('*Listed \u2060*\u2060loud\u2060*\u2060 &lt;!channel&gt;*');
    expect(list.text).not.toContain('<!channel>');
    await slack.click(list, 'assistant.edit');
    await modal(admin, 'Edit assistant');
    await closeAll(admin);
  });

  test('lets one be retired, once, and then shows who is left', async () => {
    const { id } = await make('Short lived');
    await say('assistant retire Short lived');
    const question = await told(admin, 'Take *Short lived* out of use?');
    await slack.click(question, 'Retire');
    await slack.waitFor(() => textOf(slack.current(question)).includes('Maya'), 'the list in its place');
    expect(await named('Short lived')).toBeUndefined();
    expect(textOf(slack.current(question))).not.toContain('Short lived');
    const press = slack
      .deliveriesOf('block_actions')
      .findLast(({ payload }) => JSON.stringify(payload).includes('assistant.retire'));
    const again = { ...(press?.payload as object), trigger_id: 'later.1' };
    stage.forget(admin);
    await stage.resend(new URLSearchParams({ payload: JSON.stringify(again) }).toString());
    await told(admin, `There is no assistant #${id}`);
  });

  test('does not retire one that calls for a running campaign', async () => {
    const { id } = await make('Busy');
    const { campaignId } = await createCampaign(deps, {
      workspaceId,
      actor: { kind: 'system' },
      creationKey: 'busy-assistant',
      channelId: null,
      name: 'In full swing',
      campaignType: 'call',
      assistantId: id,
    });
    await deps.db.execute(`update campaigns set status = 'running' where id = ${campaignId}`);
    await say('assistant retire Busy');
    await slack.click(await told(admin, 'Take *Busy* out of use?'), 'Retire');
    await told(admin, '“Busy” calls for');
    expect(await named('Busy')).toBeDefined();
    await deps.db.execute(`update campaigns set status = 'paused' where id = ${campaignId}`);
  });
});

describe('who may', () => {
  test.each(['assistant', 'assistant new', 'assistant edit Maya', 'assistant retire Maya'])(
    'a guest is refused “%s”',
    async (words) => {
      await say(words, guest);
      await told(guest, 'You may not change campaigns');
      expect(slack.openView(guest)).toBeUndefined();
    },
  );

  test('a viewer is refused as well, also by the buttons of somebody else’s list', async () => {
    await deps.db.execute(`update workspaces set default_role = 'viewer'`);
    await say('assistant', approver);
    await told(approver, 'You may not change campaigns');
    await deps.db.execute(`update workspaces set default_role = 'launcher'`);
  });
});

test.each([
  ['assistant edit Mya', '“Mya” (did you mean “Maya”?)'],
  ['assistant retire 999999', 'There is no assistant “999999”'],
  ['assistant dance', 'I do not know “dance”. Say new, edit or retire'],
])('“%s” is answered with what was wrong', async (words, answer) => {
  await say(words);
  await told(admin, answer);
});

describe('transfer targets', () => {
  test.each([
    ['Desk: +14155550123', [{ label: 'Desk', phoneNumber: '+14155550123', person: null }]],
    [
      'Desk:+1 (415) 555-0123 @anna lee',
      [{ label: 'Desk', phoneNumber: '+1 (415) 555-0123', person: 'anna lee' }],
    ],
    [
      'Dr. Who: home: 415 555 0123 <@U1|anna>',
      [{ label: 'Dr. Who: home', phoneNumber: '415 555 0123', person: 'U1' }],
    ],
    [' \n\n', []],
  ])('%j are understood', (text, targets) => {
    expect(parseTargets(text)).toEqual({ ok: true, targets });
  });

  test.each([
    ['Desk: 123', '“Desk: 123” has no whole phone number.'],
    [': +14155550123', 'does not say who that is.'],
    ['Desk: +14155550123 anna', '“anna” after the number is not understood.'],
    ['Desk: +14155550123 @', '“@” after the number is not understood.'],
    ['Desk: +14155550123\ndesk: +14155550124', '“desk” stands there twice.'],
  ])('%j is answered with what is wrong', (text, problem) => {
    const parsed = parseTargets(text);
    expect(parsed.ok ? '' : parsed.problem).toContain(problem);
  });

  test('are written as they are read', () => {
    const targets = [
      { key: 'a', label: 'Desk', phoneNumber: '+14155550123', slackUserId: 'U1' },
      { key: 'b', label: 'Gone: away', phoneNumber: '+14155550124', slackUserId: 'U2' },
      { key: 'c', label: 'Night', phoneNumber: '+14155550125', slackUserId: null },
    ];
    const text = formatTargets(targets, new Map([['U1', 'Anna Lee']]));
    expect(parseTargets(text)).toEqual({
      ok: true,
      targets: [
        { label: 'Desk', phoneNumber: '+14155550123', person: 'Anna Lee' },
        { label: 'Gone: away', phoneNumber: '+14155550124', person: 'U2' },
        { label: 'Night', phoneNumber: '+14155550125', person: null },
      ],
    });
  });
});
