import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Chat, ChatUnavailable, FileUnavailable } from '#ports/chat.ts';
import { createChat } from '#slack/chat.ts';
import { filesOrigin } from '#slack/files.ts';
import { recordingLog } from './log.ts';
import { type Call, startScriptedSlack } from './scripted-slack.ts';

const TOKEN = 'xoxb-very-secret';
let slack: Awaited<ReturnType<typeof startScriptedSlack>>;
let elsewhere: Awaited<ReturnType<typeof startScriptedSlack>>;
let chat: Chat;
beforeAll(async () => {
  slack = await startScriptedSlack();
  elsewhere = await startScriptedSlack();
  chat = createChat({ botToken: TOKEN, apiUrl: slack.apiUrl }, recordingLog());
});
afterAll(() => Promise.all([slack.close(), elsewhere.close()]));
beforeEach(() => {
  slack.calls.length = 0;
  elsewhere.calls.length = 0;
});

const file = (extra: object = {}) => ({
  ok: true,
  file: {
    id: 'F1',
    name: 'clients.csv',
    size: 11,
    mode: 'hosted',
    filetype: 'csv',
    user: 'UANNA',
    url_private_download: `${slack.origin}/files/F1`,
    ...extra,
  },
});
const answers =
  (status: number, headers: Record<string, string>, body = '') =>
  (_: Call, response: ServerResponse) => {
    response.writeHead(status, headers);
    response.end(body);
  };
const CSV = { 'content-type': 'text/csv' };

async function read(): Promise<string> {
  const { stream } = await chat.downloadFile('F1');
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString();
}

describe('a download', () => {
  test('brings the bytes, asked for with the bot’s token', async () => {
    slack.answer('files.info', file());
    slack.answer('/files/F1', answers(200, CSV, 'phone\n+1555'));
    expect(await read()).toBe('phone\n+1555');
    expect(slack.callsOf('/files/F1')[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
  });

  test('follows a redirect within the files host', async () => {
    slack.answer('files.info', file());
    slack.answer('/files/F1', answers(302, { location: '/files/F1b' }));
    slack.answer('/files/F1b', answers(200, CSV, 'here'));
    expect(await read()).toBe('here');
  });

  test('never takes the token to another host, by address or by redirect', async () => {
    slack.answer('files.info', file({ url_private_download: `${elsewhere.origin}/files/F1` }));
    await expect(read()).rejects.toThrow('kept outside Slack');
    slack.answer('files.info', file());
    slack.answer('/files/F1', answers(302, { location: `${elsewhere.origin}/steal` }));
    await expect(read()).rejects.toThrow(FileUnavailable);
    expect(elsewhere.calls).toEqual([]);
  });

  test('in production goes to the files host of Slack alone', () => {
    expect(filesOrigin({ apiUrl: undefined })).toBe('https://files.slack.com');
  });

  test('that is answered with the sign-in page is not taken for contacts', async () => {
    slack.answer('files.info', file());
    slack.answer(
      '/files/F1',
      answers(200, { 'content-type': 'text/html; charset=utf-8' }, '<html>Sign in</html>'),
    );
    await expect(read()).rejects.toThrow('Slack gave a web page instead of the file');
  });

  test('that goes round in circles ends', async () => {
    slack.answer('files.info', file());
    slack.answer('/files/F1', answers(302, { location: '/files/F1' }));
    await expect(read()).rejects.toThrow('in circles');
  });

  test('that breaks half-way says so', async () => {
    slack.answer('files.info', file());
    slack.answer('/files/F1', (_: Call, response: ServerResponse) => {
      response.writeHead(200, { ...CSV, 'content-length': '100' });
      response.write('phone\n');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(read()).rejects.toThrow('The connection broke while Slack sent the file. Try again.');
  });

  test.each([502, 429])('that the file server answers with %i may be tried again', async (status) => {
    slack.answer('files.info', file());
    slack.answer('/files/F1', answers(status, {}));
    await expect(read()).rejects.toThrow(ChatUnavailable);
  });

  test('that is sent to no address at all is refused in words', async () => {
    slack.answer('files.info', file());
    slack.answer('/files/F1', answers(302, { location: 'https://[' }));
    await expect(read()).rejects.toThrow(FileUnavailable);
  });

  test('of a file that is too large is not begun', async () => {
    slack.answer('files.info', file({ size: 201 * 1024 * 1024 }));
    await expect(read()).rejects.toThrow('larger than 200 MB');
    expect(slack.callsOf('/files/F1')).toEqual([]);
  });

  test.each([
    ['an online document', { mode: 'external' }, 'link to an online document'],
    ['a deleted file', { mode: 'tombstone' }, 'was deleted'],
    ['a file over the plan’s limit', { mode: 'hidden_by_limit' }, 'over its limit'],
    ['a file of another company', { mode: 'file_access' }, 'I cannot see this file'],
    ['an unknown file', { ok: false, error: 'file_not_found' }, 'Invite me there'],
    ['a file without the permission', { ok: false, error: 'missing_scope' }, 'files:read'],
  ])('of %s is refused in words', async (_, answer, words) => {
    slack.answer('files.info', 'ok' in answer ? answer : file(answer));
    await expect(read()).rejects.toThrow(words);
  });
});

test('what Slack says of a file is where it was shared, and by whom', async () => {
  const shares = {
    public: { C1: [{ ts: '1.1' }], C2: [{ ts: '2.2', thread_ts: '2.0' }] },
    private: { G1: [{ ts: '3.3' }] },
  };
  slack.answer('files.info', file({ shares }));
  expect(await chat.fileInfo('F1')).toEqual({
    id: 'F1',
    name: 'clients.csv',
    fileType: 'csv',
    size: 11,
    userId: 'UANNA',
    problem: null,
    shares: [
      { channelId: 'C1', threadTs: '1.1' },
      { channelId: 'C2', threadTs: '2.0' },
      { channelId: 'G1', threadTs: '3.3' },
    ],
  });
});

describe('an upload', () => {
  const csv = {
    name: 'rejects.csv',
    title: 'Rejected rows',
    comment: 'Three rows did not load.',
    content: Buffer.from('a,b\n'),
  };
  const place = { channelId: 'C1', threadTs: '1.1' };
  beforeEach(() => {
    slack.answer('files.getUploadURLExternal', {
      ok: true,
      upload_url: `${slack.origin}/upload/1`,
      file_id: 'F9',
    });
    slack.answer('/upload/1', answers(200, {}, 'OK'));
    slack.answer('files.completeUploadExternal', { ok: true, files: [] });
  });

  test('lands in the thread', async () => {
    expect(await chat.uploadFile(place, csv)).toEqual({ kind: 'done', ts: '' });
    expect(slack.callsOf('/upload/1')[0]?.bytes.toString()).toBe('a,b\n');
    expect(slack.callsOf('files.completeUploadExternal')[0]?.args).toMatchObject({
      channel_id: 'C1',
      thread_ts: '1.1',
    });
  });

  test('does not carry the token to the upload address', async () => {
    await chat.uploadFile(place, csv);
    expect(slack.callsOf('/upload/1')[0]?.headers.authorization).toBeUndefined();
  });

  test('that failed before it was posted may be repeated', async () => {
    slack.answer('/upload/1', answers(500, {}));
    expect(await chat.uploadFile(place, csv)).toMatchObject({ kind: 'throttled' });
    slack.answer('files.getUploadURLExternal', answers(500, {}));
    expect(await chat.uploadFile(place, csv)).toMatchObject({ kind: 'throttled' });
  });

  test('whose posting got no answer may have been posted', async () => {
    slack.answer('files.completeUploadExternal', answers(500, {}));
    expect(await chat.uploadFile(place, csv)).toEqual({ kind: 'unknown', cause: 'http_500' });
  });

  test.each([
    ['not_in_channel', { kind: 'lost', problem: 'not_in_channel' }],
    [
      'file_uploads_disabled',
      { kind: 'refused', problem: 'File uploads are switched off in this workspace.' },
    ],
  ])('refused with %s is reported', async (error, expected) => {
    slack.answer('files.completeUploadExternal', { ok: false, error });
    expect(await chat.uploadFile(place, csv)).toEqual(expected);
  });

  test('of nothing is refused before Slack refuses it', async () => {
    expect(await chat.uploadFile(place, { ...csv, content: new Uint8Array() })).toMatchObject({
      kind: 'refused',
    });
  });
});
