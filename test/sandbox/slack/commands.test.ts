import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOT_USER_ID } from '#sandbox/slack/seed.ts';
import { SIGNING_SECRET, type SlackDriver, startSlack } from '#support/slack.ts';
import { type BotDouble, startBotDouble } from './bot-double.ts';

let slack: SlackDriver;
let bot: BotDouble;
let now = Date.now();

beforeEach(async () => {
  bot = await startBotDouble(SIGNING_SECRET);
  slack = await startSlack({ ackDeadlineMs: 1_500, clock: { now: () => now } });
  slack.pointAt(bot.url);
});
afterEach(async () => {
  await slack.close();
  await bot.close();
});

const run = (
  text: string,
  userId: string = slack.people.admin,
  channelId: string = slack.channels.campaigns,
) => slack.slash(userId, channelId, text);
const shown = () => slack.ephemerals(slack.people.admin).map(({ text }) => text);
const respond = async (url: unknown, body: object) => {
  const response = await fetch(String(url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as { ok: boolean; error?: string } };
};

describe('a slash command', () => {
  it('is a signed form with everything the bot needs to answer', async () => {
    await run('/campaign list running');
    const [received] = bot.of('command');
    expect(received?.isSigned).toBe(true);
    expect(received?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(received?.body).toMatchObject({
      command: '/campaign',
      text: 'list running',
      user_id: slack.people.admin,
      user_name: 'dana',
      channel_id: slack.channels.campaigns,
      channel_name: 'campaigns',
      trigger_id: expect.stringMatching(/^\d+\.\d+\.[0-9a-f]+$/),
      response_url: expect.stringContaining('/commands/'),
    });
  });

  it('gets names as references and the rest escaped', async () => {
    await run('/campaign share @sam #launch-room with @launchers & <co>');
    expect(bot.of('command')[0]?.body.text).toBe(
      `share <@${slack.people.teammate}|sam> <#${slack.channels.launchRoom}|launch-room> with <!subteam^S00LAUNCHERS|@launchers> &amp; &lt;co&gt;`,
    );
  });

  it('calls direct messages and private channels as Slack calls them', async () => {
    await run('help', slack.people.admin, slack.directMessage(slack.people.admin));
    await run('help', slack.people.admin, slack.channels.launchRoom);
    expect(bot.of('command').map(({ body }) => body.channel_name)).toEqual(['directmessage', 'privategroup']);
  });

  const answers: [string, object | string, string | undefined][] = [
    ['an empty answer shows nothing', '', undefined],
    ['plain text is for the person alone', 'Here you are', 'Here you are'],
    ['JSON is for the person alone', { text: 'Only you' }, 'Only you'],
    ['broken JSON is named so', '{"text"', '/campaign failed with the error "invalid_command_response"'],
    [
      'bad blocks are named so',
      { text: 'x', blocks: [{ type: 'section' }] },
      '/campaign failed with the error "invalid_blocks"',
    ],
  ];
  it.each(answers)('%s', async (_name, body, text) => {
    bot.on('command', () => ({ body }));
    await run('/campaign help');
    expect(shown()[0]).toBe(text);
    expect(slack.messages(slack.channels.campaigns)).toEqual([]);
  });

  it('in_channel shows the command and the answer to everybody', async () => {
    bot.on('command', () => ({ body: { response_type: 'in_channel', text: 'Started' } }));
    await run('/campaign start spring');
    expect(slack.messages(slack.channels.campaigns).map(({ userId, text }) => [userId, text])).toEqual([
      [slack.people.admin, '/campaign start spring'],
      [BOT_USER_ID, 'Started'],
    ]);
  });

  it('that is not answered in time says operation_timeout', async () => {
    bot.on('command', () => ({ delayMs: 2500 }));
    await run('/campaign list');
    expect(shown()).toEqual(['/campaign failed with the error "operation_timeout"']);
  });

  it('that is answered with an error, or by nobody, says dispatch_failed', async () => {
    bot.on('command', () => ({ status: 500 }));
    await run('/campaign list');
    slack.pointAt(null);
    await run('/campaign list');
    expect(shown()).toEqual(Array(2).fill('/campaign failed with the error "dispatch_failed"'));
  });

  it('that nobody knows, or that belongs to another company, is not valid', async () => {
    await run('/crash');
    await run('/campaign list', slack.people.stranger, slack.channels.partner);
    expect(shown()).toEqual(['`/crash` is not a valid command.']);
    expect(slack.ephemerals(slack.people.stranger).map(({ text }) => text)).toEqual([
      '`/campaign` is not a valid command.',
    ]);
    expect(bot.received).toEqual([]);
  });

  it('cannot be run in an archived channel or where the person is not', async () => {
    await slack.archive(slack.channels.campaigns);
    await expect(run('/campaign list')).rejects.toThrow('#campaigns is archived.');
    await expect(run('/campaign list', slack.people.guest, slack.channels.launchRoom)).rejects.toThrow(
      'Gus Lindqvist is not in #launch-room.',
    );
  });
});

describe('response_url', () => {
  const urlOf = async () => {
    await run('/campaign list');
    return bot.of('command').at(-1)?.body.response_url;
  };

  it('answers for the person alone unless told otherwise', async () => {
    const url = await urlOf();
    expect(await respond(url, { text: 'quietly' })).toEqual({ status: 200, body: { ok: true } });
    await respond(url, { text: 'aloud', response_type: 'in_channel' });
    expect(shown()).toEqual(['quietly']);
    expect(slack.messages(slack.channels.campaigns).map(({ text }) => text)).toEqual(['aloud']);
    expect(slack.callsTo('response_url')).toHaveLength(2);
  });

  it('works five times', async () => {
    const url = await urlOf();
    for (let n = 0; n < 5; n += 1) expect((await respond(url, { text: `${n}` })).status).toBe(200);
    expect(await respond(url, { text: '6' })).toEqual({
      status: 404,
      body: { ok: false, error: 'used_url' },
    });
  });

  it('works for thirty minutes', async () => {
    const url = await urlOf();
    now += 30 * 60_000 + 1;
    expect(await respond(url, { text: 'late' })).toEqual({
      status: 404,
      body: { ok: false, error: 'expired_url' },
    });
  });

  it('of a command has no original to replace or delete', async () => {
    const url = await urlOf();
    for (const how of ['replace_original', 'delete_original']) {
      expect((await respond(url, { text: 'x', [how]: true })).body.error).toBe('cant_update_message');
    }
  });

  it('refuses bad blocks and what says nothing', async () => {
    const url = await urlOf();
    expect((await respond(url, { blocks: [{ type: 'section' }] })).body.error).toBe('invalid_blocks');
    expect(await respond(url, {})).toMatchObject({ status: 400, body: { error: 'no_text' } });
    const broken = await fetch(String(url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([broken.status, await broken.json()]).toEqual([400, { ok: false, error: 'invalid_json' }]);
    expect((await respond(`${slack.url}/commands/T/nonsense`, { text: 'x' })).body.error).toBe('invalid_url');
  });
});
