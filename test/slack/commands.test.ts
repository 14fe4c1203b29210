import { describe, expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { checkSuppression } from '#operations/check-suppression.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, shown, modal, replied, campaign, statusOf } = stage;
const { admin, teammate, guest } = people;
const HERE = channels.campaigns;
const say = (words: string, userId: string = admin, channelId: string = HERE) => {
  stage.forget(userId);
  return slack.slash(userId, channelId, `/campaign ${words}`.trim());
};
const run = (campaignId: number, move: 'start' | 'pause') =>
  changeStatus(deps, { campaignId, move, actor: { kind: 'slack_user', userId: admin } });

describe('help', () => {
  test('is what an empty command gets, to one person alone, with every command in it', async () => {
    await say('');
    const help = textOf(await told(admin, 'Ringmaster: campaigns from Slack'));
    for (const name of [
      'new',
      'import',
      'list',
      'show',
      'preview',
      'rehearse',
      'test',
      'start',
      'pause',
      'resume',
      'cancel',
      'why',
      'export',
      'assistant',
      'assistant new',
      'assistant edit',
      'assistant retire',
      'calls',
      'contact',
      'redial',
      'best-time',
      'dnc add',
      'dnc remove',
      'dnc check',
      'dnc list',
      'dnc import',
      'dnc export',
      'consent',
      'privacy',
      'help',
    ]) {
      expect(help).toContain(`/campaign ${name}`);
    }
    expect(slack.messages(HERE).map(textOf).join()).not.toContain('Ringmaster: campaigns');
  });

  test.each([
    ['strat Spring', 'I do not know “strat Spring”. Did you mean `/campaign start`?'],
    ['dnc ad +1555', 'Did you mean `/campaign dnc add`?'],
    ['dnc', 'Did you mean `/campaign dnc add`?'],
    ['frobnicate', 'I do not know “frobnicate”.'],
    ['<!channel> *now*', 'I do not know “&lt;!channel&gt; \u2060*\u2060now\u2060*\u2060”.'],
  ])('after “%s” begins with what was wrong', async (words, answer) => {
    await say(words);
    expect(textOf(await told(admin, 'I do not know'))).toContain(answer);
  });
});

describe('who may', () => {
  test.each([
    ['a guest may not even look', guest, HERE, 'list', 'You may not look at campaigns here'],
    [
      'nobody may in a channel shared with another company',
      admin,
      channels.partner,
      'list',
      'This channel is shared with another company',
    ],
  ])('%s', async (_, userId, channelId, words, answer) => {
    await say(words, userId, channelId);
    await told(userId, answer);
  });

  test('a member may not lift an opt-out, an admin may', async () => {
    await suppressNumber(deps, {
      workspaceId,
      phone: '+12125550190',
      channel: 'all',
      reason: 'asked',
      source: 'manual',
      actor: { kind: 'system' },
    });
    await say('dnc remove +12125550190', teammate);
    await told(teammate, 'You may not change the workspace’s settings');
    await say('dnc remove +12125550190', admin);
    await told(admin, '+12125550190 is off the do-not-call list');
  });

  test('nobody may while Slack does not say who they are', async () => {
    slack.switchOn('slack-answer-500', { methods: ['users.info'] });
    await say('list', people.approver);
    await told(people.approver, 'Slack did not say who you are, so nothing was done.');
    slack.switchOff('slack-answer-500');
  });
});

describe('list', () => {
  test('is paged, and the pages turn in place', async () => {
    for (let n = 1; n <= 9; n += 1) await campaign(`Page filler ${n}`);
    await say('list draft', teammate);
    const first = await told(teammate, '1 to 8 of');
    expect(textOf(first)).toContain('Page filler 9');
    await slack.click(first, 'Older', teammate);
    const second = await told(teammate, '9 to');
    expect(second.ts).toBe(first.ts);
    expect(textOf(second)).toContain('Page filler 1');
    await slack.click(second, 'Newer', teammate);
    await slack.waitFor(() => textOf(slack.current(second)).includes('1 to 8'), 'the first page again');
  });

  test('of a status that does not exist says which do', async () => {
    await say('list sleeping');
    await told(admin, '“sleeping” is no status. Say one of draft, scheduled, running');
  });

  test('opens a campaign', async () => {
    const id = await campaign('Opened from the list');
    await say('list draft', teammate);
    const page = await told(teammate, 'Opened from the list');
    await slack.click(page, 'Show', teammate);
    await told(teammate, `Campaign ${id}, created by`);
  });
});

describe('naming a campaign', () => {
  test('by its number', async () => {
    const id = await campaign('Numbered');
    await say(`show ${id}`);
    await told(admin, `Campaign ${id}, created by`);
    await say(`show #${id}`);
    await told(admin, `Campaign ${id}, created by`);
  });

  test('by a name copied from a message, formatting and all', async () => {
    const id = await campaign('*Bold* & <brave> _new_ :wave:');
    await say('show *\u2060Bold*\u2060 & <brave> _\u2060new_\u2060 :\u2060wave:');
    await told(admin, `Campaign ${id}, created by`);
  });

  test('that fits several asks which, and the choice is carried out', async () => {
    const one = await campaign('Twin reminder', { phones: phones(2, 100) });
    const two = await campaign('Twin reminder', { phones: phones(2, 110) });
    await say('preview twin reminder');
    const question = await told(admin, '/campaign preview: which campaign do you mean?');
    expect(textOf(question)).toContain(`/campaign preview ${one}`);
    await slack.click(question, String(two));
    await modal(admin, 'Hello P1');
  });

  test('that fits none gets the nearest name', async () => {
    await campaign('Autumn');
    await say('pause Autunm');
    await told(
      admin,
      'There is no campaign “Autunm” in this workspace. Nothing was done. Did you mean “Autumn”?',
    );
  });

  test('not at all offers those for which it makes sense, or says that there are none', async () => {
    await say('resume');
    await told(admin, '/campaign resume: no campaign is paused or failed.');
    const id = await campaign('Ready to go', { phones: phones(1, 120) });
    await say('start');
    const question = await told(admin, '/campaign start: which campaign do you mean?');
    await slack.click(question, String(id));
    await modal(admin, 'Before it starts');
    const open = slack.openView(admin);
    if (open) await slack.closeView(open);
  });
});

describe('moving a campaign', () => {
  test('pause and resume are done by a job and told to the channel with who did it', async () => {
    const id = await campaign('Moved about', { phones: phones(200, 200) });
    stage.carrier.answer = () => ({ kind: 'throttled', retryAfterMs: 60_000, code: '20429' });
    await run(id, 'start');
    await say(`pause Moved about`, teammate);
    const line = await shown(HERE, 'paused');
    expect(textOf(line)).toContain(`<@${teammate}> paused *Moved about* (campaign ${id}).`);
    expect(await statusOf(id)).toBe('paused');
    await say(`resume ${id}`);
    await shown(HERE, 'resumed *Moved about*');
    expect(await statusOf(id)).toBe('running');
    await say(`resume ${id}`);
    await told(admin, 'The campaign is already running. Nothing was changed');
    await run(id, 'pause');
  });

  test('cancel asks first, and a second answer changes nothing', async () => {
    const id = await campaign('Doomed', { phones: phones(50, 400) });
    await run(id, 'start');
    await run(id, 'pause');
    await say('cancel Doomed');
    const question = await told(admin, 'Cancel Doomed');
    expect(await statusOf(id)).toBe('paused');
    await slack.click(question, 'Cancel the campaign');
    await told(admin, 'Doomed: Cancelled.');
    expect(await statusOf(id)).toBe('cancelled');
    stage.forget(admin);
    await slack.click(question, 'Cancel the campaign');
    await told(admin, 'it is cancelled now. Nothing was changed');
    await say(`cancel ${id}`);
    await told(admin, 'The campaign is already cancelled. Nothing was changed');
  });

  test('start shows what would happen, and refuses what is not ready in words', async () => {
    await campaign('Empty shell', { template: null });
    await say('start empty shell');
    const view = await modal(admin, 'It cannot start yet');
    expect(textOf(view)).toContain('The campaign has no contacts');
    expect(textOf(view)).toContain('Write the message first');
    expect(view.view.submit).toBeNull();
    await slack.closeView(view);
  });
});

describe('why', () => {
  test('explains a campaign and a person', async () => {
    const id = await campaign('Puzzling', { phones: ['+12125550777'] });
    await say('why Puzzling');
    expect(textOf(await told(admin, '“Puzzling” is a draft'))).toContain('1 waiting');
    await say(`why ${id} +1 (212) 555-0777`);
    await told(admin, 'In “Puzzling” (draft): pending.');
    await say('why +12125550777');
    await told(admin, '+12125550777');
    await say('why +12');
    await told(admin, 'There is no campaign “+12”');
  });
});

describe('the do-not-call list', () => {
  test('takes, shows and gives back a number', async () => {
    await say('dnc add (212) 555-0888');
    await told(admin, '+12125550888 is on the do-not-call list now');
    await say('dnc add +12125550888');
    await told(admin, 'was already on the do-not-call list');
    await say('dnc check +12125550888');
    expect(textOf(await told(admin, 'Calls and texts, since'))).toContain(
      `entered by <@${admin}>: Asked for in Slack.`,
    );
    await say('dnc remove +12125550888');
    await told(admin, 'is off the do-not-call list');
    expect((await checkSuppression(deps, { workspaceId, phone: '+12125550888' })).entries).toEqual([]);
  });

  test.each([
    ['dnc add', 'Say the phone number: /campaign dnc add +14155550123'],
    [
      'dnc check 12',
      'That number cannot be used. Short numbers such as 911 or 72345 cannot be reached by a campaign. Give the full number. Nothing was done.',
    ],
  ])('“%s” is told what is missing', async (words, answer) => {
    await say(words);
    await told(admin, answer);
  });
});

describe('export', () => {
  test('puts the results into the thread of the card', async () => {
    const id = await campaign('Exported', { phones: phones(3, 500), channelId: HERE });
    const card = await shown(HERE, 'Exported');
    await say(`export ${id}`);
    await told(admin, 'are being put into its thread');
    const reply = await replied(card, 'The results, contact by contact.');
    expect(reply.files.map(({ name }) => name)).toEqual(['exported-results.csv']);
  });

  test('without a card comes as a direct message', async () => {
    const id = await campaign('Cardless', { phones: phones(1, 510) });
    await say(`export ${id}`, teammate);
    await told(teammate, '“Cardless” has no card, so its results come to you as a direct message');
    await shown(slack.directMessage(teammate), 'The results, contact by contact.');
  });
});

test('the same command delivered twice by Slack is done once', async () => {
  await say('dnc add +12125550991');
  await told(admin, '+12125550991 is on the do-not-call list now');
  const stored = async () => (await deps.db.execute('select 1 from slack_deliveries')).length;
  const before = await stored();
  const sent = slack.deliveriesOf('command').at(-1)?.payload ?? {};
  const again = await stage.resend(new URLSearchParams(sent as Record<string, string>).toString());
  expect([again.status, await stored()]).toEqual([200, before]);
});

test('a button that is no longer in use says so', async () => {
  const payload = {
    type: 'block_actions',
    team: { id: 'T00SANDBOX' },
    user: { id: admin },
    trigger_id: '9.9',
    actions: [{ type: 'button', action_id: 'campaign.launch_rockets', block_id: 'b' }],
  };
  const answer = await stage.resend(new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
  expect(answer.status).toBe(200);
  await shown(slack.directMessage(admin), 'This button is no longer in use.');
});

test('what goes wrong on our side is one sentence with a reference, and the cause is in the log', async () => {
  await deps.db.execute('alter table campaigns rename to campaigns_away');
  try {
    await say('list');
    const answer = textOf(await told(admin, 'Something went wrong on our side'));
    const reference = /reference (\S+)\./.exec(answer)?.[1] ?? 'none';
    expect(answer).not.toMatch(/relation|select|campaigns_away/);
    expect(JSON.stringify(stage.log.lines)).toContain(reference);
  } finally {
    await deps.db.execute('alter table campaigns_away rename to campaigns');
  }
});
