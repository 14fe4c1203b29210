import { describe, expect, test } from 'vitest';
import { changeStatus } from '#operations/change-status.ts';
import { grantRole } from '#operations/grant-role.ts';
import { suppressNumber } from '#operations/suppress-number.ts';
import { updateCampaign } from '#operations/update-campaign.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, workspaceId, told, campaign } = stage;
const { admin, teammate, approver } = people;
const say = (text: string, userId: string) => slack.slash(userId, channels.campaigns, `/campaign ${text}`);
const SAM = { kind: 'slack_user', userId: teammate } as const;
const rename = (campaignId: number, name: string) =>
  updateCampaign(deps, { campaignId, actor: SAM, changes: { name } });

describe('/campaign audit', () => {
  test('shows who did what in a campaign, page by page', async () => {
    const id = await campaign('Audited', { phones: phones(1, 900) });
    for (let n = 1; n <= 16; n += 1) await rename(id, `Audited ${n}`);
    await changeStatus(deps, { campaignId: id, move: 'start', actor: SAM });
    await say(`audit ${id}`, teammate);
    const page = await told(teammate, '1 to 15 of 18 deeds');
    expect(textOf(page)).toContain(`<@${teammate}> started the campaign`);
    expect(textOf(page)).toContain(`<@${teammate}> changed name`);
    await slack.click(page, 'Older', teammate);
    await slack.waitFor(() => textOf(slack.current(page)).includes('16 to 18 of 18'), 'the older page');
    expect(textOf(slack.current(page))).toContain(`<@${admin}> made the campaign`);
  });

  test('of the workspace is for admins, with masked numbers and people by name', async () => {
    await suppressNumber(deps, {
      workspaceId,
      phone: '+12125550123',
      channel: 'all',
      reason: 'Asked.',
      source: 'manual',
      actor: SAM,
    });
    await grantRole(deps, {
      workspaceId,
      actor: { kind: 'slack_user', userId: admin },
      subject: { subjectKind: 'user', subjectId: approver },
      role: 'viewer',
    });
    await say('audit', teammate);
    await told(teammate, 'You may not change the workspace’s settings');
    await say('audit', admin);
    const page = await told(admin, 'on the do-not-call list');
    expect(textOf(page)).not.toContain('2125550123');
    expect(textOf(page)).toContain(`made <@${approver}> viewer`);
    await say('audit', approver);
    await told(approver, 'You may not export results');
  });

  test('comes as CSV to whoever asks, and that is kept too', async () => {
    await say('audit', admin);
    await slack.click(await told(admin, 'Send me all as CSV'), 'Send me all as CSV', admin);
    await told(admin, 'The log comes to you as a CSV file');
    const direct = slack.directMessage(admin);
    const file = await slack.waitFor(
      () =>
        slack
          .messages(direct)
          .flatMap(({ files }) => files)
          .find(({ name }) => name === 'audit.csv'),
      'the file',
    );
    expect(file.size).toBeGreaterThan(500);
    await say('audit', admin);
    await told(admin, 'had a file handed out: audit');
  });
});
