import type { OutgoingHttpHeaders } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ByteRange } from '#domain/byte-range.ts';
import type { CallStep } from '#ports/call-flow.ts';
import { type CallRequest, LookupFailed } from '#ports/telephony.ts';
import { ACCOUNT_SID, AUTH_TOKEN } from '#support/carrier.ts';
import { PROVIDERS, type Provider } from '#telephony/index.ts';
import {
  CREDENTIALS,
  callResource,
  refusal,
  type ScriptedTwilio,
  startScriptedTwilio,
  type TwilioAnswer,
} from './scripted-twilio.ts';

const PUBLIC = 'https://bot.example.com';
const API = `/2010-04-01/Accounts/${ACCOUNT_SID}`;
const CALL = 'CA00000000000000000000000000000001';
const RECORDING = 'RE00000000000000000000000000000001';
const REQUEST: CallRequest = {
  token: 'tok/1',
  to: '+12125550101',
  from: '+12025550100',
  ringSeconds: 25,
  maxSeconds: 600,
  detection: 'async',
};
const url = (path: string) => `${PUBLIC}/twilio/${path}?call=tok%2F1#rc=5&rp=all`;

let twilio: ScriptedTwilio;
let provider: Provider;

beforeEach(async () => {
  twilio = await startScriptedTwilio();
  provider = reach(twilio.url);
});
afterEach(async () => {
  provider.telephony.close();
  await twilio.close();
});

function reach(apiUrl: string, timeoutMs = 60_000): Provider {
  return PROVIDERS.twilio({
    accountId: ACCOUNT_SID,
    secrets: [AUTH_TOKEN],
    apiUrl,
    publicUrl: PUBLIC,
    callsPerSecond: 7,
    timeoutMs,
  });
}

const answerWith = (answer: TwilioAnswer) => {
  twilio.answer = () => answer;
};

/** Tells whether the answer that never ends was cut. */
function answerWithoutEnd(): () => boolean {
  let isCut = false;
  answerWith({
    raw: (response) => {
      response.writeHead(200);
      response.write('abc');
      response.on('close', () => {
        isCut = true;
      });
    },
  });
  return () => isCut;
}

describe('placing a call', () => {
  const place = (change: Partial<CallRequest> = {}) =>
    provider.telephony.placeCall({ ...REQUEST, ...change });
  const form = () => [...(twilio.asked[0]?.form ?? [])];
  const BASE = [
    ['Method', 'POST'],
    ['FallbackUrl', url('voice/sorry')],
    ['FallbackMethod', 'POST'],
    ['StatusCallback', url('call-status')],
    ['StatusCallbackEvent', 'initiated'],
    ['StatusCallbackEvent', 'ringing'],
    ['StatusCallbackEvent', 'answered'],
    ['StatusCallbackEvent', 'completed'],
    ['StatusCallbackMethod', 'POST'],
    ['Timeout', '25'],
    ['TimeLimit', '600'],
    ['Url', url('voice/answer')],
    ['To', '+12125550101'],
    ['From', '+12025550100'],
  ];
  const DETECTION = [
    ['MachineDetection', 'DetectMessageEnd'],
    ['MachineDetectionTimeout', '30'],
  ];

  it.each<[CallRequest['detection'], string[][]]>([
    ['off', []],
    [
      'async',
      [
        ...DETECTION,
        ['AsyncAmd', 'true'],
        ['AsyncAmdStatusCallback', url('amd')],
        ['AsyncAmdStatusCallbackMethod', 'POST'],
      ],
    ],
    ['sync', [...DETECTION, ['AsyncAmd', 'false']]],
  ])('asks for exactly what we rely on, with detection %s', async (detection, more) => {
    answerWith({ status: 201, json: callResource() });
    expect(await place({ detection })).toEqual({ kind: 'accepted', ref: CALL });
    expect(twilio.asked).toMatchObject([{ method: 'POST', path: `${API}/Calls.json`, hasCredentials: true }]);
    expect(form().toSorted()).toEqual([...BASE, ...more].toSorted());
  });

  it.each<[name: string, answer: TwilioAnswer, expected: object]>([
    [
      'a number nobody has',
      refusal(400, 21211),
      { kind: 'rejected', refusal: { class: 'invalid_number', code: '21211' } },
    ],
    [
      'a number that is not called',
      refusal(400, 21216),
      { kind: 'rejected', refusal: { class: 'not_callable' } },
    ],
    [
      'a country that is switched off',
      refusal(400, 21215),
      { kind: 'rejected', refusal: { class: 'region' } },
    ],
    ['a caller that is not ours', refusal(400, 21210), { kind: 'rejected', refusal: { class: 'sender' } }],
    ['an account on trial', refusal(400, 21219), { kind: 'rejected', refusal: { class: 'account' } }],
    ['an address it cannot use', refusal(400, 21205), { kind: 'rejected', refusal: { class: 'account' } }],
    ['credentials it refuses', refusal(401, 20003), { kind: 'rejected', refusal: { class: 'account' } }],
    [
      'too many calls at once',
      refusal(400, 10004),
      { kind: 'throttled', retryAfterMs: 10_000, code: '10004' },
    ],
    ['too many requests', refusal(429, 20429), { kind: 'throttled', retryAfterMs: 1_000, code: '20429' }],
    ['a fault of the server', refusal(500, 20500), { kind: 'unknown' }],
    ['a lost answer', { raw: (response) => response.destroy() }, { kind: 'unknown', cause: 'ECONNRESET' }],
    ['an answer without a call', { status: 201, json: {} }, { kind: 'unknown', cause: 'unreadable answer' }],
  ])('says what became of it after %s, and asks once', async (_name, answer, expected) => {
    answerWith(answer);
    expect(await place()).toMatchObject(expected);
    expect(twilio.asked).toHaveLength(1);
  });

  it('speaks of calls where it says what to do', async () => {
    for (const code of [21210, 21215, 21216, 21219]) {
      answerWith(refusal(400, code));
      const result = await place();
      expect(result.kind === 'rejected' && result.refusal.fix).toMatch(/\bcalls?\b/i);
    }
  });

  it('knows how many may start per second', () => {
    expect(provider.telephony.callsPerSecond).toBe(7);
  });
});

describe('looking for calls', () => {
  const SINCE = new Date('2026-03-02T15:00:00.700Z');
  const find = () => provider.telephony.findCalls({ to: REQUEST.to, from: REQUEST.from, since: SINCE });
  const created = (sid: string, at: string, change: object = {}) =>
    callResource({ sid, date_created: `Mon, 02 Mar 2026 ${at} +0000`, ...change });
  const page = (calls: object[], next: string | null = null): TwilioAnswer => ({
    json: { calls, next_page_uri: next, page: 0, page_size: 100 },
  });

  it('asks for the two numbers and never for a start time, which a queued call does not have', async () => {
    answerWith(page([created('CA1', '15:00:00')]));
    expect(await find()).toEqual([
      { ref: 'CA1', createdAt: new Date('2026-03-02T15:00:00Z'), status: 'queued' },
    ]);
    expect(Object.fromEntries(twilio.asked[0]?.query ?? [])).toEqual({
      To: REQUEST.to,
      From: REQUEST.from,
      PageSize: '100',
    });
  });

  it('reads on until a whole page is older, and gives the newest first', async () => {
    const next = (number: number) => `${API}/Calls.json?Page=${number}`;
    const pages = [
      page([created('CA1', '15:00:01'), created('CA-old', '14:59:59')], next(1)),
      page([created('CA-old2', '14:59:58'), created('CA2', '15:00:02', { status: 'in-progress' })], next(2)),
      page([created('CA-old3', '14:00:00')], next(3)),
      page([created('CA-never-read', '15:00:03')]),
    ];
    twilio.answer = ({ query }) => pages[Number(query.get('Page') ?? 0)] ?? page([]);
    expect((await find()).map(({ ref, status }) => [ref, status])).toEqual([
      ['CA2', 'in_progress'],
      ['CA1', 'queued'],
    ]);
    expect(twilio.asked).toHaveLength(3);
  });

  it('does not conclude from a part of the list', async () => {
    twilio.answer = () => page([created('CA1', '15:00:01')], `${API}/Calls.json?Page=1`);
    await expect(find()).rejects.toThrow(LookupFailed);
  });

  it('fails aloud when nobody answers', async () => {
    answerWith(refusal(503, 20503));
    await expect(find()).rejects.toThrow(LookupFailed);
    await expect(provider.telephony.fetchCall(CALL)).rejects.toThrow(LookupFailed);
  });
});

describe('the state of a call', () => {
  const EVENT = {
    kind: 'call_status',
    token: null,
    ref: CALL,
    status: 'queued',
    sequence: null,
    durationSeconds: null,
    sipCode: null,
    answeredBy: null,
    refusal: null,
    price: null,
  };

  it.each<[name: string, resource: Record<string, unknown>, event: object]>([
    ['waits in the queue', {}, {}],
    ['rings', { status: 'ringing' }, { status: 'ringing' }],
    ['was not answered', { status: 'no-answer', duration: '0' }, { status: 'no_answer', durationSeconds: 0 }],
    [
      'was answered by a machine',
      { status: 'completed', duration: '42', answered_by: 'machine_end_beep' },
      { status: 'completed', durationSeconds: 42, answeredBy: 'machine_ready' },
    ],
    [
      'has its price',
      { status: 'completed', duration: '9', price: '-0.01400', price_unit: 'USD' },
      { status: 'completed', durationSeconds: 9, price: { amount: '0.01400', currency: 'USD' } },
    ],
  ])('that %s', async (_name, resource, event) => {
    answerWith({ json: callResource(resource) });
    expect(await provider.telephony.fetchCall(CALL)).toEqual({ ...EVENT, ...event });
    expect(twilio.asked).toMatchObject([{ method: 'GET', path: `${API}/Calls/${CALL}.json` }]);
  });

  it('that failed says why, as far as anybody knows', async () => {
    answerWith({ json: callResource({ status: 'failed' }) });
    expect(await provider.telephony.fetchCall(CALL)).toMatchObject({
      status: 'failed',
      refusal: { class: 'provider', code: 'none', fix: expect.stringContaining('calls') },
    });
  });
});

describe('changing a call', () => {
  const SAY: CallStep = { kind: 'say', text: 'Bye', voice: 'joanna', language: 'en-US' };
  const { cancel, hangUp, redirect, stop } = {
    cancel: () => provider.telephony.cancelCall(CALL),
    hangUp: () => provider.telephony.hangUp(CALL),
    redirect: () => provider.telephony.redirectCall({ ref: CALL, token: 'tok/1', steps: [SAY] }),
    stop: () => provider.telephony.stopRecording({ ref: CALL, recordingRef: RECORDING }),
  };
  const asked = () => twilio.asked.map(({ method, path, form }) => [method, path, Object.fromEntries(form)]);

  it.each([
    ['canceled', 'done'],
    ['queued', 'done'],
    ['ringing', 'done'],
    ['in-progress', 'too_late'],
    ['completed', 'too_late'],
    ['busy', 'too_late'],
  ])('a cancellation answered with %s is %s', async (status, kind) => {
    answerWith({ json: callResource({ status }) });
    expect(await cancel()).toEqual({ kind });
    expect(asked()).toEqual([['POST', `${API}/Calls/${CALL}.json`, { Status: 'canceled' }]]);
  });

  it('hanging up ends it', async () => {
    answerWith({ json: callResource({ status: 'in-progress' }) });
    expect(await hangUp()).toEqual({ kind: 'done' });
    expect(asked()).toEqual([['POST', `${API}/Calls/${CALL}.json`, { Status: 'completed' }]]);
  });

  it('new instructions go along with the request', async () => {
    answerWith({ json: callResource({ status: 'in-progress' }) });
    expect(await redirect()).toEqual({ kind: 'done' });
    const Twiml =
      '<?xml version="1.0" encoding="UTF-8"?><Response><Say voice="Polly.Joanna-Neural" language="en-US">Bye</Say></Response>';
    expect(asked()).toEqual([['POST', `${API}/Calls/${CALL}.json`, { Twiml }]]);
  });

  it('a recording is stopped by its name', async () => {
    answerWith({ json: { sid: RECORDING, status: 'stopped' } });
    expect(await stop()).toEqual({ kind: 'done' });
    expect(asked()).toEqual([
      ['POST', `${API}/Calls/${CALL}/Recordings/${RECORDING}.json`, { Status: 'stopped' }],
    ]);
  });

  it.each<[name: string, answer: TwilioAnswer, expected: object]>([
    ['has ended', refusal(400, 21220), { kind: 'too_late' }],
    ['nobody knows', refusal(404, 20404), { kind: 'too_late' }],
    ['is beyond reach', { raw: (response) => response.destroy() }, { kind: 'unknown', cause: 'ECONNRESET' }],
    ['meets a fault', refusal(503, 20503), { kind: 'unknown', cause: 'Twilio answered 503 (20503)' }],
    [
      'meets too many requests',
      refusal(429, 20429),
      { kind: 'unknown', cause: 'Twilio answered 429 (20429)' },
    ],
  ])('says so when the call %s', async (_name, answer, expected) => {
    answerWith(answer);
    for (const change of [cancel, hangUp, redirect, stop]) expect(await change()).toEqual(expected);
  });
});

describe('the numbers we call from', () => {
  it('are those of the account that can speak', async () => {
    const numbers = [
      { phone_number: '+12025550100', capabilities: { voice: true, sms: false } },
      { phone_number: '+12025550101', capabilities: { voice: false, sms: true } },
    ];
    twilio.answer = ({ query }) => ({
      json: {
        incoming_phone_numbers: numbers.filter(
          ({ phone_number }) => phone_number === query.get('PhoneNumber'),
        ),
        next_page_uri: null,
      },
    });
    const owns = provider.telephony.ownsNumber;
    expect(await owns('+12025550100', 'call')).toBe(true);
    expect(await owns('+12025550101', 'call')).toBe(false);
    expect(await owns('+12025550100')).toBe(false);
    expect(await owns('+12025550101', 'sms')).toBe(true);
    expect(await owns('+12025550199', 'call')).toBe(false);
  });
});

describe('recordings', () => {
  const PATH = `${API}/Recordings/${RECORDING}.mp3`;
  const AUDIO = Buffer.alloc(300_000, 'ab');
  const audio = (): TwilioAnswer => ({
    raw: (response) => {
      response.writeHead(200, { 'Content-Type': 'audio/mpeg', 'Content-Length': AUDIO.length });
      response.end(AUDIO);
    },
  });
  const redirectTo = (location: string, status = 302): TwilioAnswer => ({
    raw: (response) => response.writeHead(status, { Location: location }).end(),
  });
  const fetchIt = (from = provider) => from.telephony.fetchRecording(RECORDING);
  const read = async (from = provider) => Buffer.concat(await piecesOf((await fetchIt(from)).stream));

  it('are read piece by piece, with credentials', async () => {
    twilio.answer = audio;
    const { size, stream } = await fetchIt();
    expect(size).toBe(AUDIO.length);
    const pieces = await piecesOf(stream);
    expect(pieces.length).toBeGreaterThan(1);
    expect(Buffer.concat(pieces).equals(AUDIO)).toBe(true);
    expect(twilio.asked).toMatchObject([
      { method: 'GET', path: PATH, hasCredentials: true, encodings: 'identity' },
    ]);
  });

  describe('of which a part is asked for', () => {
    const part = (range: ByteRange) => provider.telephony.fetchRecording(RECORDING, range);
    const answer = (status: number, headers: OutgoingHttpHeaders, body: Buffer | string = '') =>
      answerWith({ raw: (response) => response.writeHead(status, headers).end(body) });

    it('come so where Twilio hands out parts', async () => {
      answer(206, { 'Content-Range': 'bytes 4-7/300000', 'Content-Length': 4 }, 'abab');
      const { stream, ...extent } = await part({ first: 4, last: 7 });
      expect(extent).toEqual({ size: 300_000, part: { first: 4, last: 7 } });
      expect(Buffer.concat(await piecesOf(stream)).toString()).toBe('abab');
      expect(twilio.asked.map(({ range }) => range)).toEqual(['bytes=4-7']);
      await part({ first: 4, last: null });
      await part({ suffix: 9 });
      expect(twilio.asked.slice(1).map(({ range }) => range)).toEqual(['bytes=4-', 'bytes=-9']);
    });

    it('come as a whole where it does not', async () => {
      twilio.answer = audio;
      const { stream, ...extent } = await part({ first: 4, last: 7 });
      expect(extent).toEqual({ size: AUDIO.length });
      await stream[Symbol.asyncIterator]().return?.();
    });

    it('are beyond their end where Twilio says so', async () => {
      answer(416, { 'Content-Range': 'bytes */12' });
      expect(await part({ first: 12, last: null })).toMatchObject({ size: 12, part: 'beyond' });
      answer(416, {});
      expect(await part({ first: 12, last: null })).toMatchObject({ size: null, part: 'beyond' });
      await expect(fetchIt()).rejects.toThrow('416');
    });

    it.each([[{}], [{ 'Content-Range': 'bytes */12' }], [{ 'Content-Range': 'bytes 7-4/12' }]])(
      'are a failed look-up where it does not say which part came (%j)',
      async (headers) => {
        answer(206, headers, 'abab');
        await expect(part({ first: 4, last: 7 })).rejects.toThrow(LookupFailed);
      },
    );
  });

  it('that nobody begins to read are not sent', async () => {
    const isCut = answerWithoutEnd();
    await (await fetchIt()).stream[Symbol.asyncIterator]().return?.();
    await expect.poll(isCut).toBe(true);
  });

  it('are followed to where they are kept, without the credentials', async () => {
    const media = await startScriptedTwilio();
    media.answer = audio;
    answerWith(redirectTo(`${media.url}/kept/elsewhere`));
    expect((await read()).equals(AUDIO)).toBe(true);
    expect(media.asked).toMatchObject([{ path: '/kept/elsewhere', hasCredentials: false }]);
    await media.close();
  });

  it('are followed within the API with them', async () => {
    twilio.answer = ({ path }) => (path === PATH ? redirectTo('/moved.mp3', 307) : audio());
    expect((await read()).equals(AUDIO)).toBe(true);
    expect(twilio.asked).toMatchObject([{ path: PATH }, { path: '/moved.mp3', hasCredentials: true }]);
  });

  it.each([
    ['http://10.0.0.7/recording.mp3'],
    ['http://169.254.169.254/latest/meta-data'],
    ['file:///etc/passwd'],
    ['http://user:secret@127.0.0.1:1/'],
    ['http://['],
  ])('are not followed to %s', async (location) => {
    answerWith(redirectTo(location));
    await expect(fetchIt()).rejects.toThrow(LookupFailed);
    expect(twilio.asked).toHaveLength(1);
  });

  it('are not followed in circles', async () => {
    answerWith(redirectTo(PATH));
    await expect(fetchIt()).rejects.toThrow('too many redirects');
    expect(twilio.asked.length).toBeLessThan(6);
  });

  it.each([404, 401, 500])('that cannot be had (%i) are a failed look-up', async (status) => {
    answerWith(refusal(status, 20404));
    await expect(fetchIt()).rejects.toThrow(LookupFailed);
    await expect(fetchIt()).rejects.toThrow(String(status));
  });

  it('that break off half-way are noticed', async () => {
    answerWith({
      raw: (response) => {
        response.writeHead(200, { 'Content-Length': AUDIO.length });
        response.write(AUDIO.subarray(0, 1_000), () => response.destroy());
      },
    });
    await expect(read()).rejects.toThrow(/Twilio/);
  });

  it('that stand still are given up, but not while the reader takes their time', async () => {
    const hasty = reach(twilio.url, 150);
    twilio.answer = audio;
    const { stream } = await fetchIt(hasty);
    let length = 0;
    for await (const piece of stream) {
      if (length === 0) await new Promise((later) => setTimeout(later, 400));
      length += piece.length;
    }
    expect(length).toBe(AUDIO.length);
    answerWith({ raw: (response) => response.writeHead(200, { 'Content-Length': 10 }).write('abc') });
    await expect(read(hasty)).rejects.toThrow('timeout');
    answerWith({ raw: () => {} });
    await expect(fetchIt(hasty)).rejects.toThrow('timeout');
    hasty.telephony.close();
  });

  it('end when the reader has heard enough', async () => {
    const isCut = answerWithoutEnd();
    for await (const _piece of (await fetchIt()).stream) break;
    await expect.poll(isCut).toBe(true);
  });

  it.each<[name: string, answer: TwilioAnswer, expected: object]>([
    ['deleted', { status: 204 }, { kind: 'done' }],
    ['gone already', refusal(404, 20404), { kind: 'done' }],
    ['beyond reach', { raw: (response) => response.destroy() }, { kind: 'unknown', cause: 'ECONNRESET' }],
    ['kept by a fault', refusal(500, 20500), { kind: 'unknown', cause: 'Twilio answered 500 (20500)' }],
  ])('may be %s', async (_name, answer, expected) => {
    answerWith(answer);
    expect(await provider.telephony.deleteRecording(RECORDING)).toEqual(expected);
    expect(twilio.asked).toMatchObject([{ method: 'DELETE', path: `${API}/Recordings/${RECORDING}.json` }]);
  });
});

it('never lets the credentials out, whatever goes wrong', async () => {
  const { telephony } = reach(twilio.url, 200);
  const seen: unknown[] = [];
  const answers: TwilioAnswer[] = [
    refusal(401, 20003),
    refusal(503, 20503),
    { raw: (response) => response.destroy() },
    { raw: () => {} },
    { raw: (response) => response.writeHead(302, { Location: 'http://10.0.0.7/' }).end() },
  ];
  for (const answer of answers) {
    answerWith(answer);
    const asking = [
      telephony.placeCall(REQUEST),
      telephony.findCalls({ to: REQUEST.to, from: REQUEST.from, since: new Date() }),
      telephony.fetchCall(CALL),
      telephony.hangUp(CALL),
      telephony.fetchRecording(RECORDING),
      telephony.deleteRecording(RECORDING),
    ];
    seen.push(...(await Promise.allSettled<unknown>(asking)));
  }
  telephony.close();
  const shown = inspect(seen, { depth: 20, showHidden: true }) + JSON.stringify(seen);
  for (const secret of [AUTH_TOKEN, CREDENTIALS.slice(6)]) expect(shown).not.toContain(secret);
});

async function piecesOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}
