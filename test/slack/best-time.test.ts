import { sql } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { phones } from '#support/engine.ts';
import { textOf } from '#support/slack.ts';
import { openLines } from './line.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, modal, workspaceId } = stage;
const { admin } = people;
const { draft } = openLines(stage);
const say = (words: string) => {
  stage.forget(admin);
  return slack.slash(admin, channels.campaigns, `/campaign ${words}`);
};

test('the best time is what is usual, then the table of the workspace’s own calls', async () => {
  await say('best-time');
  const usual = textOf(await told(admin, 'Best time to call'));
  expect(usual).toContain('0 of the 200 calls');
  expect(usual).toContain('Tue–Thu 10–12 and 14–16');
  const campaignId = await draft('Many calls', phones(1, 960));
  const at = deps.clock.now().toISOString();
  await deps.db.execute(sql`
    insert into attempts (token, workspace_id, campaign_id, contact_id, run_number, channel, n, phone_number, sender,
      state, outcome, provider, gate, asked_at, created_at, ended_at)
    select 'best-' || i, ${workspaceId}, ${campaignId}, c.id, 1, 'call', i, c.phone_number, '+15005550006', 'ended',
      case when i <= 90 then 'answered' else 'no_answer' end, 'scripted', '{"zones": ["America/New_York"]}',
      ${at}::timestamptz - case when i <= 100 then interval '0' else interval '1 day' end,
      ${at}::timestamptz, ${at}::timestamptz
    from contacts c, generate_series(1, 300) i where c.campaign_id = ${campaignId}`);
  await say('best-time');
  const own = textOf(await told(admin, 'From 300 calls of this workspace'));
  expect(own).toMatch(/Best:\W+Tue 14–15 \(90 % of 100 calls\)/);
  expect(own).toMatch(/Rather not:\W+Mon 14–15 \(0 % of 200 calls\)/);
  expect(own).toMatch(/Tue(?: {2}·){6} 90/);
  await say(`show ${campaignId}`);
  await slack.click(await told(admin, `Campaign ${campaignId},`), 'campaign.edit');
  await slack.submit(await modal(admin, 'Edit campaign'), {});
  await slack.submit(await modal(admin, 'How it calls'), {});
  expect(textOf(await modal(admin, 'Hours and limits'))).toContain(
    'Best time to call, from your own calls: Tue 14–15',
  );
});
