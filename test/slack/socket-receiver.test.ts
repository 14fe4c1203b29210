import { once } from 'node:events';
import { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createIntake } from '#slack/intake.ts';
import { slackLogger } from '#slack/logger.ts';
import { SocketReceiver } from '#slack/socket-receiver.ts';
import { recordingLog } from './log.ts';
import { startScriptedSlack } from './scripted-slack.ts';

type Ack = { envelope_id: string; payload: Record<string, unknown> };

/** Slack's end of the socket: says hello, sends envelopes, keeps what is acknowledged. */
async function startSocketSlack() {
  const web = await startScriptedSlack();
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const sockets: WebSocket[] = [];
  const acks: Ack[] = [];
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data) => acks.push(JSON.parse(String(data))));
    socket.send(JSON.stringify({ type: 'hello' }));
  });
  const address = server.address() as { port: number };
  web.answer('apps.connections.open', { ok: true, url: `ws://127.0.0.1:${address.port}/` });
  return {
    web,
    sockets,
    acks,
    send: (envelope: object) => sockets.at(-1)?.send(JSON.stringify(envelope)),
    async close() {
      for (const socket of sockets) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
      await web.close();
    },
  };
}

describe('Socket Mode', () => {
  let slack: Awaited<ReturnType<typeof startSocketSlack>>;
  let receiver: SocketReceiver;
  let app: App;
  const stored = new Set<string>();
  let failures = 0;

  beforeEach(async () => {
    slack = await startSocketSlack();
    stored.clear();
    failures = 0;
    const log = recordingLog();
    const intake = createIntake({
      log,
      storedAs: (body) =>
        body.type === 'event_callback' ? { key: String(body.event_id), kind: 'event' } : null,
      store: async ({ key }) => {
        if (failures-- > 0) throw new Error('no database');
        stored.add(key);
      },
    });
    receiver = new SocketReceiver({ intake, appToken: 'xapp-1', apiUrl: slack.web.apiUrl, log });
    app = new App({
      receiver,
      authorize: async () => ({ botUserId: 'UBOT', botId: 'B1' }),
      logger: slackLogger(log),
      convoStore: false,
    });
  });
  afterEach(async () => {
    await receiver.stop();
    await slack.close();
  });

  const event = {
    type: 'events_api',
    envelope_id: 'e1',
    payload: { type: 'event_callback', event_id: 'Ev1', team_id: 'T1', event: { type: 'file_shared' } },
  };
  const command = {
    type: 'slash_commands',
    envelope_id: 'e2',
    payload: { command: '/campaign', text: 'help', user_id: 'U1', team_id: 'T1', channel_id: 'C1' },
  };

  test('an event is stored and then acknowledged, once more when it comes twice', async () => {
    await receiver.start();
    slack.send(event);
    slack.send({ ...event, envelope_id: 'e1-again' });
    await expect.poll(() => slack.acks.map((ack) => ack.envelope_id)).toEqual(['e1', 'e1-again']);
    expect([...stored]).toEqual(['Ev1']);
  });

  test('an event that cannot be stored is not acknowledged, so Slack sends it again', async () => {
    await receiver.start();
    failures = 1;
    slack.send(event);
    slack.send({ ...event, envelope_id: 'retry', retry_attempt: 1 });
    await expect.poll(() => slack.acks).toHaveLength(1);
    expect(slack.acks[0]?.envelope_id).toBe('retry');
  });

  test('a command is answered over the socket, and a second acknowledgement does no harm', async () => {
    app.command('/campaign', async ({ ack }) => {
      await ack({ text: 'Hello.' });
      await ack({ text: 'Again.' });
    });
    await receiver.start();
    slack.send(command);
    await expect.poll(() => slack.acks).toEqual([{ envelope_id: 'e2', payload: { text: 'Hello.' } }]);
  });

  test('a dropped socket is opened again', async () => {
    await receiver.start();
    slack.sockets[0]?.terminate();
    await expect.poll(() => slack.sockets.length).toBe(2);
    slack.send(event);
    await expect.poll(() => stored.has('Ev1')).toBe(true);
  });

  test('a socket that Slack recycles is opened again', async () => {
    await receiver.start();
    slack.send({ type: 'disconnect', reason: 'refresh_requested' });
    await expect.poll(() => slack.sockets.length).toBe(2);
  });

  test('a Slack that is away at the start is tried until it is there', async () => {
    const url = `ws://127.0.0.1:1/`;
    slack.web.answer('apps.connections.open', (_, response) => response.destroy());
    await receiver.start();
    slack.web.answer('apps.connections.open', { ok: true, url });
    await expect.poll(() => slack.web.callsOf('apps.connections.open').length).toBeGreaterThan(1);
  });
});
