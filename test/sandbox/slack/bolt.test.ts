import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel } from '@slack/bolt';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { BOT_TOKEN, SIGNING_SECRET, type SlackDriver, startSlack } from '#support/slack.ts';

let slack: SlackDriver;
let app: App;
let server: Server;

beforeEach(async () => {
  slack = await startSlack();
  const receiver = new HTTPReceiver({ signingSecret: SIGNING_SECRET, logLevel: LogLevel.ERROR });
  app = new App({
    token: BOT_TOKEN,
    receiver,
    convoStore: false,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  server = (await app.start({ port: 0, host: '127.0.0.1' })) as Server;
  if (!server.listening) await once(server, 'listening');
  slack.pointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
});
afterEach(async () => {
  server.closeAllConnections();
  await app.stop();
  await slack.close();
});

it("Bolt's own receiver accepts the signatures, and a whole conversation works over HTTP", async () => {
  app.command('/campaign', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({
      trigger_id: body.trigger_id,
      view: {
        type: 'modal',
        callback_id: 'new',
        private_metadata: body.channel_id,
        title: { type: 'plain_text', text: 'New campaign' },
        submit: { type: 'plain_text', text: 'Create' },
        blocks: [
          {
            type: 'input',
            block_id: 'name',
            label: { type: 'plain_text', text: 'Name' },
            element: { type: 'plain_text_input', action_id: 'value' },
          },
        ],
      },
    });
  });
  app.view('new', async ({ ack, view, client }) => {
    const name = view.state.values.name?.value?.value ?? '';
    if (name.length < 3) return await ack({ response_action: 'errors', errors: { name: 'Too short.' } });
    await ack();
    await client.chat.postMessage({
      channel: view.private_metadata,
      text: `${name} is a draft`,
      blocks: [
        {
          type: 'actions',
          elements: [
            { type: 'button', action_id: 'start', text: { type: 'plain_text', text: 'Start' }, value: name },
          ],
        },
      ],
    });
  });
  app.action('start', async ({ ack, respond, action }) => {
    await ack();
    await respond({ replace_original: true, text: `${'value' in action ? action.value : ''} is running` });
  });

  await slack.slash(slack.people.admin, slack.channels.campaigns, '/campaign new');
  const form = await slack.waitFor(() => slack.openView(slack.people.admin), 'the form');
  await slack.submit(form, { Name: 'Sp' });
  expect(slack.openView(slack.people.admin)?.errors).toEqual({ name: 'Too short.' });
  await slack.submit(form, { Name: 'Spring' });
  expect(slack.openView(slack.people.admin)).toBeUndefined();
  const card = await slack.waitFor(() => slack.messages(slack.channels.campaigns)[0], 'the card');
  await slack.click(card, 'Start');
  await slack.waitFor(
    () => slack.messages(slack.channels.campaigns)[0]?.text === 'Spring is running',
    'the running card',
  );
});

it('an upload that Bolt makes does not come back to it as work', async () => {
  const seen: string[] = [];
  app.event('file_shared', async ({ event, context }) => {
    seen.push(event.user_id === context.botUserId ? 'own' : 'theirs');
  });
  await app.client.filesUploadV2({ channel_id: slack.channels.campaigns, filename: 'a.csv', content: 'x' });
  await slack.dropFile(slack.people.admin, slack.channels.campaigns, 'b.csv', 'y');
  await slack.waitFor(() => seen.length === 2, 'both events');
  expect(seen.sort()).toEqual(['own', 'theirs']);
});
