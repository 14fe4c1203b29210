import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INSTANT } from '#sandbox/carrier/options.ts';
import { ACCOUNT_SID, contactLike, OUR_NUMBERS } from '#support/carrier.ts';
import { placeCall, rest, STARTS_AT, type Stage, setStage } from './voice-bot.ts';

const CONTACT = contactLike('silent');
const WAITS = '<Response><Pause length="60"/></Response>';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage({ trialRecipients: null });
});
afterEach(() => stage.stop());

const show = (sid: string) => rest(stage.carrier, 'GET', `Calls/${sid}.json`);
const update = (sid: string, form: Record<string, string>) =>
  rest(stage.carrier, 'POST', `Calls/${sid}.json`, form);
const callNow = () => stage.carrier.acceptedCalls()[0];

describe('a create', () => {
  it('is answered as Twilio does, before anything has happened', async () => {
    const { status, json } = await placeCall(stage, CONTACT);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      sid: expect.stringMatching(/^CA[0-9a-f]{32}$/),
      account_sid: ACCOUNT_SID,
      status: 'queued',
      direction: 'outbound-api',
      to: CONTACT,
      from: OUR_NUMBERS.first,
      queue_time: '0',
      start_time: null,
      end_time: null,
      duration: null,
      price: null,
      price_unit: 'USD',
      answered_by: null,
      date_created: 'Mon, 02 Mar 2026 15:00:00 +0000',
    });
  });

  const long = `<Response>${'<Pause/>'.repeat(500)}</Response>`;
  it.each([
    [21201, 'no To', { To: '' }],
    [21213, 'no From', { From: '' }],
    [21211, 'a To that is no number', { To: 'Bob' }],
    [21217, 'a To with too few digits', { To: '+1212' }],
    [21217, 'Twilio’s own invalid number', { To: '+15005550001' }],
    [21214, 'Twilio’s own unreachable number', { To: '+15005550002' }],
    [21215, 'Twilio’s own forbidden number', { To: '+15005550003' }],
    [21216, 'Twilio’s own blocked number', { To: '+15005550004' }],
    [21211, 'a number that does not exist', { To: contactLike('invalid') }],
    [21215, 'a country that is switched off', { To: '+5371234567' }],
    [21212, 'a From that is no number', { From: 'Acme' }],
    [21210, 'a From that is not ours', { From: '+12125550000' }],
    [21205, 'no instructions at all', { Url: '' }],
    [21205, 'an address that is none', { Url: 'answer' }],
    [21205, 'a host with an underscore', { Url: 'https://my_host.example/answer' }],
    [32018, 'a document too long', { Url: '', Twiml: long }],
    [21609, 'a callback address that is none', { StatusCallback: 'nowhere' }],
    [20001, 'an unknown event', { StatusCallbackEvent: ['ringing', 'no-answer'] }],
    [20001, 'a timeout out of range', { Timeout: '601' }],
    [20001, 'an unknown kind of detection', { MachineDetection: 'Yes' }],
    [20001, 'a threshold out of range', { MachineDetectionSpeechThreshold: '100' }],
    [20001, 'an AsyncAmd that is no boolean', { AsyncAmd: 'yes' }],
  ])('is refused with %i for %s', async (code, _name, form) => {
    const { status, json } = await placeCall(stage, CONTACT, form);
    expect({ status, code: json.code }).toEqual({ status: 400, code });
    expect(stage.carrier.acceptedCalls()).toEqual([]);
  });

  it('is refused for a stranger on a trial account', async () => {
    const trial = await setStage({ trialRecipients: [CONTACT] });
    expect((await placeCall(trial, CONTACT)).status).toBe(201);
    expect((await placeCall(trial, contactLike('interested'))).json.code).toBe(21219);
    await trial.stop();
  });

  it('is refused above the number of calls allowed at once', async () => {
    const small = await setStage({ mostCalls: 1 });
    small.bot.answers.set('/answer', WAITS);
    await placeCall(small, CONTACT);
    await small.until(() => small.carrier.acceptedCalls()[0]?.status === 'in-progress');
    expect(await placeCall(small, contactLike('interested'))).toMatchObject({
      status: 429,
      json: { code: 10004 },
    });
    await small.stop();
  });

  it('needs credentials', async () => {
    const url = `${stage.carrier.url}/2010-04-01/Accounts/${ACCOUNT_SID}/Calls.json`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(401);
  });

  it('takes a document in place of an address, and the address where both are given', async () => {
    await placeCall(stage, CONTACT, { Url: '', Twiml: '<Response><Say>From the document</Say></Response>' });
    await stage.until(() => callNow()?.status === 'completed');
    expect(callNow()?.lines.map(({ text }) => text)).toContain('From the document');
    expect(stage.bot.at('/answer')).toEqual([]);
    await placeCall(stage, contactLike('interested'), { Twiml: WAITS });
    await stage.until(() => stage.bot.at('/answer').length > 0);
  });
});

describe('more calls than the account may dial in a second', () => {
  it('wait for their turn, in order', async () => {
    const slow = await setStage({ callsPerSecond: 2 });
    const queueTimes = [];
    for (let index = 0; index < 4; index += 1) {
      const { json } = await placeCall(slow, contactLike('busy', index));
      queueTimes.push(json.queue_time);
    }
    expect(queueTimes).toEqual(['0', '500', '1000', '1500']);
    await slow.until(() => slow.carrier.acceptedCalls().every(({ startedAt }) => startedAt !== null));
    const started = slow.carrier.acceptedCalls().map(({ startedAt }) => (startedAt ?? 0) - STARTS_AT);
    const gaps = started.slice(1).map((at, index) => at - (started[index] ?? 0));
    expect(gaps).toEqual([500, 500, 500]);
    await slow.stop();
  });

  it('a canceled one gives its turn to the next', async () => {
    const slow = await setStage({ callsPerSecond: 0.1 });
    const sids = [];
    for (let index = 0; index < 3; index += 1)
      sids.push((await placeCall(slow, contactLike('busy', index))).sid);
    await slow.pass(1_000);
    const canceled = await rest(slow.carrier, 'POST', `Calls/${sids[1]}.json`, { Status: 'canceled' });
    expect(canceled.json).toMatchObject({ status: 'canceled', start_time: null });
    await slow.until(() => slow.carrier.acceptedCalls()[2]?.startedAt !== null, 12_000);
    await slow.stop();
  });

  it('are canceled after a day', async () => {
    const stuck = await setStage({ callsPerSecond: 1 / (48 * 3_600) });
    await placeCall(stuck, contactLike('busy', 0));
    await placeCall(stuck, contactLike('busy', 1));
    await stuck.pass(1_000);
    await stuck.jump(24 * 3_600 * 1_000);
    await stuck.pass(1_000);
    expect(stuck.carrier.acceptedCalls()[1]).toMatchObject({ status: 'canceled', startedAt: null });
    expect(stuck.bot.at('/status').at(-1)?.params).toMatchObject({ CallStatus: 'canceled' });
    await stuck.stop();
  });
});

describe('looking up', () => {
  it('shows how far a call is', async () => {
    stage.bot.answers.set('/answer', WAITS);
    const { sid } = await placeCall(stage, CONTACT);
    await stage.until(() => callNow()?.status === 'in-progress');
    expect((await show(sid)).json).toMatchObject({ status: 'in-progress', duration: null });
    await stage.jump(60_000);
    await stage.until(() => callNow()?.status === 'completed');
    expect((await show(sid)).json).toMatchObject({
      status: 'completed',
      duration: '60',
      start_time: expect.stringContaining('+0000'),
      end_time: expect.stringContaining('+0000'),
    });
  });

  it('an unknown call is not found', async () => {
    expect(await show(`CA${'0'.repeat(32)}`)).toMatchObject({ status: 404, json: { code: 20404 } });
  });

  it.each([
    ['everything, newest first', '', ['c', 'b', 'a']],
    ['one recipient', `To=${encodeURIComponent(contactLike('busy', 1))}`, ['b']],
    ['one sender', `From=${encodeURIComponent(OUR_NUMBERS.second)}`, ['c']],
    ['one status', 'Status=busy', ['c', 'b', 'a']],
    ['a status nobody has', 'Status=ringing', []],
    ['a day', 'StartTime=2026-03-02', ['c', 'b', 'a']],
    ['another day', 'StartTime=2026-03-03', []],
  ])('lists %s', async (_name, query, expected) => {
    const names = new Map<string, string>();
    for (const [index, name] of ['a', 'b', 'c'].entries()) {
      const From = name === 'c' ? OUR_NUMBERS.second : OUR_NUMBERS.first;
      names.set((await placeCall(stage, contactLike('busy', index), { From })).sid, name);
    }
    await stage.until(() => stage.carrier.acceptedCalls().every(({ status }) => status === 'busy'));
    const { json } = await rest(stage.carrier, 'GET', `Calls.json?${query}`);
    const calls = json.calls as { sid: string }[];
    expect(calls.map(({ sid }) => names.get(sid))).toEqual(expected);
  });

  it('pages through the list without losing one', async () => {
    for (let index = 0; index < 5; index += 1) await placeCall(stage, contactLike('busy', index));
    const seen = [];
    for (let path = 'Calls.json?PageSize=2'; path !== ''; ) {
      const { json } = await rest(stage.carrier, 'GET', path);
      seen.push(...(json.calls as { sid: string }[]).map(({ sid }) => sid));
      path = String(json.next_page_uri ?? '').replace(/^.*\/(?=Calls\.json)/, '');
    }
    expect(seen).toEqual(
      stage.carrier
        .acceptedCalls()
        .map(({ sid }) => sid)
        .toReversed(),
    );
  });

  it('a fresh call is not in the list yet', async () => {
    const lagging = await setStage({ latency: { ...INSTANT, listed: [5_000, 5_000] } });
    await placeCall(lagging, CONTACT);
    const list = async () => (await rest(lagging.carrier, 'GET', 'Calls.json')).json.calls;
    expect(await list()).toEqual([]);
    await lagging.jump(5_000);
    expect(await list()).toHaveLength(1);
    await lagging.stop();
  });
});

describe('changing a call', () => {
  beforeEach(() => void stage.bot.answers.set('/answer', WAITS));

  const STATES = {
    queued: (_status?: string) => true,
    ringing: (status?: string) => status === 'ringing',
    'in-progress': (status?: string) => status === 'in-progress',
    completed: (status?: string) => status === 'completed',
  };
  it.each([
    ['canceled', 'queued', 200, 'canceled'],
    ['canceled', 'ringing', 200, 'canceled'],
    ['canceled', 'in-progress', 400, 'in-progress'],
    ['canceled', 'completed', 400, 'completed'],
    ['completed', 'ringing', 200, 'canceled'],
    ['completed', 'in-progress', 200, 'completed'],
    ['completed', 'completed', 400, 'completed'],
  ] as const)('to %s while it is %s: %i, then it is %s', async (wanted, state, expected, after) => {
    const { sid } = await placeCall(stage, state === 'completed' ? contactLike('hangs_up') : CONTACT);
    await stage.until(() => STATES[state](callNow()?.status));
    const answer = await update(sid, { Status: wanted });
    expect(answer.status).toBe(expected);
    if (expected === 400) expect(answer.json.code).toBe(21220);
    expect(callNow()?.status).toBe(after);
  });

  it.each(['queued', 'ringing', 'completed'] as const)(
    'to other instructions is refused while it is %s',
    async (state) => {
      const { sid } = await placeCall(stage, state === 'completed' ? contactLike('hangs_up') : CONTACT);
      await stage.until(() => STATES[state](callNow()?.status));
      expect((await update(sid, { Twiml: '<Response/>' })).json.code).toBe(21220);
    },
  );

  it('to another address asks there', async () => {
    const { sid } = await placeCall(stage, CONTACT);
    await stage.until(() => callNow()?.status === 'in-progress');
    stage.bot.answers.set('/other', '<Response><Hangup/></Response>');
    expect((await update(sid, { Url: `${stage.bot.url}/other` })).status).toBe(200);
    await stage.until(() => callNow()?.status === 'completed');
    expect(stage.bot.at('/other')).toMatchObject([{ isSigned: true, params: { CallSid: sid } }]);
  });

  it.each([
    [20001, { Status: 'ringing' }],
    [21205, { Url: 'nowhere' }],
    [21205, {}],
  ])('is refused with %i for %j', async (code, form) => {
    const { sid } = await placeCall(stage, CONTACT);
    await stage.until(() => callNow()?.status === 'in-progress');
    expect((await update(sid, form)).json.code).toBe(code);
  });
});
