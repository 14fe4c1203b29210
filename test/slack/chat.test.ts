import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Chat } from '#ports/chat.ts';
import { createChat } from '#slack/chat.ts';
import { createClients } from '#slack/clients.ts';
import { createPeople } from '#slack/people.ts';
import { card, note, result } from './contents.ts';
import { recordingLog } from './log.ts';
import { type Call, startScriptedSlack } from './scripted-slack.ts';

const TOKEN = 'xoxb-very-secret';
const CHANNEL = { channelId: 'C1', threadTs: null };
const THREAD = { channelId: 'C1', threadTs: '100.1' };
const POSTED = { ok: true, ts: '200.2', message: { text: 'x', thread_ts: '100.1' } };

let slack: Awaited<ReturnType<typeof startScriptedSlack>>;
let chat: Chat;
let log: ReturnType<typeof recordingLog>;
beforeAll(async () => {
  slack = await startScriptedSlack();
});
afterAll(() => slack.close());
beforeEach(() => {
  slack.calls.length = 0;
  log = recordingLog();
  chat = createChat({ botToken: TOKEN, apiUrl: slack.apiUrl }, log);
});

const http =
  (status: number, headers: Record<string, string> = {}) =>
  (_: Call, response: ServerResponse) => {
    response.writeHead(status, headers);
    response.end('<html>a page with xoxb-very-secret</html>');
  };
const dropped = (_: Call, response: ServerResponse) => void response.destroy();

describe('what became of a post', () => {
  test.each<[string, Parameters<typeof slack.answer>[1], object]>([
    ['posted', POSTED, { kind: 'done', ts: '200.2' }],
    ['archived channel', { ok: false, error: 'is_archived' }, { kind: 'lost', problem: 'archived' }],
    ['bot removed', { ok: false, error: 'not_in_channel' }, { kind: 'lost', problem: 'not_in_channel' }],
    ['channel gone', { ok: false, error: 'channel_not_found' }, { kind: 'lost', problem: 'channel_gone' }],
    ['thread gone', { ok: false, error: 'thread_not_found' }, { kind: 'lost', problem: 'thread_deleted' }],
    ['token revoked', { ok: false, error: 'token_revoked' }, { kind: 'lost', problem: 'disconnected' }],
    ['token invalid', { ok: false, error: 'invalid_auth' }, { kind: 'lost', problem: 'disconnected' }],
    ['rate limited', http(429, { 'retry-after': '7' }), { kind: 'throttled', retryAfterMs: 7000 }],
    ['Slack broken', http(503), { kind: 'unknown', cause: 'http_503' }],
    [
      'Slack half broken',
      { ok: false, error: 'internal_error' },
      { kind: 'unknown', cause: 'internal_error' },
    ],
    ['a page instead of JSON', http(200), { kind: 'unknown', cause: 'unreadable_answer' }],
    ['connection dropped after sending', dropped, { kind: 'unknown', cause: 'UND_ERR_SOCKET' }],
    [
      'posting restricted',
      { ok: false, error: 'restricted_action_thread_locked' },
      { kind: 'refused', problem: 'This thread is locked.' },
    ],
    [
      'permission missing',
      { ok: false, error: 'missing_scope', needed: 'chat:write' },
      {
        kind: 'refused',
        problem: 'The app lacks a permission (chat:write). Ask whoever installed it to install it again.',
      },
    ],
    [
      'an answer nobody knows',
      { ok: false, error: 'moon_phase' },
      { kind: 'refused', problem: 'Slack refused this with “moon_phase”.' },
    ],
  ])('%s', async (_, answer, expected) => {
    slack.answer('chat.postMessage', answer);
    expect(await chat.post(THREAD, note)).toEqual(expected);
  });

  test('a Slack that cannot be reached has posted nothing, so it may be asked again', async () => {
    const gone = await startScriptedSlack();
    await gone.close();
    const away = createChat({ botToken: TOKEN, apiUrl: gone.apiUrl }, log);
    expect(await away.post(CHANNEL, note)).toMatchObject({ kind: 'throttled' });
  });

  test('a post is never repeated on its own', async () => {
    slack.answer('chat.postMessage', http(500));
    await chat.post(CHANNEL, note);
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1);
  });
});

describe('a reply whose parent was deleted', () => {
  test('is taken back out of the channel and reported as a lost thread', async () => {
    slack.answer('chat.postMessage', { ok: true, ts: '200.2', message: { text: 'x' } });
    slack.answer('chat.delete', { ok: true });
    expect(await chat.post(THREAD, note)).toEqual({ kind: 'lost', problem: 'thread_deleted' });
    expect(slack.callsOf('chat.delete')[0]?.args).toMatchObject({ channel: 'C1', ts: '200.2' });
  });
});

describe('a drawing that Slack refuses', () => {
  const refused = { ok: false, error: 'invalid_blocks' };

  test('is followed by the same without its chart', async () => {
    slack.answer('chat.postMessage', refused, POSTED);
    expect(await chat.post(THREAD, result)).toMatchObject({ kind: 'done' });
    const [rich, plainer] = slack.callsOf('chat.postMessage').map(({ args }) => args.blocks);
    expect(rich).toContain('data_visualization');
    expect(plainer).not.toContain('data_visualization');
  });

  test('is followed by text alone in the end', async () => {
    slack.answer('chat.postMessage', refused, POSTED);
    expect(await chat.post(THREAD, card)).toMatchObject({ kind: 'done' });
    expect(slack.callsOf('chat.postMessage').at(-1)?.args.blocks).toBe('[]');
  });

  test('is given up when even text is refused, and operators hear of it without its content', async () => {
    slack.answer('chat.postMessage', refused);
    expect(await chat.post(THREAD, card)).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(log.lines)).toContain('Slack refused a drawing');
    expect(JSON.stringify(log.lines)).not.toContain('Spring reminder');
  });
});

describe('an edit', () => {
  test('sends text and blocks together, so that no “(edited)” mark appears', async () => {
    slack.answer('chat.update', { ok: true, ts: '100.1' });
    expect(await chat.update({ channelId: 'C1', ts: '100.1' }, card)).toEqual({ kind: 'done', ts: '100.1' });
    const args = slack.callsOf('chat.update')[0]?.args;
    expect([args?.ts, args?.text?.slice(0, 15), args?.blocks?.slice(0, 2)]).toEqual([
      '100.1',
      'Spring reminder',
      '[{',
    ]);
  });

  test('of a message that somebody deleted is lost', async () => {
    slack.answer('chat.update', { ok: false, error: 'message_not_found' });
    expect(await chat.update({ channelId: 'C1', ts: '1.1' }, card)).toEqual({
      kind: 'lost',
      problem: 'message_deleted',
    });
  });
});

describe('people', () => {
  const person = {
    id: 'U1',
    team_id: 'T1',
    name: 'anna',
    real_name: 'Anna',
    tz: 'Europe/Paris',
    profile: { display_name: '' },
  };
  beforeEach(() =>
    slack.answer('auth.test', { ok: true, team_id: 'T1', team: 'Acme', user_id: 'UBOT', bot_id: 'B1' }),
  );

  test.each([
    [
      'a colleague',
      {},
      { isGuest: false, isStranger: false, isAdmin: false, name: 'Anna', timeZone: 'Europe/Paris' },
    ],
    ['an owner', { is_owner: true }, { isAdmin: true }],
    ['a guest', { is_restricted: true }, { isGuest: true }],
    ['a single-channel guest', { is_ultra_restricted: true }, { isGuest: true }],
    ['somebody of another company', { team_id: 'T2' }, { isStranger: true }],
    [
      'somebody of the same enterprise',
      { team_id: 'T2', enterprise_user: { teams: ['T1', 'T2'] } },
      { isStranger: false },
    ],
    ['somebody Slack calls a stranger', { is_stranger: true }, { isStranger: true }],
    ['a bot', { is_bot: true }, { isBot: true }],
    ['somebody who left', { deleted: true }, { isDeleted: true }],
  ])('%s is recognised', async (_, extra, expected) => {
    slack.answer('users.info', { ok: true, user: { ...person, ...extra } });
    expect(await chat.user('U1')).toMatchObject(expected);
  });

  test('are asked about once a minute', async () => {
    slack.answer('users.info', { ok: true, user: person });
    await Promise.all([chat.user('U1'), chat.user('U1')]);
    await chat.user('U1');
    expect(slack.callsOf('users.info')).toHaveLength(1);
  });

  test('whom Slack does not tell us about may do nothing, and are asked about again', async () => {
    slack.answer('users.info', http(500), { ok: true, user: person });
    await expect(chat.user('U1')).rejects.toThrow('Slack cannot be asked (http_500).');
    expect(await chat.user('U1')).toMatchObject({ id: 'U1' });
  });
});

describe('user groups', () => {
  test('are told with their people, once a minute', async () => {
    slack.answer('usergroups.list', {
      ok: true,
      usergroups: [{ id: 'S1', handle: 'launchers', name: 'Launchers' }, { handle: 'odd' }],
    });
    expect(await chat.groups()).toEqual([{ id: 'S1', handle: 'launchers', name: 'Launchers' }]);
    slack.answer('usergroups.users.list', { ok: true, users: ['U1', 'U2'] });
    expect(await chat.groupMembers('S1')).toEqual(['U1', 'U2']);
    await chat.groupMembers('S1');
    expect(slack.callsOf('usergroups.users.list')).toHaveLength(1);
  });

  test('and people are remembered for a minute and no longer', async () => {
    let now = 0;
    const { interactive } = createClients({ botToken: TOKEN, apiUrl: slack.apiUrl }, log);
    const known = createPeople(interactive, () => now);
    slack.answer('usergroups.users.list', { ok: true, users: ['U1'] }, { ok: true, users: [] });
    expect(await known.groupMembers('S1')).toEqual(['U1']);
    now = 59_999;
    expect(await known.groupMembers('S1')).toEqual(['U1']);
    now = 60_000;
    expect(await known.groupMembers('S1')).toEqual([]);
  });

  test('that are gone have nobody in them', async () => {
    slack.answer('usergroups.users.list', { ok: false, error: 'no_such_subteam' });
    expect(await chat.groupMembers('S_GONE')).toEqual([]);
  });

  test.each(['plan_upgrade_required', 'missing_scope', 'ratelimited'])(
    'of whom Slack says %s are not known, and are asked about again',
    async (error) => {
      slack.answer('usergroups.users.list', { ok: false, error }, { ok: true, users: ['U1'] });
      await expect(chat.groupMembers(`S_${error}`)).rejects.toThrow('Slack cannot be asked');
      expect(await chat.groupMembers(`S_${error}`)).toEqual(['U1']);
    },
  );
});

test.each([
  [
    { ok: true, channel: { id: 'C1', name: 'sales', is_member: true } },
    { name: 'sales', isMember: true, isExtShared: false },
  ],
  [
    { ok: true, channel: { id: 'C1', name: 'joint', is_ext_shared: true } },
    { isExtShared: true, isMember: false },
  ],
  [{ ok: true, channel: { id: 'D1', is_im: true } }, { isMember: true }],
  [{ ok: true, channel: { id: 'C1', name: 'old', is_archived: true } }, { isArchived: true }],
  [
    { ok: false, error: 'channel_not_found' },
    { isMember: false, name: '' },
  ],
])('a channel %j is %j', async (answer, expected) => {
  slack.answer('conversations.info', answer);
  expect(await chat.channel('C1')).toMatchObject(expected);
});

test('every 429 of Slack is told to whoever counts them', async () => {
  let throttled = 0;
  const onThrottled = () => {
    throttled += 1;
  };
  const counted = createChat({ botToken: TOKEN, apiUrl: slack.apiUrl, onThrottled }, log);
  slack.answer('chat.postMessage', http(429, { 'retry-after': '7' }), POSTED);
  slack.answer('chat.update', http(429, { 'retry-after': '1' }), { ok: true });
  await counted.post(CHANNEL, note);
  await counted.post(CHANNEL, note);
  await counted.update({ channelId: 'C1', ts: '200.2' }, note);
  expect(throttled).toBe(2);
});

test('neither the token nor a body reaches the log', async () => {
  slack.answer('chat.postMessage', http(200), http(500), http(429, { 'retry-after': '1' }), {
    ok: false,
    error: 'invalid_blocks',
  });
  for (let round = 0; round < 4; round += 1) await chat.post(CHANNEL, card);
  expect(JSON.stringify(log.lines)).not.toMatch(/xoxb|Spring reminder|html/);
});
