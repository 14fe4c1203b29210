import type { WebClient } from '@slack/web-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOT_USER_ID } from '#sandbox/slack/seed.ts';
import { BOT_TOKEN, type SlackDriver, startSlack } from '#support/slack.ts';
import { refusal, refusalCode, webClient } from './client.ts';

let slack: SlackDriver;
let web: WebClient;
let now = Date.now();

beforeEach(async () => {
  slack = await startSlack({ clock: { now: () => now } });
  web = webClient(slack);
});
afterEach(() => slack.close());

const CSV = 'name,phone\nJason,+12025550123\n';
const info = async (file = '') => (await web.files.info({ file })).file;
const drop = async (
  channel: string = slack.channels.campaigns,
  extras: Parameters<SlackDriver['dropFile']>[4] = {},
) => {
  const { files, ts } = await slack.dropFile(slack.people.admin, channel, 'leads.csv', CSV, extras);
  return { id: files[0]?.id ?? '', ts };
};
const get = (url = '', authorization?: string) =>
  fetch(url, { headers: authorization ? { authorization } : {} });

describe('files from people', () => {
  it('are described with type, size and where they were shared', async () => {
    const parent = await slack.say(slack.people.admin, slack.channels.campaigns, 'card');
    const { id, ts } = await drop(slack.channels.campaigns, { threadTs: parent.ts });
    expect(await info(id)).toMatchObject({
      id,
      name: 'leads.csv',
      mimetype: 'text/csv',
      filetype: 'csv',
      size: CSV.length,
      mode: 'hosted',
      user: slack.people.admin,
      channels: [slack.channels.campaigns],
      shares: { public: { [slack.channels.campaigns]: [{ ts, thread_ts: parent.ts }] } },
    });
  });

  it('private channels and direct messages are private shares', async () => {
    const { id } = await drop(slack.channels.launchRoom);
    expect(await info(id)).toMatchObject({
      groups: [slack.channels.launchRoom],
      shares: { private: { [slack.channels.launchRoom]: [{}] } },
    });
  });

  it('shares become visible only after the lag', async () => {
    const lagging = await startSlack({ fileShareLagMs: 800, clock: { now: () => now } });
    const { files } = await lagging.dropFile(lagging.people.admin, lagging.channels.campaigns, 'a.csv', CSV);
    const look = async () => (await webClient(lagging).files.info({ file: files[0]?.id ?? '' })).file?.shares;
    expect(await look()).toEqual({});
    now += 800;
    expect(await look()).toHaveProperty('public');
    await lagging.close();
  });

  it('download with the token gives the bytes', async () => {
    const { id } = await drop();
    const response = await get((await info(id))?.url_private_download, `Bearer ${BOT_TOKEN}`);
    expect(response.headers.get('content-type')).toBe('text/csv');
    expect(response.headers.get('content-length')).toBe(String(CSV.length));
    expect(await response.text()).toBe(CSV);
  });

  it('download without the right token, permission or membership gives a login page with 200', async () => {
    const { id } = await drop();
    const url = (await info(id))?.url_private_download;
    const isLoginPage = async (authorization?: string) => {
      const response = await get(url, authorization);
      expect(await response.text()).toContain('Sign in');
      return response.status === 200 && response.headers.get('content-type') === 'text/html; charset=utf-8';
    };
    expect(await isLoginPage()).toBe(true);
    expect(await isLoginPage('Bearer xoxb-wrong')).toBe(true);
    slack.switchOn('slack-missing-files-read', { count: 1 });
    expect(await isLoginPage(`Bearer ${BOT_TOKEN}`)).toBe(true);
    await slack.removeBot(slack.channels.campaigns);
    expect(await isLoginPage(`Bearer ${BOT_TOKEN}`)).toBe(true);
  });

  it('a file where the bot is not is not found', async () => {
    const { id } = await drop(slack.channels.general);
    expect(await refusalCode(info(id))).toBe('file_not_found');
  });

  it('without files:read nothing is said about files', async () => {
    const { id } = await drop();
    slack.switchOn('slack-missing-files-read');
    expect(await refusal(info(id))).toMatchObject({ error: 'missing_scope', needed: 'files:read' });
  });

  it("a stranger's file is whole in files.info", async () => {
    const { files } = await slack.dropFile(slack.people.stranger, slack.channels.partner, 'leads.csv', CSV);
    expect(await info(files[0]?.id)).toMatchObject({ name: 'leads.csv', file_access: 'visible' });
  });

  it('external documents, hidden files and snippets say what they are', async () => {
    const { id: external } = await drop(undefined, {
      mode: 'external',
      externalUrl: 'https://docs.example.com/sheet',
    });
    expect(await info(external)).toMatchObject({
      mode: 'external',
      is_external: true,
      url_private: 'https://docs.example.com/sheet',
    });
    expect(await info(external)).not.toHaveProperty('url_private_download');
    const { id: hidden } = await drop(undefined, { mode: 'hidden_by_limit' });
    expect(await info(hidden)).toMatchObject({ mode: 'hidden_by_limit' });
    const { id: snippet } = await drop(undefined, { mode: 'snippet' });
    expect(await info(snippet)).toMatchObject({ mode: 'snippet', editable: true });
  });
});

describe("the bot's uploads", () => {
  it('go through three steps and end in the thread they were meant for, with comment and title', async () => {
    const { ts } = await web.chat.postMessage({ channel: slack.channels.campaigns, text: 'card' });
    await web.filesUploadV2({
      channel_id: slack.channels.campaigns,
      thread_ts: ts ?? '',
      filename: 'results.csv',
      title: 'Results',
      content: CSV,
      initial_comment: 'All done',
    });
    const [card] = slack.messages(slack.channels.campaigns);
    const [reply] = card ? slack.thread(card) : [];
    expect(reply).toMatchObject({
      text: 'All done',
      userId: BOT_USER_ID,
      files: [{ name: 'results.csv', title: 'Results', size: CSV.length }],
    });
    const shared = await info(reply?.files[0]?.id);
    expect(shared?.shares?.public?.[slack.channels.campaigns]).toMatchObject([
      { ts: reply?.ts, thread_ts: ts },
    ]);
    expect(await (await get(shared?.url_private_download, `Bearer ${BOT_TOKEN}`)).text()).toBe(CSV);
  });

  it('raw bytes are taken as well, a wrong length is not', async () => {
    const begin = () => web.files.getUploadURLExternal({ filename: 'a.csv', length: 3 });
    const send = async (body: string) => fetch((await begin()).upload_url ?? '', { method: 'POST', body });
    expect(await (await send('a,b')).text()).toBe('OK - 3');
    expect((await send('a')).status).toBe(400);
  });

  it('a file whose bytes never came cannot be completed', async () => {
    const { file_id: id = '' } = await web.files.getUploadURLExternal({ filename: 'a.csv', length: 3 });
    expect(await refusalCode(web.files.completeUploadExternal({ files: [{ id }] }))).toBe('file_not_found');
  });

  it('empty files, long alt texts, foreign channels and switched-off uploads are refused', async () => {
    const upload = (extra: object) =>
      web.filesUploadV2({ filename: 'a.csv', content: 'abc', ...extra } as never);
    expect(await refusalCode(web.files.getUploadURLExternal({ filename: 'a', length: 0 }))).toBe(
      'invalid_arguments',
    );
    expect(await refusalCode(upload({ alt_text: 'x'.repeat(1001) }))).toBe('alt_txt_too_large');
    expect(await refusalCode(upload({ channel_id: slack.channels.general }))).toBe('not_in_channel');
    await slack.archive(slack.channels.campaigns);
    expect(await refusalCode(upload({ channel_id: slack.channels.campaigns }))).toBe('is_archived');
    slack.switchOn('slack-block-upload', { count: 1 });
    expect(await refusalCode(upload({}))).toBe('file_uploads_disabled');
  });

  it('a file can be added to a message by editing it', async () => {
    const { files } = (await web.filesUploadV2({ filename: 'chart.png', content: 'png' })) as unknown as {
      files: { files: { id: string }[] }[];
    };
    const id = files[0]?.files[0]?.id ?? '';
    const { ts = '', channel = '' } = await web.chat.postMessage({
      channel: slack.channels.campaigns,
      text: 'x',
    });
    await web.chat.update({ channel, ts, text: 'x', file_ids: [id] });
    expect(slack.messages(channel)[0]?.files).toMatchObject([{ id, name: 'chart.png' }]);
  });

  it('only its own files can be deleted; what is left is a tombstone', async () => {
    const { id: theirs } = await drop();
    expect(await refusalCode(web.files.delete({ file: theirs }))).toBe('cant_delete_file');
    await web.filesUploadV2({ channel_id: slack.channels.campaigns, filename: 'a.csv', content: 'abc' });
    const own = slack.messages(slack.channels.campaigns).at(-1)?.files[0]?.id ?? '';
    await web.files.delete({ file: own });
    expect(slack.messages(slack.channels.campaigns)).toHaveLength(1);
    expect(await refusalCode(info(own))).toBe('file_deleted');
  });
});
