import { once } from 'node:events';
import { connect as netConnect } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { createToken } from '#operations/create-token.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { revokeToken } from '#operations/revoke-token.ts';
import { createApi } from '#support/api.ts';
import { ANNA, phones } from '#support/engine.ts';
import { connect, says, startFeed } from '#support/feed.ts';

const api = await createApi();
const { deps, campaign, workspace } = api;
const token = await api.tokenFor(['read']);
const feed = await startFeed(deps);
afterAll(() => feed.stop());
const id = await campaign({ phones: phones(1) });
const address = `${feed.url}/ws/campaigns/${id}/progress`;
const ADDRESSES = [`/ws/campaigns/${id}/progress`, '/ws/campaigns/monitor', '/ws/calls/1/live-transcript'];

describe('a token', () => {
  test.each([
    ['in the query', connect.bind(null, `${address}?token=${token}`, {})],
    ['as a header', connect.bind(null, address, { headers: { authorization: `Bearer ${token}` } })],
    ['as a sub-protocol', connect.bind(null, address, { protocols: [`bearer.${token}`] })],
    ['as the reference’s sub-protocol', connect.bind(null, address, { protocols: [`burki-token-${token}`] })],
  ])('opens a socket %s', async (_, open) => {
    const client = open();
    await client.message(says({ type: 'initial_progress' }));
    await client.close();
  });

  test('is not what the server settles on as sub-protocol, where it has a choice', async () => {
    const client = connect(address, { protocols: [`bearer.${token}`, 'ringmaster'] });
    await client.message(says({ type: 'initial_progress' }));
    expect(client.socket.protocol).toBe('ringmaster');
    await client.close();
  });

  test.each(ADDRESSES)('that is wrong or missing closes %s with 1008 after the handshake', async (path) => {
    for (const query of ['', '?token=', '?token=rm_wrong']) {
      const client = connect(`${feed.url}${path}${query}`);
      const { code, reason } = await client.closed;
      expect([code, reason]).toEqual([
        1008,
        expect.stringMatching(/^No API token that is in force\. Make one/),
      ]);
      expect(client.messages).toEqual([{ type: 'error', message: reason }]);
    }
  });

  test('without the scope read opens none', async () => {
    const writing = await api.tokenFor(['write', 'launch']);
    const { code, reason } = await connect(`${address}?token=${writing}`).closed;
    expect([code, reason]).toEqual([1008, expect.stringMatching(/may not look/)]);
  });

  test('of another workspace finds nothing there', async () => {
    const other = await ensureWorkspace(deps, { slackTeamId: 'T2', name: 'Other', botUserId: 'U_BOT' });
    const theirs = await api.tokenFor(['read'], other.id);
    const client = connect(`${address}?token=${theirs}`);
    expect((await client.closed).code).toBe(4004);
    expect(client.messages.map(({ type }) => type)).toEqual(['error']);
  });

  test('that is revoked, or comes to its end, loses its sockets within seconds; others keep theirs', async () => {
    const make = (expiresAt: Date | null) =>
      createToken(deps, {
        workspaceId: workspace.id,
        actor: ANNA,
        name: 'short',
        scopes: ['read'],
        expiresAt,
      });
    const revoked = await make(null);
    const ending = await make(new Date(api.clock.now().getTime() + 60_000));
    const clients = [revoked.secret, ending.secret, token].map((secret) =>
      connect(`${address}?token=${secret}`),
    );
    for (const client of clients) await client.message(says({ type: 'initial_progress' }));
    await revokeToken(deps, { workspaceId: workspace.id, actor: ANNA, tokenId: revoked.tokenId });
    api.clock.move(60_000);
    const [first, second, kept] = clients;
    for (const client of [first, second])
      expect(await client?.closed).toEqual({
        code: 1008,
        reason: expect.stringMatching(/not in force any more/),
      });
    kept?.send({ type: 'ping' });
    await kept?.message(says({ type: 'pong' }));
    await kept?.close();
  });
});

describe('a socket', () => {
  test('that sends more than a hundred messages a second is closed', async () => {
    const client = connect(`${address}?token=${token}`);
    await client.message(says({ type: 'initial_progress' }));
    for (let n = 0; n < 150; n += 1) client.send({ type: 'ping' });
    expect(await client.closed).toEqual({
      code: 1008,
      reason: expect.stringMatching(/^More than 100 messages/),
    });
  });

  test('breaks alone when what comes on it is no WebSocket, or nothing', async () => {
    const { port } = new URL(feed.url);
    const lines = [
      `GET /ws/campaigns/monitor?token=${token} HTTP/1.1`,
      'Host: 127.0.0.1',
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    const handshake = `${lines.join('\r\n')}\r\n\r\n`;
    const isAnswered = async (sent: (string | number[])[]) => {
      const socket = netConnect(Number(port), '127.0.0.1').on('error', () => undefined);
      for (const piece of sent) socket.write(typeof piece === 'string' ? piece : Uint8Array.from(piece));
      const [answer] = await once(socket, 'data');
      return { socket, answer: String(answer).slice(0, 12) };
    };
    const unmasked = [0x81, 0x02, 0x7b, 0x7d];
    const wrong = [
      unmasked,
      [0xf1, 0x80, 0, 0, 0, 0],
      [0x83, 0x80, 0, 0, 0, 0],
      [0x80, 0x80, 0, 0, 0, 0],
      [0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [0x89, 0xfe, 0xff, 0xff, 0, 0, 0, 0],
      [0x88, 0x81, 0, 0, 0, 0, 0],
      [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28],
    ];
    for (const bytes of wrong) {
      const { socket, answer } = await isAnswered([handshake, bytes]);
      expect(answer).toBe('HTTP/1.1 101');
      await once(socket.resume(), 'close');
    }
    const halves = await Promise.all([[], [0x81], [0x01, 0x85, 0, 0]].map((b) => isAnswered([handshake, b])));
    for (const { socket } of halves) socket.destroy();
    const { answer } = await isAnswered([handshake.replace('dGhlIHNhbXBsZSBub25jZQ==', 'short')]);
    expect(answer).toBe('HTTP/1.1 400');
    const client = connect(`${feed.url}/ws/campaigns/monitor?token=${token}`);
    await client.message(says({ type: 'initial_progress' }));
    await client.close();
  });

  test('more than a token and those it made may have open is closed in words, and there is room again later', async () => {
    const own = await startFeed(deps, { mostSockets: 2 });
    const open = (secret: string) => connect(`${own.url}/ws/campaigns/${id}/progress?token=${secret}`);
    const parent = await api.tokenFor(['read', 'write']);
    const wish = { name: 'child', scopes: ['read'] };
    const child = (await api.ask('POST /tokens', { token: parent, json: wish })).body.token;
    const clients = [open(parent), open(child)];
    for (const client of clients) await client.message(says({ type: 'initial_progress' }));
    for (const secret of [parent, child])
      expect(await open(secret).closed).toEqual({
        code: 4008,
        reason: expect.stringMatching(/^This token and those it made have 2 sockets open\. .*monitor\.$/),
      });
    const other = open(token);
    await other.message(says({ type: 'initial_progress' }));
    await clients[0]?.close();
    // Our end hears of it a moment later than theirs.
    let late = open(parent);
    while (!(await Promise.race([late.closed, late.message(says({ type: 'initial_progress' }))])).type)
      late = open(parent);
    for (const client of [clients[1], other, late]) await client?.close();
    await own.stop();
  });

  test('that asks for more than may be looked up is told so, and still sent what changes', async () => {
    const own = await startFeed(deps, { looksPerSecond: 0.1 });
    const client = connect(`${own.url}/ws/campaigns/${id}/progress?token=${token}`);
    await client.message(says({ type: 'initial_progress' }));
    for (const type of ['request_update', 'request_history', 'ping']) client.send({ type });
    await client.message(says({ type: 'pong' }));
    const [first, second] = client.messages.slice(2);
    expect([first, second]).toEqual(Array(2).fill({ type: 'error', message: first.message }));
    expect(first.message).toMatch(/^Too much is asked for .* ask again in a moment\.$/);
    await client.close();
    await own.stop();
  });

  test('that sends a frame of more than 64 KiB is closed', async () => {
    const client = connect(`${address}?token=${token}`);
    await client.message(says({ type: 'initial_progress' }));
    client.send('x'.repeat(65 * 1_024));
    expect((await client.closed).code).toBe(1009);
  });

  test.each(ADDRESSES)('is what %s is for, and a plain request is told so', async (path) => {
    const answer = await fetch(`${feed.url.replace('ws:', 'http:')}${path}?token=${token}`);
    expect([answer.status, await answer.json()]).toEqual([
      426,
      { detail: expect.stringMatching(/speaks WebSocket alone/) },
    ]);
  });

  test('is closed with 1001 when the server stops, at once, and no other is opened', async () => {
    const own = await startFeed(deps);
    const shown = await campaign({ phones: phones(1, 10) });
    const open = connect(`${own.url}/ws/campaigns/${shown}/progress?token=${token}`);
    const monitor = connect(`${own.url}/ws/campaigns/monitor?token=${token}`);
    await open.message(says({ type: 'initial_progress' }));
    await monitor.message(says({ type: 'initial_progress' }));
    await own.feed.stop();
    expect((await open.closed).code).toBe(1001);
    expect((await monitor.closed).code).toBe(1001);
    const late = connect(`${own.url}/ws/campaigns/${shown}/progress?token=${token}`);
    expect((await late.closed).code).toBe(1001);
    const watched = await api.database.client
      .sql`select from feed_watches where topic = ${`campaign:${shown}`}`;
    expect(watched).toHaveLength(0);
    await own.stop();
  });

  test('is closed when the server stops, also while the database does not answer any more', async () => {
    const warnings: string[] = [];
    const log = { ...deps.log, warn: (_: object, message: string) => void warnings.push(message) };
    const own = await startFeed({ ...deps, log });
    const client = connect(`${own.url}/ws/campaigns/${id}/progress?token=${token}`);
    await client.message(says({ type: 'initial_progress' }));
    await own.database.close();
    await own.stop();
    expect((await client.closed).code).toBe(1001);
    expect(warnings.length).toBeGreaterThan(0);
    await api.database.client.sql`delete from feed_watches`;
  });

  test('is closed with 4000 when something goes wrong on our side, and tells nobody what', async () => {
    const lines: string[] = [];
    const log = {
      ...deps.log,
      error: (fields: object, message: string) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    };
    const own = await startFeed({ ...deps, log });
    await own.database.close();
    const client = connect(`${own.url}/ws/campaigns/${id}/progress?token=${token}`);
    const { code, reason } = await client.closed;
    expect([code, reason]).toEqual([4000, expect.stringMatching(/^Something went wrong on our side/)]);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain(token);
    await own.stop();
  });
});

test('how many watch a campaign is told to those who may look at it', async () => {
  const ask = async (campaignId: number | string, secret: string | null) => {
    const headers: Record<string, string> = secret ? { authorization: `Bearer ${secret}` } : {};
    return (await api.app.request(`/ws/campaigns/${campaignId}/connections`, { headers })).status;
  };
  const other = await ensureWorkspace(deps, { slackTeamId: 'T3', name: 'Third', botUserId: 'U_BOT' });
  expect(await ask(id, token)).toBe(200);
  expect(await ask(id, null)).toBe(401);
  expect(await ask(id, await api.tokenFor(['write']))).toBe(403);
  expect(await ask(id, await api.tokenFor(['read'], other.id))).toBe(404);
  expect(await ask('one', token)).toBe(422);
});
