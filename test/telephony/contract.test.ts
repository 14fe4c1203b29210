import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordProviderEvents } from '#operations/event-recorder.ts';
import { LookupFailed, type TextStatusEvent } from '#ports/telephony.ts';
import { INSTANT } from '#sandbox/carrier/options.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  type Endpoint,
  listenOn,
  OUR_NUMBERS,
  SERVICE_SID,
  serveRoutes,
  startCarrier,
  stillClock,
  type TestCarrier,
} from '#support/carrier.ts';
import { PROVIDERS, type Provider, type ProviderName } from '#telephony/index.ts';
import { NO_CALLS } from './call-edge.ts';

const ALICE = contactLike('silent');
const FROM = { kind: 'number', phoneNumber: OUR_NUMBERS.first } as const;
const POOL = { kind: 'pool', poolId: SERVICE_SID } as const;
const START = '2026-03-02T15:00:00.700Z';
const HASTY_MS = 200;
const NEVER_MS = 60_000;

describe.each(Object.keys(PROVIDERS) as ProviderName[])('the telephony port, spoken by %s', (name) => {
  const clock = stillClock(START);
  let carrier: TestCarrier;
  let bot: Endpoint;
  let provider: Provider;
  let recorded: Parameters<RecordProviderEvents>[0];
  let record: RecordProviderEvents;

  const reach = (apiUrl: string, { publicUrl = 'http://127.0.0.1:9', timeoutMs = NEVER_MS } = {}): Provider =>
    PROVIDERS[name]({
      accountId: ACCOUNT_SID,
      secrets: [AUTH_TOKEN],
      apiUrl,
      publicUrl,
      callsPerSecond: 1,
      timeoutMs,
    });

  beforeEach(async () => {
    carrier = await startCarrier({ clock, slowAnswerMs: NEVER_MS });
    recorded = [];
    record = async (events) => {
      recorded.push(...events);
    };
    let webhooks = new Hono();
    const app = new Hono().onError((_error, c) => c.body(null, 500));
    bot = await serveRoutes(app.all('*', (c) => webhooks.fetch(c.req.raw, c.env)));
    provider = reach(carrier.url, { publicUrl: bot.url });
    webhooks = provider
      .webhooks((events) => record(events), NO_CALLS)
      .onError((error) => Promise.reject(error));
    carrier.deliverTo(`${bot.url}/twilio/sms#rc=5&rp=all`);
  });
  afterEach(async () => {
    provider.telephony.close();
    await carrier.stop();
    await bot.close();
  });

  const send = (change: object = {}) =>
    provider.telephony.sendText({
      token: 'attempt-1',
      to: ALICE,
      from: FROM,
      body: 'Hello',
      validForSeconds: 3600,
      ...change,
    });
  const askHastily = async (apiUrl: string) => {
    const { telephony } = reach(apiUrl, { timeoutMs: HASTY_MS });
    const result = await telephony.sendText({
      token: 't',
      to: ALICE,
      from: FROM,
      body: 'Hello',
      validForSeconds: 3600,
    });
    telephony.close();
    return result;
  };
  const statuses = () =>
    recorded.map(({ event }) => (event.kind === 'text_status' ? event.status : event.kind));

  describe('placing a text', () => {
    it('is not sent any more once the person’s hours have ended', async () => {
      await send({ validForSeconds: 90.7 });
      await send({ validForSeconds: 80_000 });
      expect(carrier.accepted().map((text) => text.validitySeconds)).toEqual([90, 36_000]);
    });

    it('is accepted, and its reports carry the attempt’s token', async () => {
      const result = await send({ token: 'a/ä ?&#1' });
      const ref = carrier.accepted()[0]?.sid;
      expect(result).toEqual({ kind: 'accepted', ref });
      await carrier.settled();
      const events = recorded.map(({ event }) => event as TextStatusEvent);
      expect(events.map(({ token, status }) => [token, status])).toEqual([
        ['a/ä ?&#1', 'sending'],
        ['a/ä ?&#1', 'sent'],
        ['a/ä ?&#1', 'delivered'],
      ]);
      expect(events.every((event) => event.ref === ref && event.refusal === null)).toBe(true);
    });

    it('is asked of a pool of senders', async () => {
      expect(await send({ from: POOL })).toMatchObject({ kind: 'accepted' });
      await carrier.settled();
      expect(carrier.accepted()[0]).toMatchObject({
        messagingServiceSid: SERVICE_SID,
        from: OUR_NUMBERS.pooled,
      });
    });

    it.each([
      ['a landline', { to: contactLike('landline') }, 'not_textable', '21614'],
      ['a number that does not exist', { to: contactLike('invalid') }, 'invalid_number', '21211'],
      ['a contact who opted out', { to: contactLike('opted_out') }, 'opted_out', '21610'],
      ['a country that is switched off', { to: '+989121234567' }, 'region', '21408'],
      [
        'a sender of somebody else',
        { from: { kind: 'number', phoneNumber: '+12025559999' } },
        'sender',
        '21606',
      ],
      ['an unknown pool', { from: { kind: 'pool', poolId: 'MG9' } }, 'sender', '21701'],
      ['a body that is too long', { body: 'a'.repeat(1_601) }, 'content', '21617'],
    ])('is rejected for %s', async (_case, change, failure, code) => {
      const result = await send(change);
      expect(result).toEqual({
        kind: 'rejected',
        refusal: { class: failure, code, fix: expect.any(String) },
      });
      expect(carrier.accepted()).toEqual([]);
    });

    it.each([
      ['auth_refused', { kind: 'rejected', refusal: { class: 'account', code: '20003' } }, 0],
      ['sender_refused', { kind: 'rejected', refusal: { class: 'sender', code: '21606' } }, 0],
      ['too_many_requests', { kind: 'throttled', retryAfterMs: 1_000, code: '20429' }, 0],
      ['queue_full', { kind: 'throttled', retryAfterMs: 60_000, code: '21611' }, 0],
      ['drop_request', { kind: 'unknown', cause: 'ECONNRESET' }, 0],
      ['error_before_accepting', { kind: 'unknown' }, 0],
      ['unavailable', { kind: 'unknown' }, 0],
      ['lose_answer', { kind: 'unknown', cause: 'ECONNRESET' }, 1],
      ['error_after_accepting', { kind: 'unknown' }, 1],
    ] as const)('when the carrier shows %s', async (fault, expected, accepted) => {
      carrier.fail(fault);
      expect(await send()).toMatchObject(expected);
      expect(carrier.accepted()).toHaveLength(accepted);
    });

    it('never asks twice', async () => {
      carrier.fail('too_many_requests', null);
      await send();
      expect(carrier.snapshot().traffic).toHaveLength(1);
    });

    it('was certainly not placed when nobody listens, and when the name does not exist', async () => {
      await carrier.stop();
      expect(await send()).toMatchObject({ kind: 'throttled', code: 'ECONNREFUSED' });
      carrier = await startCarrier({ clock });
    });

    it('is unknown after an answer that makes no sense', async () => {
      const answers = ['not json', '[]', '{}', '{"sid": ""}', 'null'];
      for (const body of answers) {
        const odd = await serveText(201, body);
        const other = reach(odd.url);
        expect(
          await other.telephony.sendText({
            token: 't',
            to: ALICE,
            from: FROM,
            body: 'x',
            validForSeconds: 60,
          }),
        ).toMatchObject({
          kind: 'unknown',
        });
        other.telephony.close();
        await odd.close();
      }
    });

    it('is unknown after a redirect, which is not followed', async () => {
      const elsewhere = await serveText(302, '', { Location: `${carrier.url}/2010-04-01` });
      const other = reach(elsewhere.url);
      expect(
        await other.telephony.sendText({ token: 't', to: ALICE, from: FROM, body: 'x', validForSeconds: 60 }),
      ).toMatchObject({
        kind: 'unknown',
      });
      other.telephony.close();
      await elsewhere.close();
      expect(carrier.snapshot().traffic).toEqual([]);
    });

    it('is unknown when the answer comes too late', async () => {
      carrier.fail('slow_answer');
      expect(await askHastily(carrier.url)).toEqual({ kind: 'unknown', cause: 'timeout' });
      expect(carrier.accepted()).toHaveLength(1);
    });

    it('is unknown when the answer drips beyond the deadline', async () => {
      const dripping = await serveDripping();
      expect(await askHastily(dripping.url)).toEqual({ kind: 'unknown', cause: 'timeout' });
      await dripping.close();
    });
  });

  describe('reports', () => {
    it.each([
      ['unreachable_once', 'unreachable', '30003'],
      ['filtered', 'filtered', '30007'],
      ['unknown_number', 'invalid_number', '30005'],
    ])('of a contact who is %s carry the class and the fix', async (persona, failure, code) => {
      await send({ to: contactLike(persona) });
      await carrier.settled();
      const last = recorded.at(-1)?.event as TextStatusEvent;
      expect(last).toMatchObject({ status: 'undelivered', refusal: { class: failure, code } });
    });

    it('may come before the answer to the create', async () => {
      carrier.fail('early_callbacks');
      const pending = send();
      await expect.poll(() => recorded.length).toBe(3);
      expect(await pending).toMatchObject({ kind: 'accepted' });
    });

    it('have the same key when repeated, and another for each status', async () => {
      carrier.fail('duplicate_callbacks', null);
      await send();
      await carrier.settled();
      const keys = recorded.map(({ dedupeKey }) => dedupeKey);
      expect(keys).toHaveLength(6);
      expect(new Set(keys).size).toBe(3);
    });

    it('are repeated by the carrier when they could not be stored', async () => {
      const failures = [new Error('the database is away'), new Error('still away')];
      record = async (events) => {
        const failure = failures.shift();
        if (failure) throw failure;
        recorded.push(...events);
      };
      await send();
      await carrier.settled();
      expect(statuses().toSorted()).toEqual(['delivered', 'sending', 'sent']);
    });

    it('are stored in any order they come, and forgeries are not', async () => {
      carrier.fail('reordered_callbacks');
      carrier.fail('forged_callback', null);
      await send();
      await carrier.settled();
      expect(statuses()).toEqual(['sent', 'sending', 'delivered']);
      const refused = carrier.snapshot().traffic.filter(({ status }) => status === 403);
      expect(refused).toHaveLength(3);
      expect(refused.every(({ response }) => response === '')).toBe(true);
    });
  });

  describe('texts from contacts', () => {
    it.each([
      ['stop', 'STOP', 'stop'],
      ['help', 'HELP', 'help'],
      ['stop_in_words', 'stop texting me please', null],
      ['emoji', 'Klingt gut 👍 – schreibe später zurück 😀', null],
    ])('of a contact who is %s', async (persona, body, optOut) => {
      await send({ to: contactLike(persona) });
      await carrier.settled();
      const inbound = recorded.filter(({ event }) => event.kind === 'text_inbound');
      expect(inbound).toHaveLength(1);
      expect(inbound[0]?.event).toMatchObject({
        kind: 'text_inbound',
        from: contactLike(persona),
        to: OUR_NUMBERS.first,
        body,
        mediaCount: 0,
        optOut,
      });
    });

    it('get no words back by accident', async () => {
      carrier.verbs.textFromPhone({ contactNumber: ALICE, botNumber: OUR_NUMBERS.first, body: 'Hi' });
      await carrier.settled();
      expect(carrier.snapshot().texts).toHaveLength(1);
    });
  });

  describe('looking up', () => {
    it('finds what was accepted although its answer was lost', async () => {
      carrier.fail('lose_answer');
      await send({ body: 'the one' });
      await send({ from: { kind: 'number', phoneNumber: OUR_NUMBERS.second }, body: 'another sender' });
      await send({ to: contactLike('silent', 1), body: 'another person' });
      const found = await provider.telephony.findTexts({ to: ALICE, from: FROM, since: new Date(START) });
      expect(found).toMatchObject([{ body: 'the one', status: 'queued', refusal: null }]);
      expect(found[0]?.ref).toBe(carrier.accepted()[0]?.sid);
    });

    it('finds what a pool sent, before and after it has chosen a sender', async () => {
      await send({ from: POOL, body: 'pooled' });
      const find = async () =>
        (await provider.telephony.findTexts({ to: ALICE, from: POOL, since: new Date(START) })).map(
          ({ body }) => body,
        );
      expect(await find()).toEqual(['pooled']);
      await carrier.settled();
      await send({ body: 'not pooled' });
      expect(await find()).toEqual(['pooled']);
    });

    it('leaves out what is older, though the list knows only whole seconds', async () => {
      await send({ body: 'old' });
      clock.move(10_000);
      await send({ body: 'new' });
      const since = new Date(clock.now());
      const found = await provider.telephony.findTexts({ to: ALICE, from: FROM, since });
      expect(found.map(({ body }) => body)).toEqual(['new']);
    });

    it('reads on over pages, and does not conclude from a part of them', async () => {
      for (let index = 0; index < 130; index += 1) await send({ body: `text ${index}` });
      const since = new Date(START);
      expect(await provider.telephony.findTexts({ to: ALICE, from: FROM, since })).toHaveLength(130);
      for (let index = 130; index < 520; index += 1) await send({ body: `text ${index}` });
      await expect(provider.telephony.findTexts({ to: ALICE, from: FROM, since })).rejects.toThrow(
        LookupFailed,
      );
    });

    it('tells the price once it is known, as what it costs', async () => {
      await carrier.stop();
      const latency = { ...INSTANT, price: [60_000, 60_000] as const };
      carrier = await startCarrier({ clock, latency });
      provider.telephony.close();
      provider = reach(carrier.url, { publicUrl: bot.url });
      const result = await send({ body: 'a'.repeat(161) });
      const ref = result.kind === 'accepted' ? result.ref : '';
      await carrier.settled();
      expect(await provider.telephony.fetchText(ref)).toEqual({
        kind: 'text_status',
        token: null,
        ref,
        status: 'delivered',
        refusal: null,
        segments: 2,
        price: null,
      });
      clock.move(60_000);
      await carrier.settled();
      expect(await provider.telephony.fetchText(ref)).toMatchObject({
        price: { amount: '0.01660', currency: 'USD' },
      });
    });

    it('knows which numbers may text', async () => {
      const owns = (number: string) => provider.telephony.ownsNumber(number);
      expect(await owns(OUR_NUMBERS.first)).toBe(true);
      expect(await owns(OUR_NUMBERS.voiceOnly)).toBe(false);
      expect(await owns('+12025559999')).toBe(false);
      expect(await owns('+1202555010')).toBe(false);
    });

    it('lists the numbers that are ours, with what they can do', async () => {
      const numbers = await provider.telephony.listNumbers();
      expect(numbers.map(({ phoneNumber }) => phoneNumber).sort()).toEqual(Object.values(OUR_NUMBERS).sort());
      const found = numbers.find(({ phoneNumber }) => phoneNumber === OUR_NUMBERS.voiceOnly);
      expect(found).toMatchObject({ name: expect.any(String), isActive: true, voice: true, sms: false });
    });

    it('fails aloud when the carrier does not answer', async () => {
      const { telephony } = provider;
      const lookUps = [
        () => telephony.findTexts({ to: ALICE, from: FROM, since: new Date(START) }),
        () => telephony.fetchText('SM00000000000000000000000000000000'),
        () => telephony.ownsNumber(OUR_NUMBERS.first),
        () => telephony.listNumbers(),
      ];
      for (const lookUp of lookUps) {
        carrier.fail('lookups_failing');
        await expect(lookUp()).rejects.toThrow(LookupFailed);
        carrier.fail('auth_refused');
        await expect(lookUp()).rejects.toThrow(LookupFailed);
      }
      await expect(lookUps[1]?.()).rejects.toThrow('20404');
    });
  });

  it('never lets the credentials out, whatever goes wrong', async () => {
    const secrets = [AUTH_TOKEN, btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)];
    const seen: unknown[] = [];
    for (const fault of ['auth_refused', 'drop_request', 'unavailable', 'lose_answer'] as const) {
      carrier.fail(fault);
      seen.push(await send());
    }
    carrier.fail('slow_answer');
    seen.push(await askHastily(carrier.url));
    carrier.fail('lookups_failing');
    seen.push(await provider.telephony.ownsNumber(OUR_NUMBERS.first).catch((error: unknown) => error));
    await carrier.stop();
    seen.push(
      await send(),
      await provider.telephony.ownsNumber(OUR_NUMBERS.first).catch((error: unknown) => error),
    );
    carrier = await startCarrier({ clock });
    const shown = inspect(seen, { depth: 20, showHidden: true }) + JSON.stringify(seen);
    for (const secret of secrets) expect(shown).not.toContain(secret);
  });

  it('goes to no other machine than the carrier or this one', async () => {
    for (const apiUrl of [
      'https://api.twilio.com.example.com',
      'http://10.0.0.7:4000',
      'http://127.0.0.1.example.com',
      'nonsense',
    ]) {
      expect(() => reach(apiUrl)).toThrow('TWILIO_API_URL');
    }
  });
});

async function serveText(
  status: number,
  body: string,
  headers: Record<string, string> = {},
): Promise<Endpoint> {
  return listenOn(
    createServer((_request, response) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(body);
    }),
  );
}

/** Sends a byte now and then for ever, so that no single silence is long. */
async function serveDripping(): Promise<Endpoint> {
  return listenOn(
    createServer((_request, response) => {
      response.writeHead(201, { 'Content-Type': 'application/json' });
      const dripping = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(dripping));
    }),
  );
}
