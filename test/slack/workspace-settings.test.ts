import { sql } from 'drizzle-orm/sql';
import { describe, expect, test } from 'vitest';
import { changeWorkspace, readWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const { slack, people, channels, deps, workspaceId, told, modal, campaign } = await setStage();
const { admin, teammate } = people;
const say = (text: string, userId: string) => slack.slash(userId, channels.campaigns, `/campaign ${text}`);
const stands = async () => readWorkspace(deps.db, workspaceId);

describe('/campaign settings', () => {
  test('shows an admin every setting with a sentence, and saves what was changed', async () => {
    await say('settings', admin);
    const form = await modal(admin, 'Workspace settings');
    expect(textOf(form)).toContain('A second person approves every campaign');
    expect(textOf(form)).toContain('Attempts to one number, over all campaigns');
    await slack.submit(form, {
      requiresApproval: 'yes',
      frequencyLimit: 2,
      legalPreset: 'strict',
      'own.monday': '9am-5pm',
      companyName: 'Acme Dental',
    });
    await modal(admin, 'Saved, and in force now');
    expect(await stands()).toMatchObject({
      requiresApproval: true,
      frequencyLimit: 2,
      legalPreset: 'strict',
      ownHours: [{ start: '09:00', end: '17:00', days: ['monday'] }],
      companyName: 'Acme Dental',
      frequencyHours: 24,
    });
    await say('settings', admin);
    const again = await modal(admin, 'Who you are');
    await slack.submit(again, { 'own.monday': null, frequencyLimit: null });
    await modal(admin, 'Saved, and in force now');
    expect(await stands()).toMatchObject({ ownHours: null, frequencyLimit: null, requiresApproval: true });
  });

  test('answers in time, however many people wait in campaigns to be judged anew', async () => {
    await changeWorkspace(deps.db, workspaceId, { requiresApproval: false });
    const id = await campaign('Many wait', { phones: phones(1, 900) });
    await changeStatus(deps, { campaignId: id, move: 'start', actor: { kind: 'system' } });
    await say('settings', admin);
    const form = await modal(admin, 'Who you are');
    await deps.db.transaction(async (tx) => {
      await tx.execute(sql`select from campaigns where id = ${id} for update`);
      await slack.submit(form, { frequencyHours: 48 });
      await modal(admin, 'Whoever waits in campaigns is judged by the new settings');
    });
    await modal(admin, 'Saved, and in force now');
  });

  test('puts what is wrong under its field, and saves nothing', async () => {
    await say('settings', admin);
    const form = await modal(admin, 'Who you are');
    const open = await slack.submit(form, { 'own.friday': 'late', companyName: 'Other' });
    expect(JSON.stringify(open)).toContain('is not a window of the day');
    await slack.submit(form, { 'own.friday': null, defaultCountry: 'XX', companyName: 'Other' });
    expect(JSON.stringify(slack.openView(admin))).toContain('is no country');
    expect((await stands())?.companyName).toBe('Acme Dental');
  });

  test('is for admins only', async () => {
    await say('settings', teammate);
    await told(teammate, 'You may not change the workspace’s settings. Nothing was changed. Ask an admin');
  });
});
