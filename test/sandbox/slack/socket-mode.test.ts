import { App, LogLevel } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { APP_TOKEN, BOT_TOKEN, type SlackDriver, startSlack } from '#support/slack.ts';
import { refusalCode, webClient } from './client.ts';

let slack: SlackDriver;
let client: SocketModeClient;

beforeEach(async () => {
  slack = await startSlack({ ackDeadlineMs: 1_500 });
  client = new SocketModeClient({
    appToken: APP_TOKEN,
    clientOptions: { slackApiUrl: slack.apiUrl },
    clientPingTimeout: 2_000,
    logLevel: LogLevel.ERROR,
  });
});
afterEach(async () => {
  await client.disconnect();
  await slack.close();
});

type Arrived = {
  body: JsonObject;
  ack: (answer?: object) => Promise<void>;
  retry_num?: number;
  retry_reason?: string;
};
const collect = (type: string, onEach: (arrived: Arrived) => unknown = ({ ack }) => ack()) => {
  const all: Arrived[] = [];
  client.on(type, (arrived: Arrived) => {
    all.push(arrived);
    void onEach(arrived);
  });
  return all;
};

describe('Socket Mode', () => {
  it('wants the app-level token and gives a ticket for one connection', async () => {
    expect(await refusalCode(webClient(slack).apps.connections.open({}))).toBe('not_allowed_token_type');
    const { url = '' } = await webClient(slack, APP_TOKEN).apps.connections.open({});
    const connects = (to: string) =>
      new Promise<boolean>((resolve) => {
        const socket = new WebSocket(to);
        socket.once('message', (data) => {
          socket.close();
          resolve(JSON.parse(String(data)).type === 'hello');
        });
        socket.once('error', () => resolve(false));
      });
    expect(await connects(url)).toBe(true);
    expect(await connects(url)).toBe(false);
  });

  it('carries events, commands and interactions, and their answers', async () => {
    const mentions = collect('app_mention');
    const commands = collect('slash_commands', ({ ack }) => ack({ text: 'Over the socket' }));
    const presses = collect('interactive');
    await client.start();
    await slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');
    await slack.slash(slack.people.admin, slack.channels.campaigns, '/campaign help');
    const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } };
    await webClient(slack).chat.postMessage({
      channel: slack.channels.campaigns,
      text: 'x',
      blocks: [{ type: 'actions', elements: [button] }] as never,
    });
    const card = slack.messages(slack.channels.campaigns).at(-1);
    if (card) await slack.click(card, 'Go');
    await slack.settled();
    expect(mentions[0]?.body).toMatchObject({ type: 'event_callback', event: { type: 'app_mention' } });
    expect(commands[0]?.body).toMatchObject({ command: '/campaign', text: 'help' });
    expect(presses[0]?.body).toMatchObject({ type: 'block_actions', actions: [{ action_id: 'go' }] });
    expect(slack.ephemerals(slack.people.admin).map(({ text }) => text)).toEqual(['Over the socket']);
  });

  it('repeats an event nobody acknowledged, and fails a command nobody acknowledged', async () => {
    const mentions = collect('app_mention', ({ ack, retry_num }) => retry_num && ack());
    collect('slash_commands', () => undefined);
    await client.start();
    await slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');
    await slack.waitFor(() => mentions.length === 2, 'the repetition');
    expect(mentions.map(({ retry_num, retry_reason }) => [retry_num, retry_reason])).toEqual([
      [0, ''],
      [1, 'http_timeout'],
    ]);
    await slack.slash(slack.people.admin, slack.channels.campaigns, '/campaign list');
    expect(slack.ephemerals(slack.people.admin)[0]?.text).toContain('operation_timeout');
  });

  it('asks clients to connect anew, and they do', async () => {
    const mentions = collect('app_mention');
    await client.start();
    const again = new Promise((resolve) => client.once('connected', resolve));
    slack.refreshSockets();
    await again;
    await slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');
    await slack.waitFor(() => mentions.length === 1, 'the event on the new connection');
  });

  it('serves Bolt itself', async () => {
    const app = new App({
      token: BOT_TOKEN,
      appToken: APP_TOKEN,
      socketMode: true,
      logLevel: LogLevel.ERROR,
      convoStore: false,
      clientOptions: { slackApiUrl: slack.apiUrl },
    });
    app.command('/campaign', async ({ ack, command }) => ack(`You said ${command.text}`));
    app.event('app_mention', async ({ say }) => {
      await say('Hello yourself');
    });
    await app.start();
    await slack.slash(slack.people.admin, slack.channels.campaigns, '/campaign list');
    await slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');
    await slack.waitFor(
      () => slack.messages(slack.channels.campaigns).some(({ text }) => text === 'Hello yourself'),
      'the greeting',
    );
    expect(slack.ephemerals(slack.people.admin).map(({ text }) => text)).toEqual(['You said list']);
    await app.stop();
  });
});
