import { createHmac } from 'node:crypto';
import { App } from '@slack/bolt';
import { beforeEach, describe, expect, test } from 'vitest';
import { createIntake, type SlackBody, type StoredRequest } from '#slack/intake.ts';
import { slackLogger } from '#slack/logger.ts';
import { HttpReceiver } from '#slack/receiver.ts';
import { recordingLog } from './log.ts';

const SECRET = 'a-signing-secret';
const WALL_MS = Date.UTC(2026, 10, 22, 12);

function setUp(options: { ackTimeoutMs?: number; store?: () => Promise<unknown> } = {}) {
  const log = recordingLog();
  const stored = new Map<string, StoredRequest & { payload: SlackBody }>();
  const intake = createIntake({
    log,
    storedAs: (body) =>
      body.type === 'event_callback' ? { key: `event:${String(body.event_id)}`, kind: 'event' } : null,
    store:
      options.store ??
      (async (request) => {
        if (!stored.has(request.key)) stored.set(request.key, request);
      }),
    ...(options.ackTimeoutMs ? { ackTimeoutMs: options.ackTimeoutMs } : {}),
  });
  const receiver = new HttpReceiver({ intake, signingSecret: SECRET, log, wallClock: () => WALL_MS });
  const app = new App({
    receiver,
    authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'UBOT' }),
    logger: slackLogger(log),
    convoStore: false,
  });
  app.error(async (error) => {
    throw error;
  });
  return { app, receiver, log, stored };
}

type Send = {
  body: string | Uint8Array;
  contentType?: string;
  secret?: string;
  ageSeconds?: number;
  headers?: Record<string, string>;
};

function send(receiver: HttpReceiver, { body, contentType, secret = SECRET, ageSeconds = 0, headers }: Send) {
  const timestamp = String(Math.floor(WALL_MS / 1000) - ageSeconds);
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex');
  return receiver.routes.request('/slack/events', {
    method: 'POST',
    body: body as BodyInit,
    headers: {
      'content-type': contentType ?? 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${signature}`,
      ...headers,
    },
  });
}

const json = (body: object) => JSON.stringify(body);
const form = (fields: Record<string, string>) => new URLSearchParams(fields).toString();
const FORM = 'application/x-www-form-urlencoded';
const COMMAND = {
  command: '/campaign',
  text: 'list',
  user_id: 'U1',
  team_id: 'T1',
  channel_id: 'C1',
  trigger_id: '1.2',
};
const CLICK = {
  type: 'block_actions',
  user: { id: 'U1', team_id: 'T1' },
  team: { id: 'T1' },
  channel: { id: 'C1' },
  actions: [{ type: 'button', action_id: 'campaign.why', block_id: 'b', value: '1.1' }],
};

describe('a request that Slack did not make', () => {
  let setup: ReturnType<typeof setUp>;
  beforeEach(() => {
    setup = setUp();
  });

  test.each<[string, Partial<Send>]>([
    ['with another secret is refused', { secret: 'guessed' }],
    ['with a signature older than five minutes is refused', { ageSeconds: 301 }],
    ['with a signature from the future is refused', { ageSeconds: -301 }],
    ['without a signature is refused', { headers: { 'x-slack-signature': '' } }],
    ['with a signature of another version is refused', { headers: { 'x-slack-signature': 'v1=00' } }],
    ['with words for a timestamp is refused', { headers: { 'x-slack-request-timestamp': 'now' } }],
  ])('%s', async (_, request) => {
    const answer = await send(setup.receiver, {
      body: json({ type: 'event_callback', event_id: 'E1' }),
      ...request,
    });
    expect(answer.status).toBe(401);
    expect(setup.stored.size).toBe(0);
  });

  test('whose body was changed under the signature is refused', async () => {
    const original = json({ type: 'event_callback', event_id: 'E1' });
    const timestamp = String(Math.floor(WALL_MS / 1000));
    const signature = createHmac('sha256', SECRET).update(`v0:${timestamp}:${original}`).digest('hex');
    const answer = await setup.receiver.routes.request('/slack/events', {
      method: 'POST',
      body: original.replace('E1', 'E2'),
      headers: { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` },
    });
    expect(answer.status).toBe(401);
  });

  test('of more than four megabytes is refused before it is read', async () => {
    const answer = await send(setup.receiver, { body: 'x'.repeat(4 * 1024 * 1024 + 1) });
    expect(answer.status).toBe(413);
  });

  test('is logged without its body', async () => {
    await send(setup.receiver, { body: json({ secret: 'hunter2' }), secret: 'guessed' });
    expect(JSON.stringify(setup.log.lines)).not.toContain('hunter2');
  });
});

describe('the signature', () => {
  test('is checked over the raw bytes, also when they are not valid text', async () => {
    const { receiver } = setUp();
    const answer = await send(receiver, { body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]) });
    expect(answer.status).toBe(400);
  });

  test('four minutes old is still good', async () => {
    const { receiver, stored } = setUp();
    await send(receiver, { body: json({ type: 'event_callback', event_id: 'E1' }), ageSeconds: 240 });
    expect([...stored.keys()]).toEqual(['event:E1']);
  });
});

describe('the handshakes', () => {
  test('the challenge is returned', async () => {
    const { receiver } = setUp();
    const answer = await send(receiver, { body: json({ type: 'url_verification', challenge: 'abc' }) });
    expect(await answer.json()).toEqual({ challenge: 'abc' });
  });

  test('a certificate check is answered with an empty 200', async () => {
    const { receiver } = setUp();
    const answer = await send(receiver, { body: form({ ssl_check: '1', token: 't' }), contentType: FORM });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  test.each([
    ['broken JSON', '{"type":', 'application/json'],
    ['a JSON list', '[1]', 'application/json'],
    ['a broken payload', form({ payload: '{' }), FORM],
  ])('%s is answered with 400', async (_, body, contentType) => {
    const { receiver } = setUp();
    expect((await send(receiver, { body, contentType })).status).toBe(400);
  });
});

describe('an event', () => {
  const event = {
    type: 'event_callback',
    event_id: 'Ev1',
    team_id: 'T1',
    token: 'legacy',
    event: { type: 'file_shared' },
  };

  test('is stored before it is answered', async () => {
    const order: string[] = [];
    const { receiver } = setUp({
      store: async () => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        order.push('stored');
      },
    });
    const answer = await send(receiver, { body: json(event) });
    order.push(`answered ${answer.status}`);
    expect(order).toEqual(['stored', 'answered 200']);
  });

  test('sent again by Slack is stored once', async () => {
    const { receiver, stored } = setUp();
    const again = { 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_timeout' };
    const first = await send(receiver, { body: json(event) });
    const second = await send(receiver, { body: json(event), headers: again });
    expect([first.status, second.status, stored.size]).toEqual([200, 200, 1]);
  });

  test('that cannot be stored is answered with 503, so that Slack sends it again', async () => {
    const { receiver } = setUp({ store: () => Promise.reject(new Error('no database')) });
    expect((await send(receiver, { body: json(event) })).status).toBe(503);
  });

  test('is stored without the old verification token', async () => {
    const { receiver, stored } = setUp();
    await send(receiver, { body: json(event) });
    expect(stored.get('event:Ev1')?.payload).not.toHaveProperty('token');
  });
});

describe('a command', () => {
  test('is answered with what the listener acknowledges', async () => {
    const { app, receiver } = setUp();
    app.command('/campaign', async ({ ack }) => ack({ text: 'There you are.' }));
    const answer = await send(receiver, { body: form(COMMAND), contentType: FORM });
    expect(await answer.json()).toEqual({ text: 'There you are.' });
  });

  test('is understood with a charset behind the content type', async () => {
    const { app, receiver } = setUp();
    app.command('/campaign', async ({ ack, command }) => ack(`You said ${command.text}.`));
    const answer = await send(receiver, { body: form(COMMAND), contentType: `${FORM}; charset=utf-8` });
    expect(await answer.text()).toBe('You said list.');
  });

  test('that nobody listens for is acknowledged all the same', async () => {
    const { receiver } = setUp();
    const answer = await send(receiver, {
      body: form({ ...COMMAND, command: '/unknown' }),
      contentType: FORM,
    });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('a click', () => {
  const click = { body: form({ payload: json(CLICK) }), contentType: FORM };

  test('on a button that nobody listens for is acknowledged all the same', async () => {
    const { receiver } = setUp();
    expect((await send(receiver, click)).status).toBe(200);
  });

  test('whose listener throws before it acknowledges is answered with 500 at once', async () => {
    const { app, receiver, log } = setUp();
    app.action('campaign.why', async () => {
      throw new Error('broken');
    });
    expect((await send(receiver, click)).status).toBe(500);
    expect(log.lines.map(({ message }) => message)).toContain('a Slack listener failed');
  });

  test('whose listener throws after it acknowledged stays acknowledged', async () => {
    const { app, receiver } = setUp();
    app.action('campaign.why', async ({ ack }) => {
      await ack();
      throw new Error('broken');
    });
    expect((await send(receiver, click)).status).toBe(200);
  });

  test('acknowledged twice is answered with the first acknowledgement', async () => {
    const { app, receiver } = setUp();
    app.action('campaign.why', async ({ ack }) => {
      await ack();
      await ack();
    });
    expect((await send(receiver, click)).status).toBe(200);
  });

  test('whose listener is too slow is answered with 503, and the work goes on', async () => {
    const { app, receiver } = setUp({ ackTimeoutMs: 20 });
    const { promise, resolve } = Promise.withResolvers<void>();
    let isDone = false;
    app.action('campaign.why', async ({ ack }) => {
      await promise;
      await ack();
      isDone = true;
    });
    expect((await send(receiver, click)).status).toBe(503);
    resolve();
    await receiver.stop();
    expect(isDone).toBe(true);
  });
});

test('stopping waits for the work that is under way', async () => {
  const { app, receiver } = setUp();
  const { promise, resolve } = Promise.withResolvers<void>();
  let isDone = false;
  app.command('/campaign', async ({ ack }) => {
    await ack();
    await promise;
    isDone = true;
  });
  await send(receiver, { body: form(COMMAND), contentType: FORM });
  const stopped = receiver.stop();
  expect(isDone).toBe(false);
  resolve();
  await stopped;
  expect(isDone).toBe(true);
});
