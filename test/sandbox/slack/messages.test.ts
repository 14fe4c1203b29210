import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOT_USER_ID } from '#sandbox/slack/seed.ts';
import { BOT_TOKEN, type SlackDriver, startSlack } from '#support/slack.ts';
import { refusal, refusalCode, webClient } from './client.ts';

let slack: SlackDriver;
let web: WebClient;

beforeEach(async () => {
  slack = await startSlack();
  web = webClient(slack);
});
afterEach(() => slack.close());

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const postAt = (channel: string, text = 'Hello', extra: object = {}) =>
  web.chat.postMessage({ channel, text, ...extra });

const code = refusalCode;
const raw = async (method: string, init: RequestInit) =>
  (await fetch(`${slack.apiUrl}${method}`, { method: 'POST', ...init })).json();

describe('posting', () => {
  it('a posted message stands in the channel and comes back as Slack shows it', async () => {
    const answer = await postAt(slack.channels.campaigns, 'Spring is live', { blocks: [section('Spring')] });
    expect(answer.ts).toMatch(/^\d{10}\.\d{6}$/);
    expect(answer.message).toMatchObject({
      type: 'message',
      user: BOT_USER_ID,
      text: 'Spring is live',
      ts: answer.ts,
      bot_id: expect.any(String),
    });
    expect(answer.message?.blocks?.[0]).toMatchObject({ block_id: expect.any(String) });
    expect(slack.messages(slack.channels.campaigns)).toMatchObject([
      { text: 'Spring is live', userId: BOT_USER_ID, isEdited: false },
    ]);
  });

  it('timestamps are unique and increase even within one millisecond', async () => {
    const stopped = await startSlack({ clock: { now: () => 1_790_000_000_000 } });
    const still = webClient(stopped);
    const all = [];
    for (let n = 0; n < 4; n += 1)
      all.push((await still.chat.postMessage({ channel: '#campaigns', text: `${n}` })).ts);
    await stopped.close();
    expect(all).toEqual(['1790000000.000000', '1790000000.000001', '1790000000.000002', '1790000000.000003']);
  });

  it('messages are dated by the time people live in, to the microsecond even when it runs fast', async () => {
    const fast = await startSlack({ productClock: { now: () => 1_790_000_000_000 + 2 ** -11 } });
    const { ts } = await webClient(fast).chat.postMessage({ channel: '#campaigns', text: 'x' });
    await fast.close();
    expect(ts).toBe('1790000000.000000');
  });

  it('a channel can be given by name, a person by id', async () => {
    expect((await postAt('#campaigns')).channel).toBe(slack.channels.campaigns);
    expect((await postAt(slack.people.teammate)).channel).toBe(slack.directMessage(slack.people.teammate));
  });

  it('JSON bodies and form bodies with blocks as JSON text mean the same', async () => {
    const blocks = [section('Same')];
    const headers = { authorization: `Bearer ${BOT_TOKEN}` };
    const json = await raw('chat.postMessage', {
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ channel: slack.channels.campaigns, text: 'a', blocks }),
    });
    const form = await raw('chat.postMessage', {
      body: new URLSearchParams({
        token: BOT_TOKEN,
        channel: slack.channels.campaigns,
        text: 'a',
        blocks: JSON.stringify(blocks),
      }),
    });
    const [one, other] = slack.messages(slack.channels.campaigns);
    expect([json.ok, form.ok]).toEqual([true, true]);
    expect(one?.blocks[0]?.text).toEqual(other?.blocks[0]?.text);
  });

  const places: [string, string, string][] = [
    ['an unknown channel', 'C0NOWHERE', 'channel_not_found'],
    ['a channel the bot is not in', 'C00GENERAL', 'not_in_channel'],
  ];
  it.each(places)('%s is refused', async (_name, channel, error) => {
    expect(await code(postAt(channel))).toBe(error);
  });

  it('a private channel the bot was removed from does not exist for it', async () => {
    await slack.removeBot(slack.channels.launchRoom);
    expect(await code(postAt(slack.channels.launchRoom))).toBe('channel_not_found');
  });

  it('an archived channel refuses posts as is_archived and edits as is_inactive', async () => {
    const { ts = '' } = await postAt(slack.channels.campaigns);
    await slack.archive(slack.channels.campaigns);
    expect(await code(postAt(slack.channels.campaigns))).toBe('is_archived');
    expect(await code(web.chat.update({ channel: slack.channels.campaigns, ts, text: 'x' }))).toBe(
      'is_inactive',
    );
  });

  it('a post that says nothing is refused', async () => {
    expect(await code(postAt(slack.channels.campaigns, ''))).toBe('no_text');
  });

  it('bad blocks are refused with a pointer to the place', async () => {
    const data = await refusal(
      postAt(slack.channels.campaigns, 'x', { blocks: [section('x'.repeat(3001))] }),
    );
    expect(data).toMatchObject({
      error: 'invalid_blocks',
      errors: ['must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
      response_metadata: {
        messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
      },
    });
  });

  it('blocks that are no list of objects, too much text in blocks, and attachments each have their own error', async () => {
    const { channel } = { channel: slack.channels.campaigns };
    expect(await code(postAt(channel, 'x', { blocks: '[oops' as never }))).toBe('invalid_blocks_format');
    expect(
      await code(
        postAt(channel, 'x', { blocks: Array.from({ length: 5 }, () => section('x'.repeat(2700))) }),
      ),
    ).toBe('msg_blocks_too_long');
    expect(await code(postAt(channel, 'x', { attachments: [{ text: 'old' }] }))).toBe('invalid_attachments');
  });

  it('a text is cut at 40,000 characters', async () => {
    await postAt(slack.channels.campaigns, 'x'.repeat(50_000));
    expect(slack.messages(slack.channels.campaigns)[0]?.text).toHaveLength(40_000);
  });

  it('metadata comes back with the message and must have a type and a payload', async () => {
    const metadata = { event_type: 'campaign_card', event_payload: { id: 'c1' } };
    expect((await postAt(slack.channels.campaigns, 'x', { metadata })).message?.metadata).toEqual(metadata);
    expect(await code(postAt(slack.channels.campaigns, 'x', { metadata: { event_type: 'a' } }))).toBe(
      'invalid_metadata_format',
    );
  });
});

describe('threads', () => {
  it('a reply names its parent, and the parent counts its replies', async () => {
    const parent = await postAt(slack.channels.campaigns);
    const reply = await postAt(slack.channels.campaigns, 'Milestone', { thread_ts: parent.ts });
    expect(reply.message).toMatchObject({ thread_ts: parent.ts, parent_user_id: BOT_USER_ID });
    const [card] = slack.messages(slack.channels.campaigns);
    expect(card && slack.thread(card).map(({ text }) => text)).toEqual(['Milestone']);
    const edited = await web.chat.update({
      channel: slack.channels.campaigns,
      ts: parent.ts ?? '',
      text: 'x',
    });
    expect(edited.message).toMatchObject({ reply_count: 1, thread_ts: parent.ts });
  });

  it('a reply to a deleted parent succeeds un-threaded', async () => {
    const parent = await postAt(slack.channels.campaigns);
    const [card] = slack.messages(slack.channels.campaigns);
    if (card) await slack.deleteMessage(card);
    const reply = await postAt(slack.channels.campaigns, 'Milestone', { thread_ts: parent.ts });
    expect(reply.ok).toBe(true);
    expect(reply.message).not.toHaveProperty('thread_ts');
    expect(slack.messages(slack.channels.campaigns)).toMatchObject([{ text: 'Milestone', threadTs: null }]);
  });

  it('a thread_ts must be a timestamp given as a string', async () => {
    const headers = { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' };
    const body = JSON.stringify({
      channel: slack.channels.campaigns,
      text: 'x',
      thread_ts: 1_790_000_000.0001,
    });
    expect((await raw('chat.postMessage', { headers, body })).error).toBe('invalid_arguments');
    expect(await code(postAt(slack.channels.campaigns, 'x', { thread_ts: 'yesterday' }))).toBe(
      'invalid_thread_ts',
    );
  });

  it('a broadcast reply is marked as standing in the channel too', async () => {
    const parent = await postAt(slack.channels.campaigns);
    await postAt(slack.channels.campaigns, 'Done', { thread_ts: parent.ts, reply_broadcast: true });
    const [card] = slack.messages(slack.channels.campaigns);
    expect(card && slack.thread(card)[0]?.isBroadcast).toBe(true);
  });
});

describe('editing and deleting', () => {
  const update = (ts: string | undefined, extra: object) =>
    web.chat.update({ channel: slack.channels.campaigns, ts: ts ?? '', ...extra } as never);

  it('an edit with blocks leaves no mark, an edit with text alone takes the blocks away and marks it', async () => {
    const { ts } = await postAt(slack.channels.campaigns, 'a', { blocks: [section('a')] });
    await update(ts, { text: 'b', blocks: [section('b')] });
    expect(slack.messages(slack.channels.campaigns)).toMatchObject([
      { text: 'b', isEdited: false, revision: 1 },
    ]);
    const answer = await update(ts, { text: 'c' });
    expect(answer).toMatchObject({ text: 'c', message: { edited: { user: BOT_USER_ID } } });
    expect(slack.messages(slack.channels.campaigns)).toMatchObject([
      { text: 'c', blocks: [], isEdited: true, revision: 2 },
    ]);
  });

  it('an edit refuses more than 4,000 characters, keeps metadata, and says nothing of what is gone or not its own', async () => {
    const metadata = { event_type: 'card', event_payload: {} };
    const { ts } = await postAt(slack.channels.campaigns, 'a', { metadata });
    const theirs = await slack.say(slack.people.admin, slack.channels.campaigns, 'mine');
    expect(await code(update(ts, { text: 'x'.repeat(4001) }))).toBe('msg_too_long');
    expect(await code(update(ts, { text: '' }))).toBe('no_text');
    expect(await code(update('1000000000.000001', { text: 'x' }))).toBe('message_not_found');
    expect(await code(update(theirs.ts, { text: 'x' }))).toBe('cant_update_message');
    expect((await update(ts, { text: 'b' })).message).toMatchObject({ metadata });
  });

  it('only its own messages can be deleted, and only once', async () => {
    const { ts = '' } = await postAt(slack.channels.campaigns);
    const theirs = await slack.say(slack.people.admin, slack.channels.campaigns, 'mine');
    const { channel } = { channel: slack.channels.campaigns };
    expect(await code(web.chat.delete({ channel, ts: theirs.ts }))).toBe('cant_delete_message');
    await web.chat.delete({ channel, ts });
    expect(await code(web.chat.delete({ channel, ts }))).toBe('message_not_found');
  });
});

describe('ephemeral messages', () => {
  it('are seen by one person, cannot be edited, and need that person in the channel', async () => {
    const { channel, user } = { channel: slack.channels.campaigns, user: slack.people.teammate };
    const { message_ts: ts = '' } = await web.chat.postEphemeral({ channel, user, text: 'psst' });
    expect(slack.ephemerals(user)).toMatchObject([{ text: 'psst', channelId: channel }]);
    expect(slack.messages(channel)).toEqual([]);
    expect(await code(web.chat.update({ channel, ts, text: 'x' }))).toBe('message_not_found');
    expect(await code(web.chat.postEphemeral({ channel, user: slack.people.stranger, text: 'x' }))).toBe(
      'user_not_in_channel',
    );
  });
});

describe('permalinks', () => {
  it('name the channel and the message, and the thread of a reply', async () => {
    const { channel } = { channel: slack.channels.campaigns };
    const parent = await postAt(channel);
    const reply = await postAt(channel, 'r', { thread_ts: parent.ts });
    const link = async (message_ts = '') => (await web.chat.getPermalink({ channel, message_ts })).permalink;
    expect(await link(parent.ts)).toBe(`${slack.url}/archives/${channel}/p${parent.ts?.replace('.', '')}`);
    expect(await link(reply.ts)).toContain(`?thread_ts=${parent.ts}&cid=${channel}`);
    expect(await code(link('1.000000'))).toBe('message_not_found');
  });
});
