import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChatContent } from '#ports/chat.ts';
import { createChat } from '#slack/chat.ts';
import { BOT_TOKEN, startSlack, textOf } from '#support/slack.ts';
import { card, importProgress, note, offer, replyNote, result, reviewNote } from './contents.ts';
import { recordingLog } from './log.ts';

const slack = await startSlack();
afterAll(() => slack.close());
const chat = createChat({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, recordingLog());
const HERE = { channelId: slack.channels.campaigns, threadTs: null };
const posted = () => slack.messages(HERE.channelId).at(-1);

beforeEach(async () => {
  await chat.post(HERE, note);
});

test.each<[string, ChatContent]>([
  ['a card', card],
  ['a result', result],
  ['a note', note],
  ['a reply', replyNote],
  ['a question', reviewNote],
  ['an import', importProgress],
  ['an offer', offer],
])('%s is taken by a Slack that checks every limit, and can be edited', async (_, content) => {
  const answer = await chat.post(HERE, content);
  expect(answer.kind).toBe('done');
  const ts = answer.kind === 'done' ? answer.ts : '';
  expect(await chat.update({ channelId: HERE.channelId, ts }, content)).toEqual({ kind: 'done', ts });
  expect(posted()?.isEdited).toBe(false);
});

test('a workspace that does not know charts gets the same numbers as text', async () => {
  slack.switchOn('slack-refuse-new-blocks');
  expect((await chat.post(HERE, result)).kind).toBe('done');
  slack.switchOff('slack-refuse-new-blocks');
  const message = posted();
  expect(message?.blocks.map(({ type }) => type)).not.toContain('data_visualization');
  expect(message && textOf(message)).toContain('13:00: 120 delivered, 2 not');
});

describe('when Slack fails', () => {
  test('after it posted, the message is there and we do not know it', async () => {
    const before = slack.messages(HERE.channelId).length;
    slack.switchOn('slack-lose-answer', { count: 1, methods: ['chat.postMessage'] });
    expect((await chat.post(HERE, note)).kind).toBe('unknown');
    expect(slack.messages(HERE.channelId)).toHaveLength(before + 1);
  });

  test('before it posted, we do not know either', async () => {
    slack.switchOn('slack-answer-500', { count: 1, methods: ['chat.postMessage'] });
    expect(await chat.post(HERE, note)).toEqual({ kind: 'unknown', cause: 'http_500' });
  });

  test('with a rate limit, it says when to come again', async () => {
    slack.switchOn('slack-rate-limit', { count: 1, methods: ['chat.update'] });
    const answer = await chat.update({ channelId: HERE.channelId, ts: posted()?.ts ?? '' }, note);
    expect(answer.kind).toBe('throttled');
    expect(answer.kind === 'throttled' && answer.retryAfterMs).toBeGreaterThan(0);
  });
});

describe('what is gone', () => {
  test('a thread: the reply does not stay in the channel', async () => {
    const parent = posted();
    if (parent) await slack.deleteMessage(parent);
    const before = slack.messages(HERE.channelId).length;
    const place = { channelId: HERE.channelId, threadTs: parent?.ts ?? '' };
    expect(await chat.post(place, note)).toEqual({ kind: 'lost', problem: 'thread_deleted' });
    expect(slack.messages(HERE.channelId)).toHaveLength(before);
  });

  test('a message', async () => {
    const message = posted();
    if (message) await slack.deleteMessage(message);
    const answer = await chat.update({ channelId: HERE.channelId, ts: message?.ts ?? '' }, note);
    expect(answer).toEqual({ kind: 'lost', problem: 'message_deleted' });
  });

  test('a channel that was archived', async () => {
    const ts = posted()?.ts ?? '';
    await slack.archive(HERE.channelId);
    expect(await chat.post(HERE, note)).toEqual({ kind: 'lost', problem: 'archived' });
    expect(await chat.update({ channelId: HERE.channelId, ts }, note)).toMatchObject({ kind: 'lost' });
    await slack.archive(HERE.channelId, false);
  });

  test('a channel that we were removed from, and a private one', async () => {
    await slack.removeBot(HERE.channelId);
    expect(await chat.post(HERE, note)).toEqual({ kind: 'lost', problem: 'not_in_channel' });
    await slack.inviteBot(HERE.channelId);
    await slack.removeBot(slack.channels.launchRoom);
    expect(await chat.post({ channelId: slack.channels.launchRoom, threadTs: null }, note)).toMatchObject({
      kind: 'lost',
    });
  });

  test('the token', async () => {
    slack.switchOn('slack-revoke-token');
    expect(await chat.post(HERE, note)).toEqual({ kind: 'lost', problem: 'disconnected' });
    slack.switchOff('slack-revoke-token');
  });
});

test('a file goes out, and comes back whole', async () => {
  const content = Buffer.from('phone,name\n+12125550101,Änne\n');
  const file = { name: 'results.csv', title: 'Results', comment: 'Here they are.', content };
  expect((await chat.uploadFile(HERE, file)).kind).toBe('done');
  const id = posted()?.files[0]?.id ?? '';
  const { stream, size } = await chat.downloadFile(id);
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  expect(Buffer.concat(parts)).toEqual(content);
  expect(size).toBe(content.length);
});

test('uploads that the workspace switched off are refused in words', async () => {
  slack.switchOn('slack-block-upload');
  const file = { name: 'a.csv', title: 'A', comment: 'A', content: Buffer.from('a') };
  expect(await chat.uploadFile(HERE, file)).toMatchObject({ kind: 'refused' });
  slack.switchOff('slack-block-upload');
});
