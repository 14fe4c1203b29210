import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactLike } from '#support/carrier.ts';
import { CREATE_FAULTS } from '#support/create-faults.ts';
import { hangUpTwiml, placeCall, relayTwiml, rest, type Stage, setStage, statuses } from './voice-bot.ts';

const CONTACT = contactLike('silent');

let stage: Stage;
beforeEach(async () => {
  stage = await setStage({ slowAnswerMs: 100 });
  stage.bot.answers.set('/answer', hangUpTwiml('Hello.'));
  stage.bot.answers.set('/after', '<Response/>');
});
afterEach(() => stage.stop());

const accepted = () => stage.carrier.acceptedCalls();
const place = (form: Record<string, string> = {}) =>
  placeCall(stage, CONTACT, form).catch(() => ({ status: 'broken' as const, json: { code: undefined } }));

describe('faults of a create', () => {
  it.each([...CREATE_FAULTS, ['calls_full', 429, 10004, 0], ['sender_refused', 400, 21210, 0]] as const)(
    '%s: status %s, code %s, %i accepted',
    async (fault, status, code, count) => {
      stage.carrier.fail(fault);
      const answer = await place();
      expect([answer.status, answer.json.code]).toEqual([status, code]);
      expect(accepted()).toHaveLength(count);
      expect((await place()).status).toBe(201);
    },
  );

  it('a call whose answer was lost is dialled all the same', async () => {
    stage.carrier.fail('lose_answer');
    await place();
    await stage.until(() => accepted()[0]?.status === 'completed');
  });

  it('the first callbacks may come before the answer', async () => {
    stage.carrier.fail('early_callbacks');
    await place();
    expect(statuses(stage.bot)).toEqual(['initiated', 'ringing']);
    await stage.until(() => statuses(stage.bot).length === 4);
    expect(statuses(stage.bot)).toEqual(['initiated', 'ringing', 'in-progress', 'completed']);
  });

  it('the carrier may dial twice for one create: both phones ring, each with a SID of its own', async () => {
    stage.carrier.fail('second_call');
    const { json } = await place();
    await stage.until(() => accepted().every(({ status }) => status === 'completed'));
    expect(accepted()).toMatchObject([
      { sid: (json as { sid?: string }).sid, isTwin: false },
      { isTwin: true },
    ]);
    const asked = stage.bot.at('/answer');
    expect(asked.map(({ query }) => query)).toEqual(['?call=t1', '?call=t1']);
    expect(new Set(asked.map(({ params }) => params.CallSid)).size).toBe(2);
  });

  it('looking up fails while placing works', async () => {
    stage.carrier.fail('lookups_failing');
    expect((await place()).status).toBe(201);
    expect((await rest(stage.carrier, 'GET', 'Calls.json')).status).toBe(503);
    expect((await rest(stage.carrier, 'GET', 'Calls.json')).status).toBe(200);
  });
});

describe('faults on the way', () => {
  it('every call can fail', async () => {
    stage.carrier.fail('calls_failing', null);
    await place();
    await stage.until(() => statuses(stage.bot).includes('failed'));
    expect(stage.bot.at('/status').at(-1)?.params.SipResponseCode).toBe('503');
  });

  it.each([
    ['duplicate_callbacks', 1, ['initiated', 'initiated', 'ringing', 'in-progress', 'completed']],
    ['reordered_callbacks', 1, ['ringing', 'initiated', 'in-progress', 'completed']],
    ['lost_callbacks', 1, ['ringing', 'in-progress', 'completed']],
    ['lost_callbacks', null, []],
  ] as const)('%s, %s times', async (fault, count, expected) => {
    stage.carrier.fail(fault, count);
    await place();
    await stage.until(() => accepted()[0]?.status === 'completed');
    await stage.pass(1_000);
    expect(statuses(stage.bot)).toEqual(expected);
  });

  it('a callback can lack its number', async () => {
    stage.carrier.fail('no_sequence');
    await place();
    await stage.until(() => statuses(stage.bot).at(-1) === 'completed');
    const numbers = stage.bot.at('/status').map(({ params }) => params.SequenceNumber);
    expect(numbers).toEqual([undefined, '1', '2', '3']);
  });

  it('a forged callback lies with a wrong signature', async () => {
    stage.carrier.fail('forged_callback');
    await place();
    await stage.until(() => statuses(stage.bot).at(-1) === 'completed');
    const [forged, ...others] = stage.bot.at('/status');
    expect(forged).toMatchObject({ isSigned: false, params: { CallStatus: 'failed' } });
    expect(others.every(({ isSigned }) => isSigned)).toBe(true);
  });

  it('instructions can be asked for twice; the second answer counts', async () => {
    let count = 0;
    stage.bot.answers.set('/answer', () => {
      count += 1;
      return hangUpTwiml(`Answer ${count}.`);
    });
    stage.carrier.fail('duplicate_twiml_fetch');
    await place();
    await stage.until(() => accepted()[0]?.status === 'completed');
    expect(stage.bot.at('/answer')).toHaveLength(2);
    expect(accepted()[0]?.lines.map(({ text }) => text)).toContain('Answer 2.');
  });

  it('instructions can get lost on the way: the call ends and an alert tells why', async () => {
    stage.carrier.fail('twiml_fetch_failing');
    await place();
    await stage.until(() => accepted()[0]?.status === 'completed');
    expect(stage.bot.at('/answer')).toEqual([]);
    expect(stage.carrier.alerts()).toMatchObject([{ code: 11200 }]);
  });

  it('a verdict can come long after the call', async () => {
    stage.carrier.fail('late_verdict');
    await place({
      MachineDetection: 'Enable',
      AsyncAmd: 'true',
      AsyncAmdStatusCallback: `${stage.bot.url}/amd?call=t1`,
    });
    await stage.until(() => statuses(stage.bot).at(-1) === 'completed');
    expect(stage.bot.at('/amd')).toEqual([]);
    await stage.until(() => stage.bot.at('/amd').length === 1);
  });

  it('a conversation’s socket can break in the middle of a sentence', async () => {
    stage.bot.answers.set('/answer', relayTwiml(stage.bot, 'welcomeGreeting="Hello there."'));
    stage.carrier.fail('drop_socket');
    stage.bot.onFrame = (session, frame) => {
      if (frame.type === 'setup') session.say('This sentence will never come to its end.');
    };
    await place();
    await stage.until(() => stage.bot.at('/after').length > 0);
    expect(stage.bot.at('/after')[0]?.params).toMatchObject({ SessionStatus: 'failed', ErrorCode: '64105' });
    const lines = accepted()[0]?.lines ?? [];
    expect(lines.find(({ text }) => text === 'Hello there.')?.isCut).toBe(false);
    expect(lines.find(({ isCut }) => isCut)?.text).toBe('This');
  });
});
