import { beforeEach, describe, expect, test } from 'vitest';
import { apiTokens } from '#db/api-schema.ts';
import { campaignEvents } from '#db/schema.ts';
import { slackDeliveries } from '#db/slack-schema.ts';
import { checkToken } from '#operations/check-token.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, modal } = stage;
const { admin, teammate } = people;
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, channels.campaigns, `/campaign ${words}`.trim());
};
const closeAll = async () => {
  for (let view = slack.openView(admin); view; view = slack.openView(admin)) await slack.closeView(view);
};
const ANSWERS = { name: 'CRM <!channel>', scopes: ['read', 'launch'], expires_at: '90' };

beforeEach(async () => {
  await closeAll();
  await deps.db.delete(apiTokens);
});

async function make(answers: Parameters<typeof slack.submit>[1] = ANSWERS): Promise<string> {
  await say('token');
  await slack.click(await told(admin, 'API tokens'), 'New token…');
  await slack.submit(await modal(admin, 'What is it for?'), answers);
  const shown = textOf(await modal(admin, 'it is not shown again'));
  return /rm_[\w-]{43}/.exec(shown)?.[0] ?? '';
}

describe('/campaign token', () => {
  test('makes a token and shows it once, to the one who asked', async () => {
    const secret = await make();
    expect(await checkToken(deps, secret)).toMatchObject({
      name: 'CRM <!channel>',
      scopes: ['read', 'launch'],
    });
    const [row] = await deps.db.select().from(apiTokens);
    expect(row?.expiresAt?.getTime()).toBeGreaterThan(deps.clock.now().getTime() + 89 * 86_400_000);
    await closeAll();
    await say('token');
    // A secret may end in what would be markup, which is then kept apart by characters that nobody sees.
    const list = textOf(await told(admin, 'API tokens')).replaceAll('\u2060', '');
    expect(list).toContain(`…${secret.slice(-4)}): read and launch`);
    expect(list).toContain('never used');
    expect(list).toContain('*CRM &lt;!channel&gt;*');
    for (const table of [slackDeliveries, campaignEvents, apiTokens])
      expect(JSON.stringify(await deps.db.select().from(table))).not.toContain(secret);
    expect(JSON.stringify(slack.messages(channels.campaigns))).not.toContain(secret);
  });

  test('says under its field what is missing', async () => {
    await say('token');
    await slack.click(await told(admin, 'API tokens'), 'New token…');
    const form = await modal(admin, 'What is it for?');
    const answer = await slack.submit(form, { ...ANSWERS, name: '   ' });
    expect(JSON.stringify(answer)).toContain('name of 1 to 80 characters');
    expect(await deps.db.select().from(apiTokens)).toEqual([]);
  });

  test('revokes one after it was asked, and the list shows that it is gone', async () => {
    const secret = await make({ ...ANSWERS, expires_at: 'never' });
    await closeAll();
    await say('token');
    const list = await told(admin, 'API tokens');
    expect(textOf(list)).toContain('No end');
    await slack.click(list, 'Revoke');
    await told(admin, 'There is none');
    expect(await checkToken(deps, secret)).toBeNull();
    const [event] = await deps.db
      .select()
      .from(campaignEvents)
      .orderBy(campaignEvents.id)
      .then((rows) => rows.slice(-1));
    expect(event).toMatchObject({ kind: 'token_revoked', actor: `slack:${admin}` });
  });

  test('is for admins only', async () => {
    await say('token', teammate);
    await told(teammate, 'You may not');
  });
});
