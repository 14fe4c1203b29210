import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '#sandbox/carrier/feed.ts';
import type { PhoneCall } from '#sandbox/page-protocol.ts';
import { contactLike, OUR_NUMBERS } from '#support/carrier.ts';
import { hangUpTwiml, placeCall, relayTwiml, type Stage, setStage } from './voice-bot.ts';

const CONTACT = contactLike('interested');

let stage: Stage;
let changes: Change[];
beforeEach(async () => {
  stage = await setStage();
  changes = [];
  stage.carrier.subscribe((change) => changes.push(change));
  stage.bot.answers.set('/after', '<Response/>');
  stage.bot.answers.set('/answer', relayTwiml(stage.bot, 'welcomeGreeting="Hello." dtmfDetection="true"'));
});
afterEach(() => stage.stop());

const rows = () =>
  changes.flatMap((change) =>
    change.type === 'upsert' && change.table === 'calls' ? [change.row as PhoneCall] : [],
  );
const row = (): PhoneCall => {
  const last = rows().at(-1);
  if (!last) throw new Error('The page was told of no call');
  return last;
};

async function verb(name: string, input: object): Promise<{ ok: boolean; error?: string; callSid?: string }> {
  const response = await fetch(`${stage.carrier.url}/ui/${name}`, {
    method: 'POST',
    body: JSON.stringify(input),
  });
  return (await response.json()) as { ok: boolean };
}

async function ringTakenPhone(form: Record<string, string> = {}): Promise<string> {
  await verb('take-phone', { contactNumber: CONTACT, isTaken: true });
  const { sid } = await placeCall(stage, CONTACT, form);
  await stage.until(() => row().status === 'ringing');
  return sid;
}

describe('a person on the page', () => {
  it('answers, talks, presses keys and hangs up', async () => {
    const callSid = await ringTakenPhone();
    expect(row()).toMatchObject({
      isTaken: true,
      direction: 'to_contact',
      contactNumber: CONTACT,
      lines: [],
    });
    await stage.pass(15_000);
    expect(row().status).toBe('ringing');
    expect(await verb('answer-call', { callSid })).toEqual({ ok: true });
    await stage.until(() => row().isConversing && row().lines.some(({ text }) => text === 'Hello.'));
    await stage.until(() => row().lines.every(({ isSpeaking }) => !isSpeaking));
    expect(await verb('say-on-call', { callSid, text: ' Good morning ' })).toEqual({ ok: true });
    expect(await verb('press-key', { callSid, digit: '9' })).toEqual({ ok: true });
    const [session] = stage.bot.sessions;
    await stage.until(() => session?.frames.some(({ type }) => type === 'prompt') === true);
    expect(
      session?.frames.slice(1).map(({ type, voicePrompt, digit }) => [type, voicePrompt ?? digit]),
    ).toEqual([
      ['dtmf', '9'],
      ['prompt', 'Good morning'],
    ]);
    expect(await verb('hang-up-call', { callSid })).toEqual({ ok: true });
    expect(row()).toMatchObject({ status: 'completed', isConversing: false, endedAt: stage.clock.now() });
    expect(row().lines.map(({ who, text }) => [who, text])).toEqual([
      ['assistant', 'Hello.'],
      ['contact', 'Good morning'],
      ['keys', '9'],
      ['carrier', 'The call has ended.'],
    ]);
  });

  it('declines', async () => {
    const callSid = await ringTakenPhone();
    expect(await verb('decline-call', { callSid })).toEqual({ ok: true });
    expect(row()).toMatchObject({ status: 'no-answer', answeredAt: null });
  });

  it('lets it go to voicemail, which greets and beeps', async () => {
    const callSid = await ringTakenPhone();
    expect(await verb('send-call-to-voicemail', { callSid })).toEqual({ ok: true });
    await stage.until(() => row().lines.some(({ text }) => text === 'Beep'));
  });

  it('does nothing, until it has rung long enough', async () => {
    await ringTakenPhone({ Timeout: '20' });
    await stage.until(() => row().status === 'no-answer', 20_100);
  });

  it('may take the phone while it rings, and the persona leaves it to them', async () => {
    await placeCall(stage, CONTACT);
    await stage.until(() => row().status === 'ringing');
    await verb('take-phone', { contactNumber: CONTACT, isTaken: true });
    await stage.pass(10_000);
    expect(row()).toMatchObject({ status: 'ringing', isTaken: true });
  });

  it.each([
    ['answer-call', {}],
    ['decline-call', {}],
    ['send-call-to-voicemail', {}],
    ['say-on-call', { text: 'Hello' }],
    ['press-key', { digit: '1' }],
    ['hang-up-call', {}],
  ])('cannot %s on a call that is over', async (name, more) => {
    const callSid = await ringTakenPhone();
    await verb('decline-call', { callSid });
    expect(await verb(name, { callSid, ...more })).toEqual({ ok: false, error: 'This call is over.' });
  });

  it.each([
    ['say-on-call', { text: 'Hello' }, 'Nobody has answered this call.'],
    ['say-on-call', { text: ' ' }, 'There is nothing to say.'],
    ['press-key', { digit: 'x' }, 'x is no key of a phone.'],
  ])('cannot %s %j while it rings', async (name, more, error) => {
    const callSid = await ringTakenPhone();
    expect(await verb(name, { callSid, ...more })).toEqual({ ok: false, error });
  });

  it('a request without its fields is refused', async () => {
    for (const name of ['answer-call', 'say-on-call', 'press-key', 'call-from-phone'])
      expect(await verb(name, {})).toMatchObject({ ok: false });
  });
});

describe('a contact calls', () => {
  const call = (botNumber: string | null = null) =>
    verb('call-from-phone', { contactNumber: CONTACT, botNumber });

  it('and is answered by the bot’s instructions', async () => {
    stage.carrier.verbs.setVoiceUrl(OUR_NUMBERS.first, `${stage.bot.url}/answer`);
    await verb('take-phone', { contactNumber: CONTACT, isTaken: true });
    const { ok, callSid } = await call(OUR_NUMBERS.first);
    expect(ok).toBe(true);
    await stage.until(() => stage.bot.sessions[0]?.frames.length === 1);
    expect(row()).toMatchObject({
      isConversing: true,
      id: callSid,
      direction: 'from_contact',
      botNumber: OUR_NUMBERS.first,
    });
    expect(stage.bot.at('/answer')).toMatchObject([
      {
        isSigned: true,
        params: {
          CallSid: callSid,
          Direction: 'inbound',
          CallStatus: 'ringing',
          From: CONTACT,
          To: OUR_NUMBERS.first,
          FromState: 'NY',
        },
      },
    ]);
    expect(stage.bot.sessions[0]?.frames[0]).toMatchObject({ direction: 'inbound', from: CONTACT });
    expect(stage.carrier.acceptedCalls()).toEqual([]);
  });

  it('the number that called them last, where they name none', async () => {
    for (const number of Object.values(OUR_NUMBERS))
      stage.carrier.verbs.setVoiceUrl(number, `${stage.bot.url}/answer`);
    stage.bot.answers.set('/answer', hangUpTwiml());
    await placeCall(stage, CONTACT, { From: OUR_NUMBERS.second });
    await stage.until(() => row().status === 'completed');
    await call();
    expect(row().botNumber).toBe(OUR_NUMBERS.second);
  });

  it('and may be turned away', async () => {
    stage.carrier.verbs.setVoiceUrl(OUR_NUMBERS.first, `${stage.bot.url}/answer`);
    stage.bot.answers.set('/answer', '<Response><Reject reason="busy"/></Response>');
    await call(OUR_NUMBERS.first);
    await stage.until(() => row().status === 'busy');
    expect(row().answeredAt).toBeNull();
  });

  it('in vain where the bot takes no calls', async () => {
    expect(await call(OUR_NUMBERS.first)).toEqual({
      ok: false,
      error: 'The bot takes no calls to this number yet.',
    });
  });
});

describe('a contact who plays themselves', () => {
  it('answers what was said, in turns, and hangs up in the end', async () => {
    stage.bot.onFrame = (session, frame) => {
      if (frame.type === 'prompt' && frame.last) session.say('I see.');
    };
    await placeCall(stage, CONTACT);
    await stage.until(() => row().status === 'completed');
    expect(
      row()
        .lines.filter(({ who }) => who === 'contact')
        .map(({ text }) => text),
    ).toEqual(['Hello?', 'Yes please, tell me more.', 'Yes, that sounds good.', 'Thank you, bye.']);
  });

  it('may interrupt', async () => {
    const contact = contactLike('interrupts');
    stage.bot.onFrame = (session, frame) => {
      if (frame.type === 'setup')
        session.say('Let me explain at length what this is all about, from the start.');
    };
    await placeCall(stage, contact);
    await stage.until(() => stage.bot.sessions[0]?.frames.some(({ type }) => type === 'interrupt') === true);
  });
});

describe('a restart', () => {
  it('keeps the history, ends what was under way, and goes on with what waited', async () => {
    stage.bot.answers.set('/answer', hangUpTwiml());
    const over = await placeCall(stage, contactLike('busy'));
    await stage.until(() => row().status === 'busy');
    stage.bot.answers.set('/answer', relayTwiml(stage.bot));
    const live = await placeCall(stage, CONTACT);
    await stage.until(() => row().isConversing);
    const waiting = await placeCall(stage, contactLike('no_answer'));
    const save = JSON.parse(JSON.stringify(stage.carrier.save()));
    await stage.stop();

    stage = await setStage();
    stage.carrier.load(save);
    await stage.pass(2_000);
    const statusOf = ({ sid }: { sid: string }) =>
      stage.carrier.acceptedCalls().find((call) => call.sid === sid)?.status;
    expect([over, live, waiting].map(statusOf)).toEqual(['busy', 'failed', 'ringing']);
    const shown = stage.carrier.snapshot().calls.find(({ id }) => id === live.sid);
    expect(shown).toMatchObject({ isConversing: false, lines: expect.any(Array) });
  });
});
