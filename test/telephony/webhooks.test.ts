import { once } from 'node:events';
import { request } from 'node:http';
import fc from 'fast-check';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordProviderEvents } from '#operations/event-recorder.ts';
import { signForm } from '#sandbox/carrier/signature.ts';
import { ACCOUNT_SID, AUTH_TOKEN, type Endpoint, postSigned, serveRoutes } from '#support/carrier.ts';
import { twilioWebhooks } from '#telephony/twilio/webhooks.ts';

const PUBLIC = 'https://bot.example.com/ringmaster';
const STATUS = '/twilio/status?attempt=token-1';
const OLD_TOKEN = 'the-token-before-the-rotation';
const SID = 'SM0123456789abcdef0123456789abcdef';
const REPORT = {
  MessageSid: SID,
  MessageStatus: 'delivered',
  AccountSid: ACCOUNT_SID,
  From: '+12025550100',
  To: '+12125550101',
};
const TEXT = {
  MessageSid: SID,
  AccountSid: ACCOUNT_SID,
  From: '+12125550101',
  To: '+12025550100',
  Body: 'Hi',
  NumMedia: '0',
};

let recorded: Parameters<RecordProviderEvents>[0] = [];
let bot: Endpoint;

beforeAll(async () => {
  const routes = twilioWebhooks({
    authTokens: [AUTH_TOKEN, OLD_TOKEN],
    accountSid: ACCOUNT_SID,
    publicUrl: `${PUBLIC}/`,
    record: async (events) => {
      recorded.push(...events);
    },
  });
  bot = await serveRoutes(routes);
});
afterAll(() => bot.close());
beforeEach(() => {
  recorded = [];
});

/** Posts to the bot behind a proxy that strips the public prefix; signed over the public address unless a test lies. */
const post = (target: string, params: Record<string, string>, lies: Parameters<typeof postSigned>[2] = {}) =>
  postSigned(bot.url + target, params, { signedUrl: PUBLIC + target, ...lies });

describe('the signature', () => {
  it.each<[name: string, signedUrl: string]>([
    ['over the public address', `${PUBLIC}${STATUS}`],
    ['with the standard port written out', `https://bot.example.com:443/ringmaster${STATUS}`],
  ])('lets a report through when made %s', async (_name, signedUrl) => {
    expect(await post(STATUS, REPORT, { signedUrl })).toEqual({ status: 204, body: '' });
    expect(recorded).toHaveLength(1);
  });

  it('counts with the token before a rotation', async () => {
    expect(await post(STATUS, REPORT, { token: OLD_TOKEN })).toMatchObject({ status: 204 });
  });

  it.each<[name: string, lies: Parameters<typeof postSigned>[2]]>([
    ['with another token', { token: 'guessed' }],
    ['over the address the request claims to come to', { signedUrl: `http://127.0.0.1${STATUS}` }],
    ['over plain http', { signedUrl: `http://bot.example.com/ringmaster${STATUS}` }],
    ['over another port', { signedUrl: `https://bot.example.com:8443/ringmaster${STATUS}` }],
    ['over another host', { signedUrl: `https://bot.example.org/ringmaster${STATUS}` }],
    ['without the prefix that the proxy strips', { signedUrl: `https://bot.example.com${STATUS}` }],
    ['over another attempt', { signedUrl: `${PUBLIC}/twilio/status?attempt=token-2` }],
    ['without the query', { signedUrl: `${PUBLIC}/twilio/status` }],
    ['over another route', { signedUrl: `${PUBLIC}/twilio/sms?attempt=token-1` }],
    ['with a trailing slash', { signedUrl: `${PUBLIC}/twilio/status/?attempt=token-1` }],
    ['with nothing in it', { signature: '' }],
    ['that is no base64', { signature: 'ä'.normalize('NFD').replace(/[^ -~]/g, '?') }],
    [
      'over other parameters',
      { signature: signForm(AUTH_TOKEN, PUBLIC + STATUS, { ...REPORT, MessageStatus: 'failed' }) },
    ],
    [
      'over a trimmed parameter',
      { signature: signForm(AUTH_TOKEN, PUBLIC + STATUS, { ...REPORT, To: REPORT.To.trimEnd().slice(1) }) },
    ],
  ])('keeps a report out when made %s', async (_name, lies) => {
    expect(await post(STATUS, REPORT, lies)).toEqual({ status: 403, body: '' });
    expect(recorded).toEqual([]);
  });

  it('covers blanks around a value and the order of the query', async () => {
    const spaced = { ...TEXT, Body: '  STOP \n' };
    expect(await post('/twilio/sms', spaced)).toMatchObject({ status: 200 });
    expect(
      await post('/twilio/sms', spaced, { signature: signForm(AUTH_TOKEN, `${PUBLIC}/twilio/sms`, TEXT) }),
    ).toMatchObject({ status: 403 });
    const target = '/twilio/status?attempt=1&other=2';
    expect(await post(target, REPORT)).toMatchObject({ status: 204 });
    expect(
      await post(target, REPORT, { signedUrl: `${PUBLIC}/twilio/status?other=2&attempt=1` }),
    ).toMatchObject({ status: 403 });
  });

  it('covers the query exactly as it was sent, quotes and all', async () => {
    const target = "/twilio/status?attempt=it's%20(one)!*";
    const status = await postRaw(
      target,
      new URLSearchParams(REPORT).toString(),
      signForm(AUTH_TOKEN, PUBLIC + target, REPORT),
    );
    expect(status).toBe(204);
    expect(recorded[0]?.event).toMatchObject({ token: "it's (one)!*" });
  });

  it('is no excuse for another account', async () => {
    expect(await post(STATUS, { ...REPORT, AccountSid: 'AC2' })).toEqual({ status: 403, body: '' });
    const { AccountSid: _none, ...anonymous } = REPORT;
    expect(await post(STATUS, anonymous)).toEqual({ status: 403, body: '' });
  });

  it('holds for any parameters, and for none but those that were signed', async () => {
    const fields = fc.dictionary(
      fc.string({ minLength: 1, maxLength: 20 }),
      fc.string({ unit: 'grapheme', maxLength: 50 }),
    );
    await fc.assert(
      fc.asyncProperty(fields, async (extra) => {
        const params = { ...extra, ...REPORT };
        expect(await post(STATUS, params)).toEqual({ status: 204, body: '' });
        const signature = signForm(AUTH_TOKEN, PUBLIC + STATUS, params);
        expect(await post(STATUS, { ...params, MessageStatus: 'failed' }, { signature })).toEqual({
          status: 403,
          body: '',
        });
      }),
      { numRuns: 40 },
    );
  });
});

describe('before the signature is looked at', () => {
  it('a body of more than 64 KB is refused', async () => {
    expect(await post('/twilio/sms', { ...TEXT, Body: 'a'.repeat(65_537) })).toEqual({
      status: 413,
      body: '',
    });
  });

  it('a body of unknown length is refused', async () => {
    const target = '/twilio/sms';
    const status = await postRaw(
      target,
      new URLSearchParams(TEXT).toString(),
      signForm(AUTH_TOKEN, PUBLIC + target, TEXT),
      true,
    );
    expect(status).toBe(411);
  });

  it('a request without a signature is refused', async () => {
    const response = await fetch(bot.url + STATUS, { method: 'POST', body: new URLSearchParams(REPORT) });
    expect([response.status, await response.text()]).toEqual([403, '']);
  });

  it('only POST is served', async () => {
    expect((await fetch(bot.url + STATUS)).status).toBe(404);
  });
});

describe('what a report says', () => {
  it.each([
    ['accepted', 'queued'],
    ['queued', 'queued'],
    ['sending', 'sending'],
    ['sent', 'sent'],
    ['delivered', 'delivered'],
    ['read', 'delivered'],
    ['undelivered', 'undelivered'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('%s becomes %s', async (word, status) => {
    await post(STATUS, { ...REPORT, MessageStatus: word });
    expect(recorded).toMatchObject([
      {
        provider: 'twilio',
        dedupeKey: `${SID} ${word}`,
        event: { kind: 'text_status', token: 'token-1', ref: SID, status },
      },
    ]);
  });

  it('a failure carries its class, or says that no reason was given', async () => {
    await post(STATUS, { ...REPORT, MessageStatus: 'undelivered', ErrorCode: '30003' });
    await post(STATUS, { ...REPORT, MessageStatus: 'failed' });
    expect(recorded.map(({ event }) => event)).toMatchObject([
      { refusal: { class: 'unreachable', code: '30003' } },
      { refusal: { class: 'provider', code: 'none' } },
    ]);
  });

  it('an error code beside a success is no failure', async () => {
    await post(STATUS, { ...REPORT, ErrorCode: '30003' });
    expect(recorded[0]?.event).toMatchObject({ status: 'delivered', refusal: null });
  });

  it('is kept as it came, in plain ASCII', async () => {
    await post(STATUS, { ...REPORT, SomethingNew: 'ä\0' });
    expect(recorded[0]?.raw).toEqual({
      query: 'attempt=token-1',
      body: expect.stringMatching(/^[ -~]*SomethingNew=%C3%A4%00$/),
    });
  });

  it.each([
    ['a status nobody knows', { ...REPORT, MessageStatus: 'pondering' }],
    ['a status out of JavaScript', { ...REPORT, MessageStatus: 'constructor' }],
    ['no status', { MessageSid: SID, AccountSid: ACCOUNT_SID }],
    ['no message', { MessageStatus: 'sent', AccountSid: ACCOUNT_SID }],
  ])('%s is answered and forgotten', async (_name, params) => {
    expect(await post(STATUS, params)).toEqual({ status: 204, body: '' });
    expect(recorded).toEqual([]);
  });

  it('a report without a token still names its message', async () => {
    await post('/twilio/status', REPORT);
    expect(recorded[0]?.event).toMatchObject({ token: null, ref: SID });
  });
});

describe('what a text from a contact says', () => {
  it('is answered with an empty response, so that nobody is texted by accident', async () => {
    expect(await post('/twilio/sms', TEXT)).toEqual({ status: 200, body: '<Response/>' });
    expect(recorded).toMatchObject([
      {
        dedupeKey: `${SID} inbound`,
        event: {
          kind: 'text_inbound',
          ref: SID,
          from: TEXT.From,
          to: TEXT.To,
          body: 'Hi',
          mediaCount: 0,
          optOut: null,
        },
      },
    ]);
  });

  it.each([
    ['STOP', 'stop'],
    ['START', 'start'],
    ['HELP', 'help'],
    ['SHRUG', null],
    ['toString', null],
  ])('OptOutType %s is %s', async (OptOutType, optOut) => {
    await post('/twilio/sms', { ...TEXT, OptOutType });
    expect(recorded[0]?.event).toMatchObject({ optOut });
  });

  it('may hold pictures and no words, and characters a database cannot', async () => {
    await post('/twilio/sms', { ...TEXT, Body: '', NumMedia: '2' });
    await post('/twilio/sms', { ...TEXT, Body: 'S\0TOP' });
    expect(recorded.map(({ event }) => event)).toMatchObject([{ body: '', mediaCount: 2 }, { body: 'STOP' }]);
  });

  it('takes the first of repeated values once the signature has covered them all', async () => {
    const raw = `${new URLSearchParams(TEXT)}&Body=second`;
    const signed = `${PUBLIC}/twilio/sms`;
    const signature = signForm(AUTH_TOKEN, signed, { ...TEXT, Body: 'HiBodysecond' });
    expect(await postRaw('/twilio/sms', raw, signature)).toBe(200);
    expect(recorded[0]?.event).toMatchObject({ body: 'Hi' });
  });
});

it('a report that could not be stored is not answered as if it were', async () => {
  const routes = twilioWebhooks({
    authTokens: [AUTH_TOKEN],
    accountSid: ACCOUNT_SID,
    publicUrl: PUBLIC,
    record: async () => {
      throw new Error('the database is away');
    },
  });
  const failing = await serveRoutes(new Hono().onError((_error, c) => c.body(null, 500)).route('/', routes));
  const answer = await postSigned(failing.url + STATUS, REPORT, { signedUrl: PUBLIC + STATUS });
  expect(answer.status).toBe(500);
  await failing.close();
});

/** `fetch` would normalise the address; this sends it as it is written. */
async function postRaw(
  target: string,
  body: string,
  signature: string,
  isChunked = false,
): Promise<number | undefined> {
  const { hostname, port } = new URL(bot.url);
  const headers = {
    'Content-Type': 'application/x-www-form-urlencoded',
    'X-Twilio-Signature': signature,
    ...(isChunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': Buffer.byteLength(body) }),
  };
  const sent = request({ hostname, port, path: target, method: 'POST', headers });
  sent.end(body);
  const [response] = await once(sent, 'response');
  response.resume();
  return response.statusCode;
}
