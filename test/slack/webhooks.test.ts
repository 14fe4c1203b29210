import { desc, eq } from 'drizzle-orm/sql';
import { expect, test } from 'vitest';
import { campaignEvents } from '#db/schema.ts';
import { slackDeliveries } from '#db/slack-schema.ts';
import { webhookDeliveries, webhooks } from '#db/webhook-schema.ts';
import type { WebhookRow } from '#db/webhooks.ts';
import { WEBHOOK_EVENT_NAMES } from '#domain/webhook-events.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import { createWebhook } from '#operations/create-webhook.ts';
import { checkBlocks, isBlockTextTooLong } from '#sandbox/slack/block-check.ts';
import { webhookList } from '#slack/blocks/webhooks.ts';
import { textOf } from '#support/slack.ts';
import { setStage } from './stage.ts';

const stage = await setStage();
const { slack, people, channels, deps, told, modal } = stage;
const { admin, teammate } = people;
const say = (words: string, userId: string = admin) => {
  stage.forget(userId);
  return slack.slash(userId, channels.campaigns, `/campaign ${words}`.trim());
};

async function made() {
  return createWebhook(deps, {
    workspaceId: stage.workspaceId,
    actor: { kind: 'slack_user', userId: admin },
    creationKey: 'slack-hooks',
    url: 'http://127.0.0.1:9/hooks?key=hidden',
    events: ['opt_out', 'contact_updated'],
    campaignId: null,
    description: 'CRM <!channel>',
  });
}

test('/campaign webhooks says how to make the first one', async () => {
  await say('webhooks');
  await told(admin, 'POST /api/v1/webhooks');
});

test('/campaign webhooks shows how each does, tries it, and switches it off and on', async () => {
  const { id, secret } = await made();
  await say('webhooks');
  const list = await told(admin, '127.0.0.1:9/hooks');
  expect(textOf(list)).toContain('*On*');
  expect(textOf(list)).toContain(
    'Told of contact_updated, opt_out in the whole workspace; nothing taken yet',
  );
  expect(textOf(list)).toContain('CRM &lt;!channel&gt;');
  expect(textOf(list)).not.toContain('hidden');
  expect(textOf(list)).not.toContain(secret);
  await slack.click(list, 'Send a test');
  await told(admin, 'A test is on its way');
  const [delivery] = await deps.db.select().from(webhookDeliveries);
  expect(delivery).toMatchObject({ webhookId: id, type: 'test' });
  await slack.click(list, 'Switch off');
  const off = await told(admin, 'Somebody switched it off');
  expect(await deps.db.$count(webhooks, eq(webhooks.isActive, false))).toBe(1);
  await slack.click(off, 'Switch on');
  await told(admin, '*On');
  expect(await deps.db.$count(webhooks, eq(webhooks.isActive, true))).toBe(1);
});

test('/campaign webhooks makes one, and shows its secret once, to the one who asked', async () => {
  const { id } = await createCampaign(deps, {
    workspaceId: stage.workspaceId,
    actor: { kind: 'slack_user', userId: admin },
    creationKey: 'hooked',
    channelId: null,
    name: 'Spring <!channel>',
    campaignType: 'sms',
  }).then(({ campaignId }) => ({ id: campaignId }));
  const open = async () => {
    await say('webhooks');
    await slack.click(await told(admin, '*Webhooks*'), 'New webhook…');
    return modal(admin, 'Which address is to be told?');
  };
  const given = { url: 'http://10.0.0.1/x', events: ['opt_out'], campaignId: String(id), description: '' };
  const form = await open();
  const answer = await slack.submit(form, given);
  expect(JSON.stringify(answer)).toContain('"url":"The address cannot be used');
  const url = 'http://127.0.0.1:9/made?key=hidden';
  await slack.submit(form, { ...given, url, events: ['opt_out', 'contact_updated'] });
  const shown = textOf(await modal(admin, 'it is not shown again'));
  const [made] = await deps.db.select().from(webhooks).orderBy(desc(webhooks.id)).limit(1);
  if (!made) throw new Error('no webhook was made');
  expect(shown).toContain(made.secret);
  expect(made).toMatchObject({
    url,
    campaignId: id,
    events: ['contact_updated', 'opt_out'],
    description: null,
    createdBy: `slack:${admin}`,
  });
  for (const table of [slackDeliveries, campaignEvents])
    expect(JSON.stringify(await deps.db.select().from(table))).not.toContain(made.secret);
  expect(JSON.stringify(slack.messages(channels.campaigns))).not.toContain(made.secret);
});

test('/campaign webhooks is for admins only', async () => {
  await say('webhooks', teammate);
  await told(teammate, 'You may not');
});

test('as many as a workspace may have stay within Slack’s limits, whatever they are called', () => {
  const evil = '<!channel> & '.repeat(40);
  const at = new Date('2026-11-24T19:00:00Z');
  const webhook: WebhookRow = {
    id: 123_456,
    workspaceId: 1,
    campaignId: 7,
    url: `https://hooks.example.com/${'a'.repeat(1_900)}`,
    description: evil,
    events: [...WEBHOOK_EVENT_NAMES],
    secret: 'whsec_x',
    previousSecret: null,
    previousSecretUntil: null,
    isActive: true,
    offReason: null,
    offAt: null,
    failures: 12,
    failingSince: at,
    givesUpAt: at,
    restUntil: at,
    leaseUntil: null,
    lastDeliveredAt: at,
    creationKey: null,
    createdBy: 'token:7',
    createdAt: at,
    updatedAt: at,
  };
  const listed = Array.from({ length: 20 }, (_, n) => ({
    webhook: { ...webhook, id: webhook.id + n },
    campaignName: evil,
    waiting: 100_000,
  }));
  const { blocks, text } = webhookList(listed);
  expect(checkBlocks('message', blocks)).toEqual([]);
  expect(isBlockTextTooLong(blocks as never)).toBe(false);
  expect(text.length).toBeLessThanOrEqual(4_000);
  expect(JSON.stringify(blocks)).not.toContain('<!channel>');
});
