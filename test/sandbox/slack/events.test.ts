import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '#sandbox/page-protocol.ts';
import { BOT_USER_ID, OTHER_TEAM_ID, TEAM_ID } from '#sandbox/slack/seed.ts';
import { SIGNING_SECRET, type SlackDriver, startSlack } from '#support/slack.ts';
import { type BotDouble, type Received, startBotDouble } from './bot-double.ts';
import { refusalCode, webClient } from './client.ts';

/** More than the app subscribes to: everything that can happen. */
const EVERYTHING = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'channel_archive',
  'channel_deleted',
  'channel_id_changed',
  'channel_left',
  'channel_unarchive',
  'file_deleted',
  'file_shared',
  'group_archive',
  'group_left',
  'member_joined_channel',
  'message.im',
  'subteam_members_changed',
  'tokens_revoked',
];

let slack: SlackDriver;
let bot: BotDouble;

beforeEach(async () => {
  bot = await startBotDouble(SIGNING_SECRET);
  slack = await startSlack({
    subscribedEvents: EVERYTHING,
    ackDeadlineMs: 800,
    eventRetryDelaysMs: [0, 40, 80],
    lateEventMs: 300,
  });
  slack.pointAt(bot.url);
});
afterEach(async () => {
  await slack.close();
  await bot.close();
});

const event = (received: Received | undefined) => received?.body.event as JsonObject;
const arrived = (type: string, count = 1) =>
  slack.waitFor(() => bot.of(type).length >= count && bot.of(type), `${count} of ${type}`);

describe('the envelope', () => {
  it('is signed over the raw body and says whose installation it is for', async () => {
    await slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');
    const [received] = await arrived('app_mention');
    expect(received).toMatchObject({
      isSigned: true,
      body: {
        type: 'event_callback',
        team_id: TEAM_ID,
        api_app_id: expect.any(String),
        event_id: expect.stringMatching(/^Ev/),
        event_time: expect.any(Number),
        authorizations: [
          { team_id: TEAM_ID, user_id: BOT_USER_ID, is_bot: true, is_enterprise_install: false },
        ],
        is_ext_shared_channel: false,
      },
    });
    expect(received?.headers['user-agent']).toContain('Slackbot');
    expect(Math.abs(Number(received?.headers['x-slack-request-timestamp']) - Date.now() / 1000)).toBeLessThan(
      5,
    );
  });

  it('tells of shared channels, where the team may be another one', async () => {
    await slack.say(slack.people.stranger, slack.channels.partner, '@ringmaster hello');
    const [received] = await arrived('app_mention');
    expect(received?.body).toMatchObject({
      team_id: OTHER_TEAM_ID,
      is_ext_shared_channel: true,
      authorizations: [{ team_id: TEAM_ID }],
    });
  });
});

describe('what causes events', () => {
  it('a mention carries the text with the reference, the thread and the files', async () => {
    const card = await slack.say(slack.people.admin, slack.channels.campaigns, 'card');
    await slack.dropFile(slack.people.admin, slack.channels.campaigns, 'leads.csv', 'phone\n1', {
      comment: '@ringmaster import <this> & that',
      threadTs: card.ts,
    });
    const [mention] = await arrived('app_mention');
    expect(event(mention)).toMatchObject({
      text: `<@${BOT_USER_ID}> import &lt;this&gt; &amp; that`,
      channel: slack.channels.campaigns,
      user: slack.people.admin,
      thread_ts: card.ts,
      files: [{ name: 'leads.csv', filetype: 'csv', mode: 'hosted' }],
    });
    const [shared] = await arrived('file_shared');
    expect(event(shared)).toMatchObject({
      user_id: slack.people.admin,
      channel_id: slack.channels.campaigns,
      file_id: expect.stringMatching(/^F/),
    });
  });

  it('messages in a channel without a mention cause nothing, nor do mentions where the bot is not', async () => {
    await slack.say(slack.people.admin, slack.channels.campaigns, 'just talking');
    await slack.say(slack.people.admin, slack.channels.general, '@ringmaster are you here');
    await slack.dropFile(slack.people.admin, slack.channels.general, 'a.csv', 'x');
    await slack.settled();
    expect(bot.received).toEqual([]);
  });

  it('every direct message counts, and the bot hears its own with its bot_id', async () => {
    const direct = slack.directMessage(slack.people.teammate);
    await slack.say(slack.people.teammate, direct, 'help');
    const web = webClient(slack);
    const { ts = '' } = await web.chat.postMessage({ channel: direct, text: 'Here to help' });
    await web.chat.update({ channel: direct, ts, text: 'Still here' });
    const [theirs, own, changed] = await arrived('message', 3);
    expect(event(theirs)).toMatchObject({ channel_type: 'im', text: 'help', user: slack.people.teammate });
    expect(event(own)).toMatchObject({ user: BOT_USER_ID, bot_id: expect.any(String) });
    expect(event(changed)).toMatchObject({ subtype: 'message_changed', message: { text: 'Still here' } });
  });

  it('a file in a direct message is a file_share', async () => {
    await slack.dropFile(slack.people.admin, slack.directMessage(slack.people.admin), 'a.csv', 'x');
    const [message] = await arrived('message');
    expect(event(message)).toMatchObject({ subtype: 'file_share', files: [{ name: 'a.csv' }] });
  });

  it("the bot's own upload comes back as file_shared with its user id", async () => {
    await webClient(slack).filesUploadV2({
      channel_id: slack.channels.campaigns,
      filename: 'results.csv',
      content: 'a,b',
    });
    const [shared] = await arrived('file_shared');
    expect(event(shared)).toMatchObject({ user_id: BOT_USER_ID });
  });

  it("a stranger's file is a stub in events", async () => {
    await slack.dropFile(slack.people.stranger, slack.channels.partner, 'leads.csv', 'x', {
      comment: '@ringmaster',
    });
    const [mention] = await arrived('app_mention');
    expect(event(mention).files).toEqual([
      {
        id: expect.any(String),
        created: 0,
        timestamp: 0,
        user: '',
        mode: 'file_access',
        file_access: 'check_file_info',
      },
    ]);
  });

  it('opening the home tab, with the view that is there already', async () => {
    await slack.openHome(slack.people.admin);
    const [first] = await arrived('app_home_opened');
    expect(event(first)).toMatchObject({
      user: slack.people.admin,
      tab: 'home',
      channel: slack.directMessage(slack.people.admin),
    });
    expect(event(first)).not.toHaveProperty('view');
    await webClient(slack).views.publish({ user_id: slack.people.admin, view: { type: 'home', blocks: [] } });
    await slack.openHome(slack.people.admin);
    const [, second] = await arrived('app_home_opened', 2);
    expect(event(second).view).toMatchObject({ type: 'home' });
  });

  it('channels that are archived, opened, left, joined or converted', async () => {
    const { campaigns, launchRoom } = slack.channels;
    await slack.archive(campaigns);
    await slack.archive(campaigns, false);
    await slack.removeBot(campaigns);
    await slack.inviteBot(campaigns);
    await slack.removeBot(launchRoom);
    const id = slack.changeChannelId(slack.channels.partner);
    await arrived('channel_id_changed');
    const seen = bot.received.map((received) => [event(received).type, event(received).channel ?? null]);
    expect(seen).toEqual(
      expect.arrayContaining([
        ['channel_archive', campaigns],
        ['channel_unarchive', campaigns],
        ['channel_left', campaigns],
        ['member_joined_channel', campaigns],
        ['group_left', launchRoom],
      ]),
    );
    expect(event(bot.of('channel_id_changed')[0])).toMatchObject({
      old_channel_id: slack.channels.partner,
      new_channel_id: id,
    });
    expect((await webClient(slack).conversations.info({ channel: id })).channel?.name).toBe('partner-acme');
  });

  it('deleted channels and files, and changed groups', async () => {
    const dropped = await slack.dropFile(slack.people.admin, slack.channels.campaigns, 'a.csv', 'x');
    await slack.deleteFile(dropped.files[0]?.id ?? '');
    slack.setGroupMembers('S00LAUNCHERS', [slack.people.admin, slack.people.approver]);
    slack.deleteChannel(slack.channels.campaigns);
    await arrived('channel_deleted');
    await slack.settled();
    expect(event(bot.of('file_deleted')[0])).toMatchObject({ file_id: dropped.files[0]?.id });
    expect(event(bot.of('subteam_members_changed')[0])).toMatchObject({
      subteam_id: 'S00LAUNCHERS',
      added_users: [slack.people.approver],
      removed_users: [slack.people.teammate],
    });
    expect(
      await refusalCode(webClient(slack).conversations.info({ channel: slack.channels.campaigns })),
    ).toBe('channel_not_found');
  });

  it('a revoked token and an uninstalled app say so; afterwards there is silence', async () => {
    slack.switchOn('slack-uninstall');
    await arrived('app_uninstalled');
    expect(event(bot.of('tokens_revoked')[0])).toMatchObject({ tokens: { bot: [BOT_USER_ID], oauth: [] } });
    await slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');
    await slack.settled();
    expect(bot.of('app_mention')).toEqual([]);
  });

  it('events that the app did not subscribe to are not sent', async () => {
    const quiet = await startSlack({ botRequestUrl: bot.url, subscribedEvents: ['file_shared'] });
    await quiet.say(quiet.people.admin, quiet.channels.campaigns, '@ringmaster hello');
    await quiet.dropFile(quiet.people.admin, quiet.channels.campaigns, 'a.csv', 'x');
    await quiet.settled();
    await quiet.close();
    expect(bot.received.map((received) => event(received).type)).toEqual(['file_shared']);
  });
});

describe('a new address', () => {
  it('is taken when it sends the challenge back, as JSON or as text', async () => {
    bot.on('url_verification', ({ body }, count) => ({
      body: count === 1 ? { challenge: body.challenge } : String(body.challenge),
    }));
    expect(await slack.standIn.verifyRequestUrl()).toBe(true);
    expect(await slack.standIn.verifyRequestUrl()).toBe(true);
    expect(bot.of('url_verification')[0]?.isSigned).toBe(true);
  });

  it('is not taken otherwise', async () => {
    expect(await slack.standIn.verifyRequestUrl()).toBe(false);
    bot.on('url_verification', () => ({ status: 401 }));
    expect(await slack.standIn.verifyRequestUrl()).toBe(false);
  });
});

describe('repetitions', () => {
  const mention = () => slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');

  it('an event that fails is repeated three times with its number and reason, then given up', async () => {
    bot.on('app_mention', (_, count) => (count === 2 ? { delayMs: 2500 } : { status: 500 }));
    await mention();
    const all = await arrived('app_mention', 4);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(bot.of('app_mention')).toHaveLength(4);
    expect(all.map(({ headers }) => [headers['x-slack-retry-num'], headers['x-slack-retry-reason']])).toEqual(
      [
        [undefined, undefined],
        ['1', 'http_error'],
        ['2', 'http_timeout'],
        ['3', 'http_error'],
      ],
    );
    expect(new Set(all.map(({ body }) => body.event_id)).size).toBe(1);
    expect(all.every(({ isSigned }) => isSigned)).toBe(true);
  });

  it('an event that is taken is not repeated', async () => {
    bot.on('app_mention', (_, count) => (count === 1 ? { status: 500 } : {}));
    await mention();
    await arrived('app_mention', 2);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(bot.of('app_mention')).toHaveLength(2);
  });

  it('x-slack-no-retry ends it', async () => {
    bot.on('app_mention', () => ({ status: 500, headers: { 'x-slack-no-retry': '1' } }));
    await mention();
    await arrived('app_mention');
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(bot.of('app_mention')).toHaveLength(1);
  });

  it('a redirect counts as one too many', async () => {
    bot.on('app_mention', (_, count) => (count === 1 ? { status: 302, headers: { location: bot.url } } : {}));
    await mention();
    const [, again] = await arrived('app_mention', 2);
    expect(again?.headers['x-slack-retry-reason']).toBe('too_many_redirects');
  });

  it('a bot that is down gets the event when it is back', async () => {
    slack.pointAt('http://127.0.0.1:9/slack/events');
    await mention();
    await slack.waitFor(() => slack.deliveriesOf('app_mention').length > 0, 'the first try');
    slack.pointAt(bot.url);
    const [received] = await arrived('app_mention');
    expect(received?.headers['x-slack-retry-reason']).toBe('connection_failed');
  });
});

describe('failures on request', () => {
  it('each event twice, with the same id', async () => {
    slack.switchOn('slack-duplicate-events', { count: 1 });
    await slack.say(slack.people.admin, slack.channels.campaigns, '@ringmaster hello');
    const both = await arrived('app_mention', 2);
    expect(new Set(both.map(({ body }) => body.event_id)).size).toBe(1);
  });

  it('late and out of order', async () => {
    slack.switchOn('slack-late-events');
    for (const text of ['one', 'two'])
      await slack.say(slack.people.admin, slack.channels.campaigns, `@ringmaster ${text}`);
    const both = await arrived('app_mention', 2);
    expect(both.map((received) => String(event(received).text).split(' ')[1])).toEqual(['two', 'one']);
  });
});
