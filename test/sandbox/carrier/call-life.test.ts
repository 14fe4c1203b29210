import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT_SID, contactLike, OUR_NUMBERS } from '#support/carrier.ts';
import { hangUpTwiml, placeCall, rest, type Stage, setStage, statuses } from './voice-bot.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
  stage.bot.answers.set('/answer', hangUpTwiml('Good morning, this is a test.'));
});
afterEach(() => stage.stop());

const last = () => stage.bot.at('/status').at(-1)?.params ?? {};
const hasEnded = () => stage.carrier.acceptedCalls().every(({ endedAt }) => endedAt !== null);

describe('how a call ends', () => {
  it.each([
    ['interested', ['initiated', 'ringing', 'in-progress', 'completed'], '200'],
    ['silent', ['initiated', 'ringing', 'in-progress', 'completed'], '200'],
    ['hangs_up', ['initiated', 'ringing', 'in-progress', 'completed'], '200'],
    ['voicemail', ['initiated', 'ringing', 'in-progress', 'completed'], '200'],
    ['fax', ['initiated', 'ringing', 'in-progress', 'completed'], '200'],
    ['busy', ['initiated', 'ringing', 'busy'], '486'],
    ['no_answer', ['initiated', 'ringing', 'no-answer'], '487'],
    ['declines', ['initiated', 'ringing', 'no-answer'], '603'],
    ['filtered', ['initiated', 'ringing', 'no-answer'], '603'],
    ['call_fails', ['initiated', 'failed'], '503'],
    ['unknown_number', ['initiated', 'failed'], '404'],
  ])('%s: %j', async (persona, expected, sipCode) => {
    await placeCall(stage, contactLike(persona));
    await stage.until(() => hasEnded());
    await stage.pass(1_000);
    expect(statuses(stage.bot)).toEqual(expected);
    expect(last().SipResponseCode).toBe(sipCode);
    expect(stage.bot.asked.every(({ isSigned }) => isSigned)).toBe(true);
  });

  it('somebody who was away at first answers the next call', async () => {
    const contact = contactLike('unreachable_once');
    for (const expected of ['no-answer', 'completed']) {
      await placeCall(stage, contact);
      await stage.until(() => hasEnded());
      expect(stage.carrier.acceptedCalls().at(-1)?.status).toBe(expected);
    }
  });

  it('a phone rings as long as it was asked to, and no longer', async () => {
    await placeCall(stage, contactLike('no_answer'), { Timeout: '20' });
    await stage.until(() => stage.carrier.acceptedCalls()[0]?.status === 'ringing');
    await stage.jump(19_900);
    expect(stage.carrier.acceptedCalls()[0]?.status).toBe('ringing');
    await stage.pass(300);
    expect(stage.carrier.acceptedCalls()[0]?.status).toBe('no-answer');
  });

  it('the time limit ends a call on which nobody hangs up', async () => {
    stage.bot.answers.set('/answer', '<Response><Pause length="500"/></Response>');
    await placeCall(stage, contactLike('silent'), { TimeLimit: '30' });
    await stage.until(() => hasEnded());
    const [call] = stage.carrier.acceptedCalls();
    expect((call?.endedAt ?? 0) - (call?.answeredAt ?? 0)).toBe(30_000);
  });

  it('somebody who already talks on one call is busy for another', async () => {
    stage.bot.answers.set('/answer', '<Response><Pause length="500"/></Response>');
    const contact = contactLike('silent');
    await placeCall(stage, contact);
    await stage.until(() => stage.carrier.acceptedCalls()[0]?.status === 'in-progress');
    await placeCall(stage, contact);
    await stage.until(() => stage.carrier.acceptedCalls()[1]?.endedAt !== null);
    expect(stage.carrier.acceptedCalls()[1]?.status).toBe('busy');
  });
});

describe('status callbacks', () => {
  it('say everything that Twilio says', async () => {
    const contact = contactLike('silent');
    const { sid } = await placeCall(stage, contact);
    await stage.until(() => last().CallStatus === 'completed');
    const [call] = stage.carrier.acceptedCalls();
    const seconds = Math.round(((call?.endedAt ?? 0) - (call?.answeredAt ?? 0)) / 1_000);
    expect(stage.bot.at('/status').map(({ query }) => query)).toEqual(Array(4).fill('?call=t1'));
    expect(last()).toEqual({
      CallSid: sid,
      AccountSid: ACCOUNT_SID,
      ApiVersion: '2010-04-01',
      Direction: 'outbound-api',
      CallStatus: 'completed',
      From: OUR_NUMBERS.first,
      Caller: OUR_NUMBERS.first,
      To: contact,
      Called: contact,
      FromCity: 'WASHINGTON',
      FromState: 'DC',
      FromZip: '20001',
      FromCountry: 'US',
      CallerCity: 'WASHINGTON',
      CallerState: 'DC',
      CallerZip: '20001',
      CallerCountry: 'US',
      ToCity: 'NEW YORK',
      ToState: 'NY',
      ToZip: '10001',
      ToCountry: 'US',
      CalledCity: 'NEW YORK',
      CalledState: 'NY',
      CalledZip: '10001',
      CalledCountry: 'US',
      Timestamp: expect.stringMatching(/^Mon, 02 Mar 2026 15:00:\d\d \+0000$/),
      CallbackSource: 'call-progress-events',
      SequenceNumber: '3',
      CallDuration: String(seconds),
      Duration: '1',
      SipResponseCode: '200',
    });
    expect(seconds).toBeGreaterThan(0);
  });

  it.each([
    [['completed'], [['completed', '0']]],
    [
      ['ringing', 'completed'],
      [
        ['ringing', '0'],
        ['completed', '1'],
      ],
    ],
  ])('are sent only for %j, and numbered among themselves', async (events, expected) => {
    await placeCall(stage, contactLike('silent'), { StatusCallbackEvent: events });
    await stage.until(() => last().CallStatus === 'completed');
    const told = stage.bot.at('/status').map(({ params }) => [params.CallStatus, params.SequenceNumber]);
    expect(told).toEqual(expected);
  });

  it('bill every minute begun', async () => {
    stage.bot.answers.set('/answer', '<Response><Pause length="61"/></Response>');
    await placeCall(stage, contactLike('silent'));
    await stage.until(() => stage.carrier.acceptedCalls()[0]?.status === 'in-progress');
    await stage.jump(61_000);
    await stage.until(() => last().CallStatus === 'completed');
    expect([last().CallDuration, last().Duration]).toEqual(['61', '2']);
    const { sid } = stage.carrier.acceptedCalls()[0] ?? { sid: '' };
    expect((await rest(stage.carrier, 'GET', `Calls/${sid}.json`)).json.price).toBeNull();
    await stage.jump(61_000);
    expect((await rest(stage.carrier, 'GET', `Calls/${sid}.json`)).json.price).toBe('-0.02800');
  });

  it('are tried again as the address says', async () => {
    let failures = 2;
    stage.bot.answers.set('/status', () => {
      failures -= 1;
      return { status: failures >= 0 ? 500 : 204 };
    });
    await placeCall(stage, contactLike('busy'), { StatusCallbackEvent: 'completed' });
    await stage.until(() => hasEnded());
    await stage.pass(1_000);
    expect(statuses(stage.bot)).toEqual(['busy', 'busy', 'busy']);
  });
});
