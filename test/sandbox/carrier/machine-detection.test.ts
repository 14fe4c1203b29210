import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactLike } from '#support/carrier.ts';
import { placeCall, relayTwiml, rest, type Stage, setStage } from './voice-bot.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
  stage.bot.answers.set('/answer', '<Response><Pause length="60"/></Response>');
});
afterEach(() => stage.stop());

const ASYNC = () => ({
  AsyncAmd: 'true',
  AsyncAmdStatusCallback: `${stage.bot.url}/amd?call=t1#rc=5&rp=all`,
});
const verdicts = () => stage.bot.at('/amd').map(({ params }) => params);
const callNow = () => stage.carrier.acceptedCalls()[0];
const isAnswered = () => callNow()?.answeredAt !== null;

/** `[least, most]` milliseconds after the answer. */
const CASES: [persona: string, kind: string, verdict: string, span: [number, number]][] = [
  ['interested', 'Enable', 'human', [2_000, 4_000]],
  ['interested', 'DetectMessageEnd', 'human', [2_000, 4_000]],
  ['voicemail', 'Enable', 'machine_start', [3_000, 4_000]],
  ['voicemail', 'DetectMessageEnd', 'machine_end_beep', [9_000, 13_000]],
  ['short_voicemail', 'DetectMessageEnd', 'human', [2_000, 4_500]],
  ['fax', 'Enable', 'fax', [2_500, 3_500]],
  ['fax', 'DetectMessageEnd', 'fax', [2_500, 3_500]],
  ['silent', 'Enable', 'unknown', [4_900, 5_200]],
  ['silent', 'DetectMessageEnd', 'unknown', [4_900, 5_200]],
];

describe('detection while the call runs', () => {
  it.each(CASES)('%s, %s: %s', async (persona, kind, verdict, [least, most]) => {
    await placeCall(stage, contactLike(persona), { MachineDetection: kind, ...ASYNC() });
    await stage.until(() => isAnswered());
    await stage.until(() => stage.bot.at('/answer').length === 1, 200);
    expect(stage.bot.at('/answer')[0]?.params).not.toHaveProperty('AnsweredBy');
    await stage.until(() => verdicts().length > 0);
    const [told] = verdicts();
    expect(told).toEqual({
      CallSid: callNow()?.sid,
      AccountSid: expect.any(String),
      AnsweredBy: verdict,
      MachineDetectionDuration: expect.stringMatching(/^\d+$/),
    });
    const ms = Number(told?.MachineDetectionDuration);
    expect(ms).toBeGreaterThanOrEqual(least);
    expect(ms).toBeLessThanOrEqual(most);
    expect(stage.bot.at('/amd')[0]?.isSigned).toBe(true);
    await rest(stage.carrier, 'POST', `Calls/${callNow()?.sid}.json`, { Status: 'completed' });
    await stage.pass(1_000);
    expect(stage.bot.at('/status').at(-1)?.params.AnsweredBy).toBe(verdict);
    expect(verdicts()).toHaveLength(1);
  });

  it('a call that ends first is judged unknown', async () => {
    await placeCall(stage, contactLike('hangs_up'), { MachineDetection: 'Enable', ...ASYNC() });
    await stage.until(() => verdicts().length > 0);
    expect(verdicts()).toMatchObject([{ AnsweredBy: 'unknown' }]);
  });

  it('a greeting longer than the time allowed ends as another kind of machine', async () => {
    await placeCall(stage, contactLike('voicemail'), {
      MachineDetection: 'DetectMessageEnd',
      MachineDetectionTimeout: '5',
      ...ASYNC(),
    });
    await stage.until(() => verdicts().length > 0);
    expect(verdicts()).toMatchObject([{ AnsweredBy: 'machine_end_other' }]);
  });

  it('other instructions leave a message after the beep', async () => {
    stage.bot.answers.set('/answer', relayTwiml(stage.bot, 'welcomeGreeting="Hello." interruptible="none"'));
    await placeCall(stage, contactLike('voicemail'), { MachineDetection: 'DetectMessageEnd', ...ASYNC() });
    await stage.until(() => verdicts().length > 0);
    const twiml = '<Response><Say>Please ring us back.</Say><Hangup/></Response>';
    await rest(stage.carrier, 'POST', `Calls/${callNow()?.sid}.json`, { Twiml: twiml });
    await stage.until(() => callNow()?.status === 'completed');
    const said = callNow()?.lines.map(({ text }) => text) ?? [];
    expect(said.indexOf('Please ring us back.')).toBeGreaterThan(said.indexOf('Beep'));
    const prompts = stage.bot.sessions[0]?.frames.filter(({ type }) => type === 'prompt');
    expect(prompts?.map(({ voicePrompt }) => voicePrompt)).toContain('I cannot come to the phone right now.');
  });
});

describe('detection before the instructions', () => {
  it.each(CASES)('%s, %s: the request waits for %s', async (persona, kind, verdict, [least]) => {
    await placeCall(stage, contactLike(persona), { MachineDetection: kind });
    await stage.until(() => isAnswered());
    await stage.pass(least - 200);
    expect(stage.bot.at('/answer')).toEqual([]);
    await stage.until(() => stage.bot.at('/answer').length > 0);
    expect(stage.bot.at('/answer')).toMatchObject([{ params: { AnsweredBy: verdict } }]);
    expect(Number(stage.bot.at('/answer')[0]?.params.MachineDetectionDuration)).toBeGreaterThanOrEqual(least);
  });

  it('nobody is asked when the contact hangs up meanwhile', async () => {
    await placeCall(stage, contactLike('hangs_up'), { MachineDetection: 'Enable' });
    await stage.until(() => callNow()?.status === 'completed');
    await stage.pass(6_000);
    expect(stage.bot.at('/answer')).toEqual([]);
  });

  it('is left out where keys are sent', async () => {
    await placeCall(stage, contactLike('silent'), { MachineDetection: 'Enable', SendDigits: '1' });
    await stage.until(() => stage.bot.at('/answer').length > 0);
    expect(stage.bot.at('/answer')[0]?.params).not.toHaveProperty('AnsweredBy');
  });
});

describe('what a person on the page says', () => {
  it.each([
    ['Hello, who is there?', 'human'],
    ['You have reached the office of Smith and Sons, please leave your message.', 'machine_end_silence'],
  ])('%j counts as %s', async (words, verdict) => {
    const contactNumber = contactLike('silent');
    const { verbs } = stage.carrier;
    verbs.takePhone({ contactNumber, isTaken: true });
    const { sid } = await placeCall(stage, contactNumber, {
      MachineDetection: 'DetectMessageEnd',
      ...ASYNC(),
    });
    await stage.until(() => callNow()?.status === 'ringing');
    verbs.answerCall({ callSid: sid });
    verbs.sayOnCall({ callSid: sid, text: words });
    await stage.until(() => verdicts().length > 0);
    expect(verdicts()).toMatchObject([{ AnsweredBy: verdict }]);
  });
});
