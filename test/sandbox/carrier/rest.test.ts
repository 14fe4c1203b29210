import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INSTANT } from '#sandbox/carrier/options.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  OUR_NUMBERS,
  SERVICE_SID,
  startCarrier,
  stillClock,
  type TestCarrier,
} from '#support/carrier.ts';

const clock = stillClock('2026-03-02T15:00:00.400Z');
let carrier: TestCarrier;

beforeAll(async () => {
  carrier = await startCarrier({ clock });
});
afterAll(() => carrier.stop());

const TEXT = { To: contactLike('silent'), From: OUR_NUMBERS.first, Body: 'Hello' };

async function call(
  path: string,
  form?: Record<string, string>,
  credentials = `${ACCOUNT_SID}:${AUTH_TOKEN}`,
) {
  const response = await fetch(`${carrier.url}/2010-04-01/Accounts/${ACCOUNT_SID}${path}`, {
    method: form ? 'POST' : 'GET',
    headers: { Authorization: `Basic ${btoa(credentials)}` },
    ...(form ? { body: new URLSearchParams(form) } : {}),
  });
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  };
}

describe('creating a text', () => {
  it('answers 201 with Twilio’s resource', async () => {
    const { status, json } = await call('/Messages.json', { ...TEXT, Body: 'Hello 👋' });
    const sid = String(json.sid);
    expect(status).toBe(201);
    expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
    expect(json).toEqual({
      account_sid: ACCOUNT_SID,
      api_version: '2010-04-01',
      body: 'Hello 👋',
      date_created: 'Mon, 02 Mar 2026 15:00:00 +0000',
      date_sent: null,
      date_updated: 'Mon, 02 Mar 2026 15:00:00 +0000',
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      from: TEXT.From,
      messaging_service_sid: null,
      num_media: '0',
      num_segments: '1',
      price: null,
      price_unit: 'USD',
      sid,
      status: 'queued',
      subresource_uris: { media: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}/Media.json` },
      to: TEXT.To,
      uri: `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages/${sid}.json`,
    });
  });

  it('leaves sender and segments open until the messaging service has chosen', async () => {
    const { json } = await call('/Messages.json', {
      To: TEXT.To,
      Body: 'Hi',
      MessagingServiceSid: SERVICE_SID,
    });
    expect(json).toMatchObject({
      status: 'accepted',
      from: null,
      num_segments: '0',
      messaging_service_sid: SERVICE_SID,
    });
    await carrier.settled();
    const { json: later } = await call(`/Messages/${json.sid}.json`);
    expect(later).toMatchObject({ status: 'delivered', from: OUR_NUMBERS.pooled, num_segments: '1' });
  });

  it.each<[name: string, change: Record<string, string>, code: number]>([
    ['no recipient', { To: '' }, 21604],
    ['no sender', { From: '' }, 21603],
    ['no body', { Body: '' }, 21602],
    ['1,601 characters', { Body: 'a'.repeat(1_601) }, 21617],
    ['a callback address with an underscore', { StatusCallback: 'https://my_bot.example.com/x' }, 21609],
    ['a callback address that is none', { StatusCallback: 'bot.example.com' }, 21609],
    ['a recipient without a plus', { To: '2125552368' }, 21211],
    ['an impossible American number', { To: '+11115552368' }, 21211],
    ['a number that does not exist', { To: contactLike('invalid') }, 21211],
    ['a landline', { To: contactLike('landline') }, 21614],
    ['a country that is switched off', { To: '+989121234567' }, 21408],
    ['a contact who opted out long ago', { To: contactLike('opted_out') }, 21610],
    ['a sender that is no number', { From: 'Ringmaster' }, 21212],
    ['a sender of somebody else', { From: '+12025559999' }, 21606],
    ['a sender without texts', { From: OUR_NUMBERS.voiceOnly }, 21606],
    ['an unknown messaging service', { From: '', MessagingServiceSid: 'MG9' }, 21701],
    ['a toll-free sender abroad', { From: OUR_NUMBERS.tollFree, To: '+4915112345678' }, 21612],
    ['a sender that texts itself', { To: OUR_NUMBERS.first }, 21612],
  ])('refuses %s', async (_name, change, code) => {
    const before = carrier.accepted().length;
    const { status, json } = await call('/Messages.json', { ...TEXT, ...change });
    expect(json).toMatchObject({ code, status, more_info: `https://www.twilio.com/docs/errors/${code}` });
    expect(status).toBe(400);
    expect(carrier.accepted()).toHaveLength(before);
  });

  it('refuses unverified recipients on a trial account, and a pool without senders', async () => {
    const trial = await startCarrier({
      trialRecipients: [contactLike('silent', 1)],
      services: [{ sid: SERVICE_SID, phoneNumbers: [OUR_NUMBERS.voiceOnly], statusCallback: null }],
    });
    const post = async (form: Record<string, string>) => {
      const headers = { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` };
      const url = `${trial.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`;
      const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) });
      return (await response.json()) as { code?: number };
    };
    expect(await post(TEXT)).toMatchObject({ code: 21608 });
    expect(await post({ ...TEXT, To: contactLike('silent', 1) })).toMatchObject({ status: 'queued' });
    expect(
      await post({ To: contactLike('silent', 1), Body: 'Hi', MessagingServiceSid: SERVICE_SID }),
    ).toMatchObject({
      code: 21703,
    });
    await trial.stop();
  });
});

describe('credentials', () => {
  it.each([
    ['a wrong token', `${ACCOUNT_SID}:wrong`],
    ['another account', `AC2:${AUTH_TOKEN}`],
  ])('are refused with %s', async (_name, credentials) => {
    const { status, headers, json } = await call('/Messages.json', TEXT, credentials);
    expect(status).toBe(401);
    expect(headers.get('www-authenticate')).toContain('Basic');
    expect(json).toMatchObject({ code: 20003 });
  });
});

describe('looking up', () => {
  it('shows the account, and nothing of others', async () => {
    expect((await call('.json')).json).toMatchObject({ sid: ACCOUNT_SID, status: 'active', type: 'Full' });
    expect((await call('/Messages/SM00000000000000000000000000000000.json')).json).toMatchObject({
      code: 20404,
    });
    expect((await call('/Unheard.json')).json).toMatchObject({ code: 20404 });
  });

  it('finds numbers by any part of them', async () => {
    const found = async (pattern: string) => {
      const { json } = await call(`/IncomingPhoneNumbers.json?PhoneNumber=${encodeURIComponent(pattern)}`);
      return (json.incoming_phone_numbers as { phone_number: string }[]).map((number) => number.phone_number);
    };
    expect(await found(OUR_NUMBERS.first)).toEqual([OUR_NUMBERS.first]);
    expect(await found('202555')).toHaveLength(4);
    expect(await found('202*******')).toHaveLength(4);
    expect(await found('+4930')).toEqual([]);
  });
});

describe('the list of texts', () => {
  let listed: TestCarrier;
  const listClock = stillClock('2026-03-02T23:59:00Z');
  const to = contactLike('silent', 5);

  beforeAll(async () => {
    listed = await startCarrier({ clock: listClock, latency: { ...INSTANT, listed: [90_000, 90_000] } });
    for (let index = 0; index < 5; index += 1)
      await post({ To: to, From: OUR_NUMBERS.first, Body: `text ${index}` });
    await listed.settled();
    listClock.move(90_000);
    await post({ To: contactLike('silent', 6), From: OUR_NUMBERS.second, Body: 'other' });
    listClock.move(90_000);
    await post({ To: to, From: OUR_NUMBERS.second, Body: 'not listed yet' });
    await listed.settled();
  });
  afterAll(() => listed.stop());

  const path = `/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`;
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` };
  const post = (form: Record<string, string>) =>
    fetch(listed.url + path, { method: 'POST', headers, body: new URLSearchParams(form) });
  type Page = {
    messages: { body: string }[];
    next_page_uri: string | null;
    page: number;
    start: number;
    end: number;
  };
  const page = async (pathAndQuery: string) => {
    const response = await fetch(listed.url + pathAndQuery, { headers });
    return (await response.json()) as Page;
  };
  const bodies = async (query: string) => (await page(`${path}?${query}`)).messages.map(({ body }) => body);

  it('is newest first and lags behind the creates', async () => {
    expect(await bodies('')).toEqual(['other', 'text 4', 'text 3', 'text 2', 'text 1', 'text 0']);
  });

  it('is filtered by recipient, by sender, and by the day of sending', async () => {
    expect(await bodies(`To=${encodeURIComponent(to)}`)).toHaveLength(5);
    expect(await bodies(`From=${encodeURIComponent(OUR_NUMBERS.second)}`)).toEqual(['other']);
    expect(await bodies('DateSent=2026-03-03')).toEqual(['other']);
    expect(await bodies('DateSent%3E=2026-03-03')).toEqual(['other']);
    expect(await bodies('DateSent<=2026-03-02')).toHaveLength(5);
  });

  it('is paged by a token, so that new texts shift nothing', async () => {
    const first = await page(`${path}?To=${encodeURIComponent(to)}&PageSize=2`);
    expect(first).toMatchObject({ page: 0, start: 0, end: 1 });
    await post({ To: to, From: OUR_NUMBERS.first, Body: 'newer' });
    listClock.move(90_000);
    const second = await page(first.next_page_uri ?? '');
    expect(second).toMatchObject({ page: 1, start: 2, end: 3 });
    expect(second.messages.map(({ body }) => body)).toEqual(['text 2', 'text 1']);
    const third = await page(second.next_page_uri ?? '');
    expect(third.messages.map(({ body }) => body)).toEqual(['text 0']);
    expect(third.next_page_uri).toBeNull();
  });
});
