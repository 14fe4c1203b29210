import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '#sandbox/carrier/feed.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  OUR_NUMBERS,
  startCarrier,
  startWebhookSink,
  type TestCarrier,
  type WebhookSink,
} from '#support/carrier.ts';
import { CREATE_FAULTS } from '#support/create-faults.ts';

const ALICE = contactLike('silent');
let sink: WebhookSink;
let carrier: TestCarrier;

beforeEach(async () => {
  sink = await startWebhookSink();
  carrier = await startCarrier({ slowAnswerMs: 150 });
  carrier.deliverTo(`${sink.url}/sms#rc=5&rp=all`);
});
afterEach(async () => {
  await carrier.stop();
  await sink.close();
});

type Answer = { status: number | 'broken'; type: string; json: Record<string, unknown> };

async function call(method: 'GET' | 'POST'): Promise<Answer> {
  const form = {
    To: ALICE,
    From: OUR_NUMBERS.first,
    Body: 'Hello',
    StatusCallback: `${sink.url}/status#rc=5&rp=all`,
  };
  const url = `${carrier.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json`;
  const headers = { Authorization: `Basic ${btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`)}` };
  const body = method === 'POST' ? new URLSearchParams(form) : null;
  const response = await fetch(url, { method, headers, body }).catch(() => null);
  if (!response) return { status: 'broken', type: '', json: {} };
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, json: type.includes('json') ? await response.json() : {} };
}

const send = () => call('POST');
const callbacks = () =>
  sink.received.filter(({ path }) => path === '/status').map(({ params }) => params.MessageStatus);

describe('faults of a create', () => {
  it.each([...CREATE_FAULTS, ['queue_full', 429, 21611, 0], ['sender_refused', 400, 21606, 0]] as const)(
    '%s: status %s, code %s, %i accepted',
    async (fault, status, code, accepted) => {
      carrier.fail(fault);
      const answer = await send();
      expect([answer.status, answer.json.code]).toEqual([status, code]);
      expect(carrier.accepted()).toHaveLength(accepted);
      expect((await send()).status).toBe(201);
    },
  );

  it('an accepted text is delivered although its answer was lost', async () => {
    carrier.fail('lose_answer');
    await send();
    await carrier.settled();
    expect(callbacks()).toEqual(['sending', 'sent', 'delivered']);
  });

  it('callbacks may all arrive before the answer', async () => {
    carrier.fail('early_callbacks');
    await send();
    expect(callbacks()).toEqual(['sending', 'sent', 'delivered']);
    await carrier.settled();
    expect(callbacks()).toHaveLength(3);
  });

  it('looking up can fail while creating works', async () => {
    carrier.fail('lookups_failing');
    expect((await send()).status).toBe(201);
    expect(await call('GET')).toMatchObject({ status: 503, type: expect.stringContaining('html') });
    expect((await call('GET')).status).toBe(200);
  });

  it('every delivery can fail', async () => {
    carrier.fail('deliveries_failing', null);
    await send();
    await send();
    await carrier.settled();
    expect(sink.received.filter(({ params }) => params.ErrorCode === '30008')).toHaveLength(2);
  });
});

describe('faults of callbacks', () => {
  it.each([
    ['duplicate_callbacks', 1, ['sending', 'sending', 'sent', 'delivered']],
    ['reordered_callbacks', 1, ['sent', 'sending', 'delivered']],
    ['reordered_callbacks', null, ['sent', 'sending', 'delivered']],
    ['lost_callbacks', 1, ['sent', 'delivered']],
    ['lost_callbacks', null, []],
  ] as const)('%s, %s times', async (fault, count, expected) => {
    carrier.fail(fault, count);
    await send();
    await carrier.settled();
    expect(callbacks()).toEqual(expected);
  });

  it('a forged callback tells a lie with a wrong signature, the true ones follow', async () => {
    carrier.fail('forged_callback');
    await send();
    await carrier.settled();
    expect(callbacks()).toEqual(['failed', 'sending', 'sent', 'delivered']);
    expect(sink.received.map(({ isSigned }) => isSigned)).toEqual([false, true, true, true]);
  });

  it('texts from contacts can arrive twice or never', async () => {
    const text = { contactNumber: ALICE, botNumber: OUR_NUMBERS.first, body: 'Hi' };
    carrier.fail('duplicate_inbound');
    carrier.verbs.textFromPhone(text);
    await carrier.settled();
    expect(new Set(sink.received.map(({ params }) => params.MessageSid)).size).toBe(1);
    expect(sink.received).toHaveLength(2);
    carrier.fail('lost_inbound');
    carrier.verbs.textFromPhone(text);
    await carrier.settled();
    expect(sink.received).toHaveLength(2);
  });
});

describe('delivery of webhooks', () => {
  it('is tried again after an error when the address asks for it, with the same idempotency token', async () => {
    sink.answerNext({ status: 500 }, 'drop');
    carrier.verbs.textFromPhone({ contactNumber: ALICE, botNumber: OUR_NUMBERS.first, body: 'Hi' });
    await carrier.settled();
    expect(sink.received).toHaveLength(3);
    expect(new Set(sink.received.map(({ headers }) => headers['i-twilio-idempotency-token'])).size).toBe(1);
  });

  it('is given up after an error 500 when the address asks for nothing', async () => {
    carrier.deliverTo(`${sink.url}/sms`);
    sink.answerNext({ status: 500 });
    carrier.verbs.textFromPhone({ contactNumber: ALICE, botNumber: OUR_NUMBERS.first, body: 'Hi' });
    await carrier.settled();
    expect(sink.received).toHaveLength(1);
  });

  it('reaches a bot that comes back within seconds', async () => {
    const { port } = new URL(sink.url);
    await sink.close();
    carrier.verbs.textFromPhone({ contactNumber: ALICE, botNumber: OUR_NUMBERS.first, body: 'Hi' });
    await sleep(300);
    sink = await startWebhookSink(AUTH_TOKEN, Number(port));
    await carrier.settled();
    expect(sink.received).toHaveLength(1);
  });
});

describe('switching faults', () => {
  it('tells whoever listens when a fault has used its times up', async () => {
    const changes: Change[] = [];
    const stop = carrier.subscribe((change) => changes.push(change));
    carrier.fail('too_many_requests', 2);
    await send();
    await send();
    await stop();
    const rows = changes.flatMap((change) =>
      change.type === 'upsert' && change.table === 'faults' ? [change.row] : [],
    );
    expect(rows).toMatchObject([
      { id: 'carrier:too_many_requests', side: 'carrier', isOn: true, count: 2 },
      { isOn: true, count: 1 },
      { isOn: false, count: null },
    ]);
  });

  it('happens with a chance when asked to', async () => {
    carrier.verbs.setFaultChance('too_many_requests', 0.5);
    const statuses: (number | 'broken')[] = [];
    for (let count = 0; count < 40; count += 1) statuses.push((await send()).status);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(5);
    expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(5);
  });

  it('is done over the page, which leaves other stand-ins’ faults to them', async () => {
    const post = async (path: string, body: object) => {
      const headers = { 'Content-Type': 'application/json' };
      const response = await fetch(`${carrier.url}/ui/${path}`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    };
    expect(await post('switch-fault', { id: 'carrier:lose_answer', isOn: true, count: 1 })).toMatchObject({
      status: 200,
    });
    expect(await post('switch-fault', { id: 'slack:archive', isOn: true, count: 1 })).toMatchObject({
      status: 404,
    });
    expect(await post('switch-fault', { id: 7 })).toMatchObject({ status: 400 });
    expect(await post('take-phone', { contactNumber: ALICE, isTaken: true })).toMatchObject({ status: 200 });
    expect(
      await post('text-from-phone', { contactNumber: ALICE, body: 'Hi', botNumber: null }),
    ).toMatchObject({ status: 200 });
    expect((await send()).status).toBe('broken');
  });
});

describe('the inspector', () => {
  it('shows both directions and never the credentials', async () => {
    await send();
    await carrier.settled();
    const { traffic } = carrier.snapshot();
    expect(traffic.map(({ direction, status }) => [direction, status])).toEqual([
      ['out', 201],
      ['in', 204],
      ['in', 204],
      ['in', 204],
    ]);
    expect(JSON.stringify(traffic)).not.toContain(AUTH_TOKEN);
    expect(JSON.stringify(traffic)).not.toContain(btoa(`${ACCOUNT_SID}:${AUTH_TOKEN}`));
  });
});
