import { Agent } from 'node:https';
import { type AddressInfo, createServer, type LookupFunction, type Socket } from 'node:net';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startReceiver } from '#support/receiver.ts';
import { createWebhookDoor, type DoorOptions } from '#webhooks/door.ts';
import { sendOnce } from '#webhooks/send-once.ts';

const receiver = await startReceiver();
const { port } = new URL(receiver.url);
const open: { close(): Promise<void> }[] = [];
const doorWith = (options: Partial<DoorOptions> = {}) => {
  const door = createWebhookDoor({ allowsLoopback: true, timeoutMs: 5_000, ...options });
  open.push(door);
  return door;
};
const door = doorWith();
const request = { url: receiver.url, headers: { 'content-type': 'application/json' }, body: '{"a":"ä"}' };

afterAll(async () => {
  for (const one of open) await one.close();
});
beforeEach(() => {
  receiver.received.length = 0;
  receiver.answer = (_, response) => void response.writeHead(204).end();
});

/** A name server that says what it is told, one answer after the other, and then the last one again. */
function names(...answers: string[][]): LookupFunction & { asked: number } {
  const lookup = Object.assign(
    ((_, __, callback) => {
      const answer = answers[Math.min(lookup.asked, answers.length - 1)] ?? [];
      lookup.asked += 1;
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    }) as LookupFunction,
    { asked: 0 },
  );
  return lookup;
}

describe('sending once', () => {
  test('hands over body and headers and tells what was answered', async () => {
    receiver.answer = (_, response) => void response.writeHead(202).end('taken');
    const answer = await door.post(request);
    expect(answer).toMatchObject({ kind: 'answered', status: 202, body: 'taken', retryAfterMs: null });
    expect(receiver.received).toMatchObject([
      { path: '/hooks', body: '{"a":"ä"}', headers: { 'content-length': '10' } },
    ]);
  });

  test('goes over one connection as long as that is open', async () => {
    const before = receiver.connections;
    const other = doorWith();
    for (let n = 0; n < 5; n += 1) await other.post(request);
    expect(receiver.connections - before).toBe(1);
  });

  test('is made again when a kept connection turns out to be closed', async () => {
    const other = doorWith();
    await other.post(request);
    let cut = 0;
    receiver.answer = (_, response) => {
      cut += 1;
      if (cut === 1) return void response.socket?.resetAndDestroy();
      response.writeHead(200).end();
    };
    expect(await other.post(request)).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('follows no redirect', async () => {
    receiver.answer = (_, response) => void response.writeHead(302, { location: receiver.url }).end();
    expect(await door.post(request)).toMatchObject({ kind: 'answered', status: 302 });
    expect(receiver.received).toHaveLength(1);
  });

  test('keeps the first kilobyte of an answer, and cuts one that does not end', async () => {
    receiver.answer = (_, response) => {
      response.writeHead(200);
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
      };
      more();
    };
    const answer = await door.post(request);
    expect(answer).toMatchObject({ kind: 'answered', status: 200, body: 'x'.repeat(1_024) });
  });

  test('keeps no NUL of an answer, which the database could not store', async () => {
    receiver.answer = (_, response) => void response.writeHead(200).end('a\0b');
    expect(await door.post(request)).toMatchObject({ body: 'a\uFFFDb' });
  });

  test('reads how long it is asked to wait', async () => {
    receiver.answer = (_, response) => void response.writeHead(429, { 'retry-after': '7' }).end();
    expect(await door.post(request)).toMatchObject({ status: 429, retryAfterMs: 7_000 });
    receiver.answer = (_, response) => void response.writeHead(503, { 'retry-after': 'soon' }).end();
    expect(await door.post(request)).toMatchObject({ status: 503, retryAfterMs: null });
  });

  test('ends with a sentence when nothing is answered in time', async () => {
    receiver.answer = () => undefined;
    expect(await doorWith({ timeoutMs: 300 }).post(request)).toMatchObject({
      kind: 'failed',
      problem: expect.stringMatching(/no answer within/),
    });
  });

  test('counts an answer whose body never ends in time', async () => {
    let looks = 0;
    receiver.answer = (_, response) =>
      void response.writeHead(200).write('half', () => {
        looks = 1;
      });
    const hasArrived = () => looks > 0 && ++looks > 50;
    const answer = await answerWhenTimeIsOver(receiver.url, hasArrived);
    expect(answer).toMatchObject({ status: 200, body: 'half' });
  });

  test('ends with a sentence when nobody listens', async () => {
    const refused = { ...request, url: 'http://127.0.0.1:1/' };
    expect(await door.post(refused)).toMatchObject({ problem: 'Nobody answers at its address.' });
  });

  test('ends with a sentence when the connection is cut', async () => {
    receiver.answer = (_, response) => void response.socket?.destroy();
    expect(await doorWith().post(request)).toMatchObject({
      problem: 'It cut the connection without an answer.',
    });
  });
});

/** A server that speaks for itself, byte by byte. */
async function startRaw(onData: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => onData(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    for (const socket of sockets) socket.destroy();
    return new Promise<void>((done) => server.close(() => done()));
  };
  open.push({ close });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** What a request comes to whose time is over only once the server has got so far, however busy this machine is. */
async function answerWhenTimeIsOver(url: string, isSoFar: () => boolean) {
  const timeoutMs = 10_000;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const answer = doorWith({ timeoutMs }).post({ ...request, url });
    while (!isSoFar()) await new Promise((done) => setImmediate(done));
    await vi.advanceTimersByTimeAsync(timeoutMs);
    return await answer;
  } finally {
    vi.useRealTimers();
  }
}

describe('a server that answers oddly', () => {
  test('by changing the protocol is not waited for', async () => {
    const url = await startRaw((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'),
    );
    expect(await door.post({ ...request, url })).toMatchObject({ kind: 'answered', status: 101, body: '' });
  });

  test('with something that is no HTTP is told of as such', async () => {
    const url = await startRaw((socket) => socket.end('220 mail.example.com ESMTP ready\r\n'));
    expect(await door.post({ ...request, url })).toMatchObject({
      problem: 'What it answered cannot be read as HTTP.',
    });
  });

  test('with half a head and then nothing ends with a sentence', async () => {
    const url = await startRaw((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-le'));
    expect(await doorWith({ timeoutMs: 300 }).post({ ...request, url })).toMatchObject({
      kind: 'failed',
      problem: expect.stringMatching(/no answer within/),
    });
  });

  test('with less than it promised counts by its status', async () => {
    const url = await startRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nhalf'));
    expect(await door.post({ ...request, url })).toMatchObject({ status: 200, body: 'half' });
  });

  test('drop by drop is cut when its time is over', async () => {
    let drops = 0;
    const url = await startRaw((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      const drip = setInterval(() => {
        socket.write('1\r\nx\r\n');
        drops += 1;
      }, 5);
      socket.on('close', () => clearInterval(drip));
    });
    expect(await answerWhenTimeIsOver(url, () => drops >= 20)).toMatchObject({
      status: 200,
      body: expect.stringMatching(/^x+$/),
    });
  });

  test('in plain http where https is spoken is told of as such', async () => {
    const url = new URL(await startRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    url.protocol = 'https:';
    const agent = new Agent();
    const means = { agent, timeoutMs: 5_000 };
    expect(await sendOnce({ url, headers: {}, body: '' }, means)).toMatchObject({
      problem: 'It does not speak https at this port.',
    });
  });
});

test('a message that waits for its turn at a busy host has its whole time from then on', async () => {
  const held: (() => void)[] = [];
  receiver.answer = (_, response) => void held.push(() => response.writeHead(200).end());
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const busy = doorWith({ timeoutMs: 10_000 });
    const answers = Promise.all(Array.from({ length: 11 }, () => busy.post(request)));
    const until = async (count: number) => {
      while (held.length < count) await new Promise((done) => setImmediate(done));
    };
    await until(10);
    await vi.advanceTimersByTimeAsync(9_000);
    for (const one of held.splice(0)) one();
    await until(1);
    await vi.advanceTimersByTimeAsync(9_000);
    for (const one of held) one();
    expect((await answers).map((one) => one.kind)).toEqual(Array(11).fill('answered'));
  } finally {
    vi.useRealTimers();
  }
});

describe('in production', () => {
  const strict = (lookup?: LookupFunction) => doorWith({ allowsLoopback: false, ...(lookup && { lookup }) });

  test.each([
    ['plain http', 'http://example.com/hooks', /https/],
    ['plain http to this machine', receiver.url, /https/],
    ['this machine', `https://127.0.0.1:8443/`, /private/],
    ['this machine in one number', 'https://2130706433/', /private/],
    ['this machine in hexadecimal', 'https://0x7f.1/', /private/],
    ['this machine in IPv6', 'https://[::1]/', /private/],
    ['a mapped address', 'https://[::ffff:169.254.169.254]/', /private/],
    ['a private address', 'https://10.0.0.5/', /private/],
    ['credentials of the cloud', 'https://169.254.169.254/latest/meta-data/', /private/],
    ['another port', 'https://example.com:5432/', /port 5432/],
    ['a password', 'https://user:secret@example.com/', /password/],
    ['another scheme', 'file:///etc/passwd', /https/],
    ['no address', 'example.com/hooks', /no address/],
    ['an endless address', `https://example.com/${'a'.repeat(2_000)}`, /no address/],
  ])('%s is refused at save and again when it is sent to', async (_, url, words) => {
    const lookup = names(['93.184.215.14']);
    expect(await strict(lookup).check(url)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(words),
    });
    expect(await strict(lookup).post({ ...request, url })).toMatchObject({
      kind: 'failed',
      problem: expect.stringMatching(words),
    });
    expect(lookup.asked).toBe(0);
    expect(receiver.received).toEqual([]);
  });

  test.each([
    ['a private address', ['10.1.2.3']],
    ['a private address beside a public one', ['93.184.215.14', '10.1.2.3']],
    ['a private address of IPv6 beside a public one', ['93.184.215.14', 'fd00::1']],
    ['no address', []],
  ])('a name that is looked up to %s is refused', async (_, addresses) => {
    const url = 'https://hooks.example.com/';
    expect(await strict(names(addresses)).check(url)).toMatchObject({ ok: false });
    expect(await strict(names(addresses)).post({ ...request, url })).toMatchObject({
      problem: expect.stringMatching(/private or reserved/),
    });
  });

  test('a name that answers differently once it is saved is refused then', async () => {
    const lookup = names(['93.184.215.14'], ['127.0.0.1']);
    const rebound = strict(lookup);
    const url = 'https://rebind.example.com:8443/';
    expect(await rebound.check(url)).toEqual({ ok: true, url });
    expect(await rebound.post({ ...request, url })).toMatchObject({
      problem: expect.stringMatching(/private or reserved/),
    });
    expect(lookup.asked).toBe(2);
  });

  test('a name nobody knows is refused in words', async () => {
    const lookup: LookupFunction = (_, __, callback) =>
      callback(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), '');
    expect(await strict(lookup).check('https://nowhere.example/')).toEqual({
      ok: false,
      problem: 'The host name nowhere.example cannot be found.',
    });
  });
});

test('a name that takes for ever to look up is refused in words', async () => {
  vi.useFakeTimers();
  try {
    const asked = doorWith({ allowsLoopback: false, lookup: () => undefined }).check('https://slow.example/');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await asked).toMatchObject({ ok: false, problem: expect.stringMatching(/within 2 seconds/) });
  } finally {
    vi.useRealTimers();
  }
});

test('where this machine is let through, no other private address is, and no name that leads to it', async () => {
  const lookup = names(['127.0.0.1']);
  const lenient = doorWith({ lookup });
  expect(await lenient.check(`http://127.0.0.1:${port}/x#part`)).toEqual({
    ok: true,
    url: `http://127.0.0.1:${port}/x`,
  });
  for (const url of ['http://10.0.0.1/', 'https://10.0.0.1/', 'https://elsewhere.example/'])
    expect(await lenient.check(url)).toMatchObject({ ok: false });
});
