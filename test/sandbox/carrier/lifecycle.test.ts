import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INSTANT, REALISTIC } from '#sandbox/carrier/options.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  OUR_NUMBERS,
  SERVICE_SID,
  startCarrier,
  startWebhookSink,
  stillClock,
  type TestCarrier,
  type WebhookSink,
} from '#support/carrier.ts';

const HOUR_MS = 3_600_000;
let sink: WebhookSink;
let carrier: TestCarrier;

beforeEach(async () => {
  sink = await startWebhookSink();
});
afterEach(async () => {
  await carrier.stop();
  await sink.close();
});

async function send(form: Record<string, string>): Promise<string> {
  const response = await fetch(`${carrier.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` },
    body: new URLSearchParams({
      From: OUR_NUMBERS.first,
      Body: 'Hello',
      StatusCallback: `${sink.url}/status?attempt=1#rc=5&rp=all`,
      ...form,
    }),
  });
  const json = (await response.json()) as { sid?: string; code?: number };
  return json.sid ?? `refused ${json.code}`;
}

const statusesOf = (sid: string) =>
  sink.received.filter(({ params }) => params.MessageSid === sid).map(({ params }) => params.MessageStatus);
const messageOf = (sid: string) => carrier.snapshot().texts.find(({ id }) => id === sid);

describe('what becomes of an accepted text', () => {
  it.each<[persona: string, statuses: string[], errorCode: string | undefined]>([
    ['silent', ['sending', 'sent', 'delivered'], undefined],
    ['unreachable_once', ['sending', 'sent', 'undelivered'], '30003'],
    ['filtered', ['sending', 'sent', 'undelivered'], '30007'],
    ['unknown_number', ['sending', 'sent', 'undelivered'], '30005'],
    ['no_receipt', ['sending', 'sent'], undefined],
  ])('for a contact who is %s', async (persona, statuses, errorCode) => {
    carrier = await startCarrier();
    const sid = await send({ To: contactLike(persona) });
    await carrier.settled();
    expect(statusesOf(sid)).toEqual(statuses);
    expect(sink.received.at(-1)?.params.ErrorCode).toBe(errorCode);
  });

  it('reaches on the second text a phone that was off at the first', async () => {
    carrier = await startCarrier();
    const to = contactLike('unreachable_once');
    const sids: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      sids.push(await send({ To: to }));
      await carrier.settled();
    }
    expect(sids.map((sid) => messageOf(sid)?.status)).toEqual(['undelivered', 'delivered']);
  });

  it('passes through queued when a messaging service sends it', async () => {
    carrier = await startCarrier();
    const sid = await send({ To: contactLike('silent'), From: '', MessagingServiceSid: SERVICE_SID });
    await carrier.settled();
    expect(statusesOf(sid)).toEqual(['queued', 'sending', 'sent', 'delivered']);
    expect(sink.received[0]?.params).toMatchObject({
      MessagingServiceSid: SERVICE_SID,
      From: OUR_NUMBERS.pooled,
    });
  });

  it('reports with all of Twilio’s fields, signed over the address without its fragment', async () => {
    const clock = stillClock('2026-11-22T12:45:00Z');
    carrier = await startCarrier({ clock });
    const sid = await send({ To: contactLike('silent') });
    await carrier.settled();
    const last = sink.received.at(-1);
    expect(last?.path).toBe('/status?attempt=1');
    expect(sink.received.every(({ isSigned }) => isSigned)).toBe(true);
    expect(last?.params).toEqual({
      MessageSid: sid,
      SmsSid: sid,
      MessageStatus: 'delivered',
      SmsStatus: 'delivered',
      AccountSid: ACCOUNT_SID,
      From: OUR_NUMBERS.first,
      To: contactLike('silent'),
      ApiVersion: '2010-04-01',
      RawDlrDoneDate: '2611221245',
    });
  });

  it('takes product time, and the price comes later still', async () => {
    const clock = stillClock('2026-03-02T15:00:00Z');
    carrier = await startCarrier({ clock, latency: REALISTIC });
    const sid = await send({ To: contactLike('silent'), Body: 'a'.repeat(200) });
    await carrier.settled();
    expect(statusesOf(sid)).toEqual([]);
    for (let step = 0; step < 40; step += 1) {
      clock.move(250);
      await carrier.settled();
    }
    expect(statusesOf(sid)).toEqual(['sending', 'sent', 'delivered']);
    expect(messageOf(sid)?.price).toBeNull();
    clock.move(120_000);
    await carrier.settled();
    expect(messageOf(sid)).toMatchObject({ price: '-0.01660', segments: 2 });
  });
});

describe('a sender’s rate', () => {
  const numbers = (segmentsPerSecond: number) => [
    { phoneNumber: OUR_NUMBERS.first, sms: true, voice: true, segmentsPerSecond, smsUrl: null },
  ];

  it('spaces texts by their segments', async () => {
    const clock = stillClock('2026-03-02T15:00:00Z');
    carrier = await startCarrier({ clock, numbers: numbers(1), services: [] });
    const sids = [
      await send({ To: contactLike('silent', 0), Body: 'a'.repeat(300) }),
      await send({ To: contactLike('silent', 1) }),
      await send({ To: contactLike('silent', 2) }),
    ];
    const delivered = async () => {
      await carrier.settled();
      return sids.map((sid) => messageOf(sid)?.status);
    };
    expect(await delivered()).toEqual(['delivered', 'queued', 'queued']);
    clock.move(1_999);
    expect(await delivered()).toEqual(['delivered', 'queued', 'queued']);
    clock.move(1);
    expect(await delivered()).toEqual(['delivered', 'delivered', 'queued']);
    clock.move(1_000);
    expect(await delivered()).toEqual(['delivered', 'delivered', 'delivered']);
  });

  it('fails what would wait longer than ten hours, or longer than it is valid', async () => {
    const clock = stillClock('2026-03-02T15:00:00Z');
    const perSecond = 10 / (11 * 3_600);
    carrier = await startCarrier({ clock, numbers: numbers(perSecond), services: [] });
    await send({ To: contactLike('silent', 0), Body: 'a'.repeat(1_500) });
    const late = await send({ To: contactLike('silent', 1) });
    const stale = await send({ To: contactLike('silent', 2), ValidityPeriod: '60' });
    await carrier.settled();
    expect(messageOf(late)).toMatchObject({ status: 'failed', errorCode: 30001 });
    expect(messageOf(stale)).toMatchObject({ status: 'failed', errorCode: 30036 });
    clock.move(11 * HOUR_MS);
    const fresh = await send({ To: contactLike('silent', 3) });
    await carrier.settled();
    expect(messageOf(fresh)?.status).toBe('delivered');
  });
});

describe('a restart', () => {
  it('goes on with texts under way, prices, answers, opt-outs and taken phones', async () => {
    const clock = stillClock('2026-03-02T15:00:00Z');
    carrier = await startCarrier({
      clock,
      latency: { ...INSTANT, receipt: [5_000, 5_000], reply: [9_000, 9_000] },
    });
    const to = contactLike('stop');
    const sid = await send({ To: to });
    carrier.verbs.takePhone({ contactNumber: contactLike('interested'), isTaken: true });
    await carrier.settled();
    const save = JSON.parse(JSON.stringify(carrier.save()));
    await carrier.stop();

    clock.move(20_000);
    carrier = await startCarrier({ clock });
    carrier.load(save);
    await carrier.settled();
    expect(messageOf(sid)?.status).toBe('delivered');
    expect(await send({ To: to })).toBe('refused 21610');
    const { phones } = carrier.snapshot();
    expect(phones.find(({ id }) => id === to)).toMatchObject({ isOptedOut: true, persona: 'stop' });
    expect(phones.find(({ id }) => id === contactLike('interested'))?.isTaken).toBe(true);
    expect(carrier.accepted().map((message) => message.sid)).toEqual([sid]);
  });
});
