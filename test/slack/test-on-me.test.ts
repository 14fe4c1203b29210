import { describe, expect, test } from 'vitest';
import { createAssistant } from '#operations/create-assistant.ts';
import { showCampaign } from '#operations/show-campaign.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { openLines } from './line.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, modal, campaign, carrier, workspaceId } = stage;
const { admin, guest } = people;
const { draft } = openLines(stage);
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, channels.campaigns, `/campaign ${words}`);
};
const closeAll = async () => {
  for (let view = slack.openView(admin); view; view = slack.openView(admin)) await slack.closeView(view);
};
const ME = '+12125550990';

describe('a test on oneself', () => {
  test('is asked for with a command, and texts the person what a contact would read', async () => {
    const id = await campaign('Tried first', { phones: phones(2, 900), template: 'Dear {{ name }}' });
    await say(`test ${id}`);
    const form = await modal(admin, 'Your own phone number');
    expect(textOf(form)).toContain('it counts for nobody else');
    await slack.submit(form, { phone: '(212) 555-0990' });
    const said = textOf(await modal(admin, 'The text is on its way'));
    expect(said).toContain('counts nowhere');
    expect(carrier.requests.filter(({ to }) => to === ME)).toMatchObject([{ body: 'Dear P1' }]);
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({
      status: 'draft',
      counts: { pending: 2, in_progress: 0 },
    });
    await closeAll();
    await say(`test ${id}`);
    const again = await modal(admin, 'Your own phone number');
    expect(JSON.stringify(again.view)).toContain('(212) 555-0990');
    await closeAll();
  });

  test('takes no number that cannot be one: it says so at its field, and does not offer it again', async () => {
    const id = await campaign('Mistyped first', { phones: phones(1, 905) });
    await say(`test ${id}`);
    const form = await modal(admin, 'Your own phone number');
    await slack.submit(form, { phone: 'my phone' });
    expect(slack.openView(admin)?.errors.phone).toContain('That number cannot be used.');
    await closeAll();
    await say(`test ${id}`);
    expect(JSON.stringify((await modal(admin, 'Your own phone number')).view)).not.toContain('my phone');
    await closeAll();
  });

  test('is a button of the check before the start, and calls with the number that is known', async () => {
    const transferTargets = [
      { key: 'ann', label: 'Ann', phoneNumber: '+12125550991', slackUserId: people.teammate },
    ];
    const own = { creationKey: 'tester', name: 'Tester', voice: 'joanna', transferTargets };
    const actor = { kind: 'system' } as const;
    const { assistantId } = await createAssistant(deps, { workspaceId, actor, ...own });
    const id = await draft('Heard first', phones(1, 910), { assistantId });
    await say(`start ${id}`, people.teammate);
    const check = await modal(people.teammate, 'Before it starts');
    await slack.clickInView(check, 'Test on me');
    const form = await modal(people.teammate, 'Your own phone number');
    expect(JSON.stringify(form.view)).toContain('+12125550991');
    await slack.submit(form, { phone: '+12125550991' });
    await modal(people.teammate, 'rings now');
    expect(carrier.calls.map(({ to }) => to)).toContain('+12125550991');
    expect(await showCampaign(deps, { campaignId: id })).toMatchObject({ status: 'draft' });
    for (let view = slack.openView(people.teammate); view; view = slack.openView(people.teammate))
      await slack.closeView(view);
  });

  test('is a button of the preview', async () => {
    const id = await campaign('Read first', { phones: phones(1, 915) });
    await say(`preview ${id}`);
    await slack.clickInView(await modal(admin, 'Preview'), 'Test on me');
    await modal(admin, 'Your own phone number');
    await closeAll();
  });

  test('that must not be is refused in words', async () => {
    const id = await campaign('Refused first', { phones: phones(1, 920) });
    await say('dnc add +12125550992');
    await told(admin, 'is on the do-not-call list now');
    await say(`test ${id}`);
    await slack.submit(await modal(admin, 'Your own phone number'), { phone: '+12125550992' });
    await modal(admin, 'You were not contacted. On the do-not-call list.');
    await closeAll();
    await say(`test ${id}`, guest);
    await told(guest, 'You may not');
  });

  test('without contacts says what is missing', async () => {
    const id = await campaign('Nobody yet', { phones: [] });
    await say(`test ${id}`);
    await modal(admin, 'The campaign has no contacts, so there are no values to try it with.');
    await closeAll();
  });
});

describe('why, without words', () => {
  test('tells what all campaigns stand at, and offers each of them', async () => {
    await say('why');
    const said = await told(admin, 'No campaign is running, paused or scheduled');
    expect(JSON.stringify(said)).toContain('campaign.pick:why');
  });

  test('tells of the only one that is under way', async () => {
    const id = await campaign('Alone', { phones: phones(1, 930) });
    await deps.db.execute(`update campaigns set status = 'paused' where id = ${id}`);
    await say('why');
    expect(textOf(await told(admin, '“Alone” is paused'))).toContain('until somebody resumes it');
  });
});
