import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FeedMessage } from '#sandbox/page-protocol.ts';
import { APP_TOKEN, BOT_TOKEN, type SlackDriver, startSlack } from '#support/slack.ts';
import { webClient } from './client.ts';

let slack: SlackDriver;
const seen: FeedMessage[] = [];

beforeEach(async () => {
  slack = await startSlack({ trafficMax: 5 });
  seen.length = 0;
  slack.standIn.subscribe((message) => seen.push(structuredClone(message)));
});
afterEach(() => slack.close());

const verb = async (name: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${slack.url}/ui/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
};
const upload = async (path: string, query: Record<string, string>, body: string) => {
  const response = await fetch(`${slack.url}/ui/${path}?${new URLSearchParams(query)}`, {
    method: 'POST',
    body,
  });
  return (await response.json()) as {
    ok: boolean;
    error?: string;
    ts?: string;
    file?: { id: string; name: string; size: number };
  };
};
const said = (text: string) => ({
  userId: slack.people.admin,
  channelId: slack.channels.campaigns,
  text,
  threadTs: null,
});

describe('verbs', () => {
  it('do what a person does, and the feed shows it', async () => {
    const { answer } = await verb('post-message', said('Hello'));
    expect(answer).toMatchObject({ ok: true, ts: expect.any(String) });
    expect(seen).toMatchObject([
      { type: 'upsert', table: 'messages', row: { text: 'Hello', userId: slack.people.admin } },
    ]);
    await verb('delete-message', { channelId: slack.channels.campaigns, ts: answer.ts });
    expect(seen.at(-1)).toEqual({
      type: 'remove',
      table: 'messages',
      id: `${slack.channels.campaigns}:${String(answer.ts)}`,
    });
  });

  const refused: [string, string, object, string][] = [
    ['nothing to say', 'post-message', { text: '  ' }, 'There is nothing to send.'],
    [
      'a channel the person is not in',
      'post-message',
      { userId: 'U00GUS', channelId: 'C00LAUNCHROOM' },
      'Gus Lindqvist is not in #launch-room.',
    ],
    [
      'a channel that does not exist',
      'post-message',
      { channelId: 'C0' },
      'There is no such channel in this workspace.',
    ],
    [
      'a person who does not exist',
      'post-message',
      { userId: 'U0' },
      'There is no such person in this workspace.',
    ],
    ['a missing field', 'post-message', { text: 5 }, 'The page sent no usable "text" (wanted: text).'],
    [
      'archiving a direct message',
      'archive-channel',
      { channelId: 'D00DANA', isArchived: true },
      'That cannot be done with a direct message.',
    ],
    [
      'a home tab of a stranger',
      'open-home',
      { userId: 'U00PIOTR' },
      'Piotr Zielinski cannot open this app.',
    ],
    [
      'a count of nothing',
      'switch-fault',
      { id: 'slack-answer-500', isOn: true, count: 0 },
      'The page sent no usable "count" (wanted: number or null).',
    ],
  ];
  it.each(refused)('%s is refused with a sentence', async (_name, name, change, error) => {
    const { status, answer } = await verb(name, { ...said('Hello'), ...change });
    expect([status, answer]).toEqual([200, { ok: false, error }]);
  });

  it('are for the page alone', async () => {
    expect((await verb('post-message', said('x'), { origin: 'https://evil.example' })).status).toBe(403);
    expect((await verb('post-message', said('x'), { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await verb('post-message', said('x'), { origin: slack.url })).status).toBe(200);
  });

  it('files are dropped into threads with a comment, and can be looked at', async () => {
    const { answer } = await verb('post-message', said('card'));
    const where = {
      userId: slack.people.admin,
      channelId: slack.channels.campaigns,
      threadTs: String(answer.ts),
    };
    const { ok, file } = await upload(
      'upload-file',
      { ...where, name: 'Kunden März.csv', comment: 'the list' },
      'a;b',
    );
    expect([ok, file?.name, file?.size]).toEqual([true, 'Kunden März.csv', 3]);
    const [card] = slack.messages(slack.channels.campaigns);
    expect(card && slack.thread(card)).toMatchObject([
      { text: 'the list', files: [{ name: 'Kunden März.csv' }] },
    ]);
    const shown = await fetch(`${slack.url}/ui/files/${file?.id}`);
    expect([await shown.text(), shown.headers.get('content-disposition')]).toEqual([
      'a;b',
      expect.stringContaining('M%C3%A4rz'),
    ]);
    expect((await upload('upload-file', { ...where, name: '' }, 'x')).error).toBe('The file has no name.');
    expect((await fetch(`${slack.url}/ui/files/F0`)).status).toBe(404);
  });

  it('files for a form are kept without being shown anywhere', async () => {
    const { file } = await upload('upload-draft', { userId: slack.people.admin, name: 'leads.csv' }, 'a,b');
    expect(file).toMatchObject({ name: 'leads.csv', size: 3 });
    expect(slack.messages(slack.channels.campaigns)).toEqual([]);
  });

  it('an ephemeral message goes when its reader dismisses it', async () => {
    await webClient(slack).chat.postEphemeral({
      channel: slack.channels.campaigns,
      user: slack.people.admin,
      text: 'psst',
    });
    const [only] = slack.ephemerals(slack.people.admin);
    await verb('dismiss-ephemeral', { userId: slack.people.teammate, id: only?.id });
    expect(slack.ephemerals(slack.people.admin)).toHaveLength(1);
    await verb('dismiss-ephemeral', { userId: slack.people.admin, id: only?.id });
    expect(slack.ephemerals(slack.people.admin)).toEqual([]);
  });
});

describe('the inspector', () => {
  const rows = () => slack.standIn.snapshot().traffic;

  it('shows calls and deliveries with status and time, tokens taken out', async () => {
    await webClient(slack).chat.postMessage({
      channel: slack.channels.campaigns,
      text: `mine is ${BOT_TOKEN}, app ${APP_TOKEN}`,
    });
    await slack.slash(slack.people.admin, slack.channels.campaigns, '/campaign list');
    expect(rows()).toMatchObject([
      {
        side: 'slack',
        direction: 'out',
        title: 'chat.postMessage',
        status: 200,
        durationMs: expect.any(Number),
      },
      {
        side: 'slack',
        direction: 'in',
        title: '/campaign list',
        status: null,
        note: 'Not answered (connection_failed)',
      },
    ]);
    expect(JSON.stringify(rows())).not.toContain(BOT_TOKEN);
    expect(JSON.stringify(rows())).not.toContain(APP_TOKEN);
    expect(rows()[0]?.request).toContain('mine is xoxb-…');
  });

  it('cuts long bodies and forgets the oldest', async () => {
    await webClient(slack).chat.postMessage({ channel: slack.channels.campaigns, text: 'x'.repeat(20_000) });
    expect(rows()[0]?.request.length).toBeLessThan(8300);
    expect(rows()[0]?.request).toMatch(/\(\d+ more characters\)$/);
    for (let n = 0; n < 6; n += 1) await webClient(slack).auth.test();
    expect(rows()).toHaveLength(5);
    expect(seen.filter((message) => message.type === 'remove' && message.table === 'traffic')).toHaveLength(
      2,
    );
  });

  it('says where an answer was lost', async () => {
    slack.switchOn('slack-lose-answer', { count: 1 });
    await webClient(slack)
      .chat.postMessage({ channel: slack.channels.campaigns, text: 'x' })
      .catch(() => undefined);
    expect(rows()[0]).toMatchObject({ status: null, note: 'The answer was lost on purpose' });
  });
});

describe('a restart', () => {
  it('keeps people, messages, files, open windows, home tabs and response_urls', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'slack-restart-'));
    const first = await startSlack({ dataDir });
    const web = webClient(first);
    const { ts } = await web.chat.postMessage({
      channel: first.channels.campaigns,
      text: 'card',
      metadata: { event_type: 'card', event_payload: {} },
    });
    const dropped = await first.dropFile(first.people.admin, first.channels.campaigns, 'leads.csv', 'a,b');
    await web.views.publish({
      user_id: first.people.admin,
      view: { type: 'home', blocks: [{ type: 'divider' }] },
    });
    await first.slash(first.people.admin, first.channels.campaigns, '/campaign new');
    const command = first.deliveriesOf('command')[0]?.payload;
    await web.views.open({
      trigger_id: String(command?.trigger_id),
      view: { type: 'modal', title: { type: 'plain_text', text: 'New' }, blocks: [] },
    });
    await first.archive(first.channels.launchRoom);
    const saved = JSON.parse(JSON.stringify(first.standIn.save()));
    const before = first.standIn.snapshot();
    await first.close();

    const anHourBack = { now: () => Date.now() - 3_600_000 };
    const second = await startSlack({ dataDir, clock: anHourBack });
    second.standIn.load(saved);
    const { traffic: _t, ...after } = second.standIn.snapshot();
    const { traffic: _o, ...expected } = before;
    expect(after).toEqual(expected);
    const again = webClient(second);
    const { ts: next = '' } = await again.chat.postMessage({
      channel: second.channels.campaigns,
      text: 'next',
      thread_ts: ts,
    });
    expect(next > (ts ?? '')).toBe(true);
    const { file } = await again.files.info({ file: dropped.files[0]?.id ?? '' });
    const bytes = await fetch(file?.url_private_download ?? '', {
      headers: { authorization: `Bearer ${BOT_TOKEN}` },
    });
    expect(await bytes.text()).toBe('a,b');
    const url = String(command?.response_url).replace(first.url, second.url);
    const posted = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text":"still"}',
    });
    expect(posted.status).toBe(200);
    await second.close();
    await rm(dataDir, { recursive: true });
  });

  it('refuses what another version saved', () => {
    expect(() => slack.standIn.load({ ...slack.standIn.save(), version: 99 as never })).toThrow('version 99');
  });
});
