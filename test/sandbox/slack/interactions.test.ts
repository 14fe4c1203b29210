import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject, SlackMessage } from '#sandbox/page-protocol.ts';
import { SIGNING_SECRET, type SlackDriver, startSlack } from '#support/slack.ts';
import { type BotDouble, startBotDouble } from './bot-double.ts';
import { webClient } from './client.ts';

let slack: SlackDriver;
let bot: BotDouble;
let web: WebClient;

beforeEach(async () => {
  bot = await startBotDouble(SIGNING_SECRET);
  slack = await startSlack({ ackDeadlineMs: 1_500 });
  slack.pointAt(bot.url);
  web = webClient(slack);
});
afterEach(async () => {
  await slack.close();
  await bot.close();
});

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (value: string, text = value) => ({ text: plain(text), value });
const BLOCKS = [
  {
    type: 'actions',
    block_id: 'moves',
    elements: [
      { type: 'button', action_id: 'pause', text: plain('Pause'), value: 'c1:7', style: 'danger' },
      {
        type: 'static_select',
        action_id: 'speed',
        options: [option('slow'), option('fast')],
        initial_option: option('slow'),
      },
      { type: 'datepicker', action_id: 'day' },
      {
        type: 'overflow',
        action_id: 'more',
        options: [option('cancel', 'Cancel campaign'), option('export', 'Export')],
      },
    ],
  },
];
const post = async (
  extra: object = {},
  channel: string = slack.channels.campaigns,
): Promise<SlackMessage> => {
  const { ts } = await web.chat.postMessage({ channel, text: 'Card', blocks: BLOCKS as never, ...extra });
  const found = slack.standIn.snapshot().messages.find((message) => message.ts === ts);
  if (!found) throw new Error('not posted');
  return found;
};
const respond = async (url: unknown, body: object) => {
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as JsonObject };
};
const pressed = () => bot.of('block_actions').at(-1)?.body as JsonObject;

describe('a press in a message', () => {
  it('is a signed payload that says who, where and what', async () => {
    const card = await post();
    await slack.click(card, 'Pause', slack.people.teammate, {
      moves: { speed: { type: 'static_select', selected_option: option('fast') } },
    });
    expect(bot.of('block_actions')[0]?.isSigned).toBe(true);
    expect(pressed()).toMatchObject({
      type: 'block_actions',
      user: { id: slack.people.teammate, username: 'sam' },
      team: { domain: 'sandbox' },
      channel: { id: slack.channels.campaigns, name: 'campaigns' },
      container: {
        type: 'message',
        message_ts: card.ts,
        channel_id: slack.channels.campaigns,
        is_ephemeral: false,
      },
      message: { ts: card.ts, text: 'Card', blocks: [{ block_id: 'moves' }] },
      state: {
        values: { moves: { speed: { selected_option: { value: 'fast' } }, day: { selected_date: null } } },
      },
      actions: [
        {
          type: 'button',
          action_id: 'pause',
          block_id: 'moves',
          value: 'c1:7',
          text: plain('Pause'),
          action_ts: expect.stringMatching(/^\d+\.\d{6}$/),
        },
      ],
      trigger_id: expect.any(String),
      response_url: expect.stringContaining('/actions/'),
    });
  });

  it('in a menu carries the chosen entry', async () => {
    await slack.click(await post(), 'Cancel campaign');
    expect(pressed().actions).toMatchObject([
      { type: 'overflow', action_id: 'more', selected_option: { value: 'cancel' } },
    ]);
  });

  it('in a thread names the thread', async () => {
    const card = await post();
    const reply = await post({ thread_ts: card.ts });
    await slack.click(reply, 'Pause');
    expect(pressed()).toMatchObject({ container: { thread_ts: card.ts }, message: { thread_ts: card.ts } });
  });

  it('by a stranger in a shared channel comes through, with their company', async () => {
    await slack.click(await post({}, slack.channels.partner), 'Pause', slack.people.stranger);
    expect(pressed()).toMatchObject({ user: { id: slack.people.stranger, team_id: 'T00ACMECO' } });
  });

  it('in an ephemeral message has no message in it', async () => {
    await web.chat.postEphemeral({
      channel: slack.channels.campaigns,
      user: slack.people.admin,
      text: 'x',
      blocks: BLOCKS as never,
    });
    const [only] = slack.ephemerals(slack.people.admin);
    if (only) await slack.click(only, 'Pause');
    expect(pressed()).toMatchObject({ container: { is_ephemeral: true } });
    expect(pressed()).not.toHaveProperty('message');
  });

  it('on something that is gone, or by somebody who is not there, does not happen', async () => {
    const card = await post();
    await web.chat.update({ channel: card.channelId, ts: card.ts, text: 'done' });
    const press = (userId: string, ts = card.ts) =>
      slack.standIn.verbs['act-in-message']({
        userId,
        channelId: card.channelId,
        ts,
        action: { type: 'button', block_id: 'moves', action_id: 'pause' },
        state: {},
      });
    expect(await press(slack.people.admin)).toEqual({ ok: false, error: 'That button is no longer there.' });
    expect(await press(slack.people.admin, '1.000000')).toEqual({
      ok: false,
      error: 'That message is gone.',
    });
    expect(await press(slack.people.stranger)).toEqual({
      ok: false,
      error: 'Piotr Zielinski is not in #campaigns.',
    });
    expect(bot.received).toEqual([]);
  });

  const failures: [string, { delayMs?: number; status?: number }, string][] = [
    ['answered too late', { delayMs: 2500 }, 'operation_timeout'],
    ['answered with an error', { status: 500 }, 'dispatch_failed'],
  ];
  it.each(failures)('%s is told to the person', async (_name, reply, error) => {
    bot.on('block_actions', () => reply);
    await slack.click(await post(), 'Pause');
    expect(slack.ephemerals(slack.people.admin)[0]?.text).toContain(`"${error}"`);
  });
});

describe('the response_url of a press', () => {
  it('replaces the message without a mark, and deletes it', async () => {
    const card = await post();
    await slack.click(card, 'Pause');
    const url = pressed().response_url;
    await respond(url, {
      replace_original: true,
      text: 'Paused',
      blocks: [{ type: 'divider' }],
      response_type: 'ephemeral',
    });
    expect(slack.messages(slack.channels.campaigns)).toMatchObject([
      { text: 'Paused', isEdited: false, ephemeralFor: null },
    ]);
    await respond(url, { delete_original: true });
    expect(slack.messages(slack.channels.campaigns)).toEqual([]);
    expect(await respond(url, { replace_original: true, text: 'x' })).toMatchObject({
      status: 404,
      body: { error: 'message_not_found' },
    });
  });

  it('is the only way to change an ephemeral message, which stays ephemeral', async () => {
    await web.chat.postEphemeral({
      channel: slack.channels.campaigns,
      user: slack.people.admin,
      text: 'x',
      blocks: BLOCKS as never,
    });
    const [only] = slack.ephemerals(slack.people.admin);
    if (only) await slack.click(only, 'Pause');
    await respond(pressed().response_url, {
      replace_original: true,
      text: 'Done',
      response_type: 'in_channel',
    });
    expect(slack.ephemerals(slack.people.admin)).toMatchObject([{ text: 'Done' }]);
    expect(slack.messages(slack.channels.campaigns)).toEqual([]);
  });

  it('otherwise adds a message for the person alone', async () => {
    await slack.click(await post(), 'Pause');
    await respond(pressed().response_url, { text: 'You may not' });
    expect(slack.ephemerals(slack.people.admin)).toMatchObject([{ text: 'You may not' }]);
  });
});

describe('shortcuts', () => {
  it('on a message carry the message with its files', async () => {
    const dropped = await slack.dropFile(slack.people.admin, slack.channels.general, 'leads.csv', 'x');
    await slack.runMessageShortcut(dropped, 'contacts_from_message');
    expect(bot.of('message_action')[0]?.body).toMatchObject({
      callback_id: 'contacts_from_message',
      channel: { id: slack.channels.general },
      message_ts: dropped.ts,
      message: { files: [{ name: 'leads.csv' }] },
      trigger_id: expect.any(String),
      response_url: expect.any(String),
    });
  });

  it('that are global carry a trigger and no channel', async () => {
    await slack.runShortcut('campaign_new');
    expect(bot.of('shortcut')[0]?.body).toMatchObject({
      callback_id: 'campaign_new',
      trigger_id: expect.any(String),
    });
    expect(bot.of('shortcut')[0]?.body).not.toHaveProperty('channel');
  });

  it('that fail say so', async () => {
    bot.on('shortcut', () => ({ status: 404 }));
    await expect(slack.runShortcut('campaign_new')).rejects.toThrow('dispatch_failed');
  });
});
