import { sql } from 'drizzle-orm/sql';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { changeWorkspace } from '#db/workspaces.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { touchCard } from '#operations/wake-campaign.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, shown, modal, replied, campaign, statusOf } = stage;
const { admin, teammate, approver, colleague } = people;
const HERE = channels.campaigns;
const say = (text: string, userId: string) => slack.slash(userId, HERE, `/campaign ${text}`);

let used = 0;
async function draft(name: string): Promise<{ id: number; card: SlackMessage }> {
  used += 10;
  const id = await campaign(name, { phones: phones(2, 700 + used), channelId: HERE });
  const card = await shown(HERE, name);
  // Contacts came in after the card was first drawn.
  await touchCard(deps.db, deps, id);
  return { id, card };
}
const press = async (message: SlackMessage, button: string, userId: string) => {
  stage.forget(userId);
  await slack.waitFor(() => textOf(slack.current(message)).includes(button), `“${button}”`);
  await slack.click(message, button, userId);
};
const waitForStatus = async (id: number, status: string) => {
  for (let turn = 0; turn < 200 && (await statusOf(id)) !== status; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 25));
  expect(await statusOf(id)).toBe(status);
};

/** Nobody gets at a campaign meanwhile, as while its million contacts are read. */
const whileHeld = (id: number, work: () => Promise<void>) =>
  deps.db.transaction(async (tx) => {
    await tx.execute(sql`select from campaigns where id = ${id} for update`);
    await work();
  });

beforeAll(() => changeWorkspace(deps.db, workspaceId, { requiresApproval: true, defaultRole: 'launcher' }));
beforeEach(async () => {
  await deps.db.execute(sql`delete from role_grants`);
});

describe('approval in Slack', () => {
  test('is asked for in the pre-flight, given by a colleague who sees all of it, and then it starts', async () => {
    const { id, card } = await draft('Approved spring');
    await slack.waitFor(
      () => textOf(slack.current(card)).includes('Not approved as it is now'),
      'the card to say what is missing',
    );
    await press(card, 'Ask for approval', teammate);
    const preflight = await modal(teammate, 'A second person has to approve it');
    expect(preflight.view.submit).toMatchObject({ text: 'Ask for approval' });
    await slack.submit(preflight);
    await modal(teammate, 'The request stands in the campaign’s thread');
    const request = await replied(card, 'Approval asked for “Approved spring”');
    expect(textOf(request)).toContain('It has never been approved before');

    await press(request, 'Review and approve', approver);
    const review = await modal(approver, 'You approve exactly this');
    expect(textOf(review)).toContain('Text message: Hello {{ name }}');
    expect(textOf(review)).toContain('Contacts: 2');
    const places = [
      'Contacts: 2',
      'Name: ',
      'Kind: text messages',
      'Text message: ',
      'Schedule: as soon as somebody starts it',
      'Attempts per contact: ',
    ];
    const inOrder = places.map((label) => textOf(review).indexOf(label));
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    expect(inOrder).not.toContain(-1);
    await slack.submit(review);
    await modal(approver, 'You approved it as it is');
    const approved = await replied(card, 'approved this campaign as it is. It may be started now.');
    await slack.waitFor(
      () => textOf(slack.current(request)).includes('✅ Approved by'),
      'the request without its buttons',
    );
    expect(textOf(slack.current(request))).not.toContain('Review and approve');

    await press(approved, 'Start', teammate);
    await slack.submit(await modal(teammate, 'Approved as it is now'));
    await waitForStatus(id, 'running');
  });

  test('is asked for and given however long it takes to read everybody', async () => {
    const { id, card } = await draft('Approved slowly');
    await press(card, 'Ask for approval', teammate);
    const preflight = await modal(teammate, 'A second person has to approve it');
    await whileHeld(id, async () => {
      await slack.submit(preflight);
      await modal(teammate, 'Reading everything that it covers');
    });
    await modal(teammate, 'The request stands in the campaign’s thread');
    await press(await replied(card, 'Approval asked for “Approved slowly”'), 'Review and approve', approver);
    const review = await modal(approver, 'You approve exactly this');
    await whileHeld(id, async () => {
      await slack.submit(review);
      await modal(approver, 'Reading everything that it covers');
    });
    await modal(approver, 'You approved it as it is');
  });

  test('waits on the home tab of whoever may give it, and of nobody else', async () => {
    const { card } = await draft('Seen at home');
    await press(card, 'Ask for approval', teammate);
    await slack.submit(await modal(teammate, 'A second person has to approve it'));
    await replied(card, 'Approval asked for “Seen at home”');
    const homeOf = async (userId: string, words: string) => {
      await slack.openHome(userId);
      return slack.waitFor(() => {
        const home = slack.home(userId);
        return home && textOf(home).includes(words) ? home : null;
      }, `“${words}” at home`);
    };
    const home = await homeOf(approver, 'Waiting for your approval');
    expect(textOf(home)).toContain('Approval asked for “Seen at home”');
    expect(textOf(await homeOf(teammate, 'Help'))).not.toContain('Waiting for your approval');
    await slack.clickInView(home, 'Review and approve');
    await slack.submit(await modal(approver, 'You approve exactly this'));
    await modal(approver, 'You approved it as it is');
  });

  test('is not given by whoever asked, nor by whoever may not start campaigns', async () => {
    const { card } = await draft('Own approval');
    await press(card, 'Ask for approval', teammate);
    await slack.submit(await modal(teammate, 'A second person has to approve it'));
    const request = await replied(card, 'Approval asked for');
    await press(request, 'Review and approve', teammate);
    await slack.submit(await modal(teammate, 'You approve exactly this'));
    await modal(teammate, 'You asked for this approval yourself, so somebody else has to approve it.');
    await deps.db.execute(sql`
      insert into role_grants values (${workspaceId}, 'user', ${colleague}, 'editor', 'system', '2026-11-24T00:00:00Z')`);
    await press(request, 'Review and approve', colleague);
    await told(colleague, 'You may not start campaigns.');
  });

  test('is refused with a reason, which stands in the thread', async () => {
    const { id, card } = await draft('Refused autumn');
    await press(card, 'Ask for approval', teammate);
    await slack.submit(await modal(teammate, 'A second person has to approve it'));
    const request = await replied(card, 'Approval asked for');
    await press(request, 'Reject', approver);
    await slack.submit(await modal(approver, 'What has to change?'), { reason: 'Wrong *offer* <!channel>.' });
    await modal(approver, 'Nobody is contacted.');
    await replied(card, 'did not approve this campaign: “Wrong *offer* <!channel>.”');
    expect(await statusOf(id)).toBe('draft');
  });

  test('ends with an edit, and the next request shows the exact difference', async () => {
    const { id, card } = await draft('Edited winter');
    await press(card, 'Ask for approval', teammate);
    await slack.submit(await modal(teammate, 'A second person has to approve it'));
    const request = await replied(card, 'Approval asked for');
    await press(request, 'Review and approve', approver);
    await slack.submit(await modal(approver, 'You approve exactly this'));
    await modal(approver, 'You approved it as it is');
    await updateCampaign(deps, {
      campaignId: id,
      actor: { kind: 'slack_user', userId: admin },
      changes: { smsMessageTemplate: 'Good evening {{ name }}' },
    });
    const note = await replied(card, 'so the approval no longer stands');
    expect(textOf(note)).toContain('changed text message');
    await press(note, 'Ask for approval', teammate);
    await slack.submit(await modal(teammate, 'A second person has to approve it'));
    const again = await replied(card, 'Different from what was approved last');
    expect(textOf(again)).toContain('Text message: “Hello {{ name }}” → “Good evening {{ name }}”');
    await slack.waitFor(
      () => textOf(slack.current(request)).includes('so this no longer stands'),
      'the first request to say that it ended',
    );
  });
});

describe('attestation in Slack', () => {
  test('is ticked in the pre-flight before the start', async () => {
    await changeWorkspace(deps.db, workspaceId, { requiresApproval: false, requiresAttestation: true });
    const { id, card } = await draft('Attested');
    await press(card, 'Start', teammate);
    const preflight = await modal(teammate, 'You answer for its contacts');
    await slack.submit(preflight, { 'You answer for its contacts': ['attested'] });
    await waitForStatus(id, 'running');
    const [row] = await deps.db.execute<{ attested_by: string }>(
      sql`select attested_by from campaigns where id = ${id}`,
    );
    expect(row?.attested_by).toBe(`slack:${teammate}`);
  });

  test('is given on the card where there is no pre-flight', async () => {
    const { card } = await draft('Attested on its card');
    await slack.waitFor(
      () => textOf(slack.current(card)).includes('Nobody answers for its contacts yet'),
      'the card to say so',
    );
    await press(card, 'Attest', teammate);
    await told(teammate, 'Noted: you answer for this campaign’s contacts.');
    await changeWorkspace(deps.db, workspaceId, { requiresAttestation: false });
  });
});

describe('/campaign roles', () => {
  test('shows who may do what, and lets admins give and take', async () => {
    await say('roles', teammate);
    const seen = await told(teammate, 'Who may do what');
    expect(textOf(seen)).not.toContain('Give a role');

    await say('roles @sam viewer', admin);
    await told(admin, 'is viewer now');
    stage.forget(teammate);
    await say('new', teammate);
    await told(teammate, 'You may not change campaigns');

    await say('roles', admin);
    const list = await told(admin, 'given by');
    await slack.click(list, 'Take back', admin);
    await slack.waitFor(() => !textOf(slack.current(list)).includes('given by'), 'the role to be gone');
  });

  test('gives one to a user group, whose people Slack is asked for', async () => {
    await changeWorkspace(deps.db, workspaceId, { defaultRole: 'viewer' });
    await say('roles', admin);
    await slack.click(await told(admin, 'Give a role'), 'Give a role', admin);
    const form = await modal(admin, 'Or a user group');
    await slack.submit(form, { group: 'S00EDITORS', role: 'editor' });
    await modal(admin, 'They are editor now');
    stage.forget(colleague);
    await say('new', colleague);
    await modal(colleague, 'Name of the campaign');
    await say('roles', admin);
    expect(textOf(await told(admin, 'Campaign editors (editors)'))).toContain('editor');
    await changeWorkspace(deps.db, workspaceId, { defaultRole: 'launcher' });
  });

  test('are typed for a group as for a person', async () => {
    await say('roles @editors viewer', admin);
    await told(admin, 'Group Campaign editors (editors) is viewer now');
    stage.forget(colleague);
    await say('new', colleague);
    await told(colleague, 'You may not change campaigns');
    await say('roles @editors none', admin);
    await told(admin, 'Group Campaign editors (editors) has no role of their own any more');
  });

  test('of somebody who may not administer, or of words that fit nothing, changes nothing', async () => {
    await say('roles @mia admin', approver);
    await told(approver, 'You may not change the workspace’s settings');
    await say('roles mia admin', admin);
    await told(admin, '“mia” is nobody that Slack knows here');
    await say('roles @mia king', admin);
    await told(admin, '“king” is no role');
    await say('roles @gus viewer', admin);
    await told(admin, 'Guests, bots, people who left');
  });
});
