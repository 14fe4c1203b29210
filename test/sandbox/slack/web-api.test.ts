import { WebAPIHTTPError, WebAPIRateLimitedError, WebAPIRequestError, type WebClient } from '@slack/web-api';
import { afterEach, describe, expect, it } from 'vitest';
import type { StandInOptions } from '#sandbox/slack/options.ts';
import { BOT_USER_ID, OTHER_TEAM_ID, TEAM_ID } from '#sandbox/slack/seed.ts';
import { APP_TOKEN, BOT_TOKEN, type SlackDriver, startSlack } from '#support/slack.ts';
import { refusal, refusalCode, webClient } from './client.ts';

const open: SlackDriver[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((slack) => slack.close()));
});

async function start(options: Partial<StandInOptions> = {}): Promise<{ slack: SlackDriver; web: WebClient }> {
  const slack = await startSlack(options);
  open.push(slack);
  return { slack, web: webClient(slack) };
}
const code = refusalCode;
/** More than the app asks for. */
const WIDE = [
  'chat:write',
  'channels:read',
  'groups:read',
  'im:write',
  'users:read',
  'usergroups:read',
  'team:read',
];

describe('tokens and permissions', () => {
  it('says who the bot is and which permissions it has', async () => {
    const { web } = await start();
    const answer = await web.auth.test();
    expect(answer).toMatchObject({
      ok: true,
      user_id: BOT_USER_ID,
      team_id: TEAM_ID,
      is_enterprise_install: false,
    });
    expect(answer.response_metadata?.scopes).toContain('chat:write');
  });

  it('no token, a wrong token and a token of the wrong kind are told apart', async () => {
    const { slack, web } = await start();
    expect(await code(webClient(slack, '').auth.test())).toBe('not_authed');
    expect(await code(webClient(slack, 'xoxb-wrong').auth.test())).toBe('invalid_auth');
    expect(await code(webClient(slack, APP_TOKEN).auth.test())).toBe('not_allowed_token_type');
    expect(await code(web.apps.connections.open({}))).toBe('not_allowed_token_type');
  });

  it('a method Slack does not have is unknown, and so is a body it cannot read', async () => {
    const { slack, web } = await start();
    expect(await code(web.apiCall('chat.shout'))).toBe('unknown_method');
    const headers = { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' };
    const post = async (body: string) =>
      (await fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers, body })).json();
    expect(await post('{')).toMatchObject({ ok: false, error: 'invalid_json' });
    expect(await post('[1]')).toMatchObject({ ok: false, error: 'json_not_object' });
  });

  it('reading a channel back is a permission the bot does not have', async () => {
    const { slack, web } = await start();
    const data = await refusal(
      web.conversations.replies({ channel: slack.channels.campaigns, ts: '1.000000' }),
    );
    expect(data).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:history',
      provided: expect.stringContaining('chat:write'),
    });
  });

  it('with that permission, a thread reads back and a deleted one is thread_not_found', async () => {
    const { slack, web } = await start({ scopes: ['chat:write', 'channels:history'] });
    const { channel } = { channel: slack.channels.campaigns };
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'card' });
    await web.chat.postMessage({ channel, text: 'reply', thread_ts: ts });
    const { messages } = await web.conversations.replies({ channel, ts });
    expect(messages?.map(({ text }) => text)).toEqual(['card', 'reply']);
    expect((await web.conversations.history({ channel })).messages).toHaveLength(1);
    expect(await code(web.conversations.replies({ channel, ts: '1.000000' }))).toBe('thread_not_found');
  });

  it('a revoked token and an uninstalled app are refused until they are back', async () => {
    const { slack, web } = await start();
    slack.switchOn('slack-revoke-token');
    expect(await code(web.auth.test())).toBe('token_revoked');
    slack.switchOff('slack-revoke-token');
    slack.switchOn('slack-uninstall', { count: 1 });
    expect(await code(web.auth.test())).toBe('account_inactive');
    expect((await web.auth.test()).ok).toBe(true);
  });

  it('auth.revoke revokes', async () => {
    const { web } = await start();
    expect(await web.auth.revoke({ test: true })).toMatchObject({ revoked: false });
    expect(await web.auth.revoke()).toMatchObject({ revoked: true });
    expect(await code(web.auth.test())).toBe('token_revoked');
  });
});

describe('people and channels', () => {
  it('shows a person with zone, role and company', async () => {
    const { slack, web } = await start();
    const info = async (user: string) => (await web.users.info({ user })).user;
    expect(await info(slack.people.admin)).toMatchObject({
      is_admin: true,
      tz: 'America/New_York',
      tz_offset: expect.any(Number),
    });
    expect(await info(slack.people.guest)).toMatchObject({ is_restricted: true });
    expect(await info(slack.people.stranger)).toMatchObject({ is_stranger: true, team_id: OTHER_TEAM_ID });
    expect((await info(slack.people.admin))?.profile?.email).toBeUndefined();
    expect(await code(info('U0NOBODY'))).toBe('user_not_found');
  });

  it('knows the offset of a zone in winter', async () => {
    const { slack, web } = await start({ clock: { now: () => Date.UTC(2026, 0, 15) } });
    expect((await web.users.info({ user: slack.people.guest })).user?.tz_offset).toBe(3600);
  });

  it('shows a channel, hides private ones the bot is not in, and wants im:read for direct messages', async () => {
    const { slack, web } = await start({ scopes: WIDE });
    const info = async (channel: string) =>
      (await web.conversations.info({ channel, include_num_members: true })).channel;
    expect(await info(slack.channels.campaigns)).toMatchObject({
      name: 'campaigns',
      is_member: true,
      num_members: 6,
      is_ext_shared: false,
    });
    expect(await info(slack.channels.general)).toMatchObject({ is_member: false });
    expect(await info(slack.channels.partner)).toMatchObject({
      is_ext_shared: true,
      shared_team_ids: [TEAM_ID, OTHER_TEAM_ID],
    });
    expect(await refusal(info(slack.directMessage(slack.people.admin)))).toMatchObject({
      error: 'missing_scope',
      needed: 'im:read',
    });
    await slack.removeBot(slack.channels.launchRoom);
    expect(await code(info(slack.channels.launchRoom))).toBe('channel_not_found');
  });

  it('lists channels page by page', async () => {
    const { web } = await start();
    const names: (string | undefined)[] = [];
    let cursor: string | undefined;
    do {
      const page = await web.conversations.list({
        types: 'public_channel,private_channel',
        limit: 2,
        cursor,
      });
      names.push(...(page.channels ?? []).map(({ name }) => name));
      cursor = page.response_metadata?.next_cursor || undefined;
    } while (cursor);
    expect(names).toEqual(['campaigns', 'general', 'launch-room', 'partner-acme']);
    expect(await code(web.conversations.list({ cursor: 'nonsense' }))).toBe('invalid_cursor');
  });

  it('lists members, groups and people', async () => {
    const { slack, web } = await start({ scopes: WIDE });
    expect((await web.conversations.members({ channel: slack.channels.launchRoom })).members).toContain(
      BOT_USER_ID,
    );
    expect((await web.usergroups.list({ include_users: true })).usergroups?.[0]).toMatchObject({
      handle: 'launchers',
      users: expect.any(Array),
    });
    expect((await web.usergroups.users.list({ usergroup: 'S00LAUNCHERS' })).users).toEqual([
      slack.people.admin,
      slack.people.teammate,
    ]);
    expect(await code(web.usergroups.users.list({ usergroup: 'S0' }))).toBe('no_such_subteam');
    expect((await web.users.list({})).members?.map(({ name }) => name)).toContain('mia');
    expect((await web.team.info()).team?.domain).toBe('sandbox');
  });

  it('user groups need a paid plan', async () => {
    const { web } = await start({ isPaidPlan: false, scopes: WIDE });
    expect(await code(web.usergroups.list())).toBe('plan_upgrade_required');
  });

  it('opens the direct message with a person, not with bots, strangers or nobody', async () => {
    const { slack, web } = await start({ scopes: WIDE });
    const openWith = async (users: string) => (await web.conversations.open({ users })).channel?.id;
    expect(await openWith(slack.people.admin)).toBe(slack.directMessage(slack.people.admin));
    expect(await code(openWith(BOT_USER_ID))).toBe('cannot_dm_bot');
    expect(await code(openWith(slack.people.stranger))).toBe('user_not_visible');
    expect(await code(openWith('U0NOBODY'))).toBe('user_not_found');
  });

  it('joins a public channel when it may', async () => {
    const { slack, web } = await start({ scopes: ['channels:join', 'channels:read'] });
    expect((await web.conversations.join({ channel: slack.channels.general })).channel?.is_member).toBe(true);
    expect((await web.conversations.join({ channel: slack.channels.general })).warning).toBe(
      'already_in_channel',
    );
    await slack.archive(slack.channels.general);
    expect(await code(web.conversations.join({ channel: slack.channels.general }))).toBe('is_archived');
    const { web: plain, slack: other } = await start();
    expect(await refusal(plain.conversations.join({ channel: other.channels.general }))).toMatchObject({
      error: 'missing_scope',
      needed: 'channels:join',
    });
  });

  it('adds a reaction where it may', async () => {
    const { slack, web } = await start({ scopes: ['chat:write', 'reactions:write'] });
    const { channel } = { channel: slack.channels.campaigns };
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'x' });
    expect((await web.reactions.add({ channel, timestamp: ts, name: 'eyes' })).ok).toBe(true);
    expect(await code(web.reactions.add({ channel, timestamp: '1.000000', name: 'eyes' }))).toBe(
      'message_not_found',
    );
    expect(await code(web.reactions.add({ channel, timestamp: ts, name: 'NO WAY' }))).toBe('invalid_name');
  });

  it('validates blocks without a token', async () => {
    const { slack } = await start();
    const validate = async (body: object) =>
      (
        await fetch(`${slack.apiUrl}blocks.validate`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      ).json();
    expect(await validate({ blocks: [{ type: 'divider' }] })).toMatchObject({ ok: true });
    expect(await validate({ blocks: [{ type: 'section' }] })).toMatchObject({
      ok: false,
      errors: [{ pointer: '/blocks/0' }],
    });
  });
});

describe('rates', () => {
  it('the 51st edit within a minute is refused, and told when to come again', async () => {
    let now = Date.UTC(2026, 10, 2);
    const { slack, web } = await start({ tierMultiplier: 1, clock: { now: () => now } });
    const { channel } = { channel: slack.channels.campaigns };
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'card' });
    const edit = () => web.chat.update({ channel, ts, text: 'x' });
    for (let n = 0; n < 50; n += 1) {
      await edit();
      now += 200;
    }
    const error = await edit().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WebAPIRateLimitedError);
    expect((error as WebAPIRateLimitedError).retryAfter).toBe(50);
    now += 50_000;
    expect((await edit()).ok).toBe(true);
    expect(await edit().catch((thrown: unknown) => thrown)).toBeInstanceOf(WebAPIRateLimitedError);
    expect(slack.callsTo('chat.update').filter(({ status }) => status === 429)).toHaveLength(2);
  });

  it('one channel takes a short burst and then a message a second; another channel is free', async () => {
    let now = Date.UTC(2026, 10, 2);
    const { slack, web } = await start({ tierMultiplier: 1, clock: { now: () => now } });
    const post = (channel: string) => web.chat.postMessage({ channel, text: 'x' });
    for (let n = 0; n < 5; n += 1) await post(slack.channels.campaigns);
    const error = await post(slack.channels.campaigns).catch((thrown: unknown) => thrown);
    expect((error as WebAPIRateLimitedError).retryAfter).toBe(1);
    expect((await post(slack.channels.launchRoom)).ok).toBe(true);
    now += 1000;
    expect((await post(slack.channels.campaigns)).ok).toBe(true);
  });

  it('the multiplier widens the tiers and 0 removes them', async () => {
    const { slack, web } = await start({
      tierMultiplier: 1,
      scopes: WIDE,
      clock: { now: () => 1_790_000_000_000 },
    });
    for (let n = 0; n < 20; n += 1) await web.usergroups.list();
    expect(await web.usergroups.list().catch((thrown: unknown) => thrown)).toBeInstanceOf(
      WebAPIRateLimitedError,
    );
    slack.standIn.setTierMultiplier(2);
    expect((await web.usergroups.list()).ok).toBe(true);
    slack.standIn.setTierMultiplier(0);
    for (let n = 0; n < 30; n += 1) await web.usergroups.list();
  });
});

describe('failures on request', () => {
  const post = (slack: SlackDriver, web: WebClient) =>
    web.chat.postMessage({ channel: slack.channels.campaigns, text: 'x' });

  it('a lost answer: the message is posted, the connection breaks, the next one works', async () => {
    const { slack, web } = await start();
    slack.switchOn('slack-lose-answer', { count: 1 });
    await web.auth.test();
    await expect(post(slack, web)).rejects.toBeInstanceOf(WebAPIRequestError);
    expect(slack.messages(slack.channels.campaigns)).toHaveLength(1);
    expect(slack.callsTo('chat.postMessage')).toMatchObject([{ status: 0, answer: { ok: true } }]);
    expect((await post(slack, web)).ok).toBe(true);
  });

  it('a 500 does nothing, and can be aimed at one method', async () => {
    const { slack, web } = await start();
    slack.switchOn('slack-answer-500', { count: 1, methods: ['chat.postMessage'] });
    await web.auth.test();
    const error = await post(slack, web).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WebAPIHTTPError);
    expect(error).toMatchObject({ statusCode: 500 });
    expect(slack.messages(slack.channels.campaigns)).toEqual([]);
    expect((await post(slack, web)).ok).toBe(true);
  });

  it('a slow answer comes after the work is done', async () => {
    const { slack, web } = await start({ slowAnswerMs: 1500 });
    slack.switchOn('slack-answer-slow', { count: 1 });
    const hasty = webClient(slack, BOT_TOKEN, { timeout: 400 });
    await expect(post(slack, hasty)).rejects.toBeInstanceOf(WebAPIRequestError);
    await slack.waitFor(() => slack.messages(slack.channels.campaigns).length === 1, 'the message');
    expect((await web.auth.test()).ok).toBe(true);
  });

  it('rate-limiting everything answers 429 with Retry-After', async () => {
    const { slack, web } = await start();
    slack.switchOn('slack-rate-limit');
    await expect(web.auth.test()).rejects.toMatchObject({ retryAfter: 2 });
    slack.switchOff('slack-rate-limit');
    expect((await web.auth.test()).ok).toBe(true);
  });

  it('a message can be deleted as soon as it is posted', async () => {
    const { slack, web } = await start();
    slack.switchOn('slack-delete-posted', { count: 1 });
    const { ts = '', channel = '' } = await post(slack, web);
    expect(await code(web.chat.update({ channel, ts, text: 'x' }))).toBe('message_not_found');
  });

  it('a workspace in rollout refuses new blocks and takes old ones', async () => {
    const { slack, web } = await start();
    slack.switchOn('slack-refuse-new-blocks');
    const send = (blocks: object[]) =>
      web.chat.postMessage({ channel: slack.channels.campaigns, text: 'x', blocks: blocks as never });
    const chart = {
      type: 'data_visualization',
      title: 'x',
      chart: { type: 'pie', segments: [{ label: 'a', value: 1 }] },
    };
    expect(await refusal(send([chart]))).toMatchObject({
      error: 'invalid_blocks',
      errors: ['unsupported type: data_visualization [json-pointer:/blocks/0/type]'],
    });
    expect((await send([{ type: 'divider' }])).ok).toBe(true);
  });

  it('every switch is a row, counts down in sight, and the channel switches mirror the channel', async () => {
    const { slack, web } = await start();
    const row = (id: string) => slack.standIn.snapshot().faults.find((fault) => fault.id === id);
    const switchFault = slack.standIn.verbs['switch-fault'];
    await switchFault({ id: 'slack-answer-500', isOn: true, count: 2 });
    expect(row('slack-answer-500')).toMatchObject({ isOn: true, count: 2 });
    await web.auth.test().catch(() => undefined);
    expect(row('slack-answer-500')).toMatchObject({ isOn: true, count: 1 });
    await web.auth.test().catch(() => undefined);
    expect(row('slack-answer-500')).toMatchObject({ isOn: false, count: null });
    await switchFault({ id: `slack-archive:${slack.channels.campaigns}`, isOn: true, count: null });
    expect(await code(post(slack, web))).toBe('is_archived');
    expect(row(`slack-archive:${slack.channels.campaigns}`)).toMatchObject({
      isOn: true,
      label: '#campaigns is archived',
    });
    await switchFault({ id: `slack-remove-bot:${slack.channels.partner}`, isOn: true, count: null });
    expect(await code(web.chat.postMessage({ channel: slack.channels.partner, text: 'x' }))).toBe(
      'not_in_channel',
    );
    expect(await switchFault({ id: 'slack-nonsense', isOn: true, count: null })).toEqual({
      ok: false,
      error: 'There is no such switch.',
    });
  });
});
