import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT_SID, contactLike, OUR_NUMBERS } from '#support/carrier.ts';
import { type Frame, placeCall, relayTwiml, rest, type Session, type Stage, setStage } from './voice-bot.ts';

const CONTACT = contactLike('silent');
const GREETING = 'Hello, this is the assistant of Acme.';
const EVENTS = 'events="speaker-events tokens-played"';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
  stage.bot.answers.set('/after', '<Response/>');
});
afterEach(() => stage.stop());

/** Calls a contact whom a person plays, and waits until the conversation is open. */
async function converse(attributes = '', children = ''): Promise<Session> {
  const { bot, carrier } = stage;
  carrier.verbs.takePhone({ contactNumber: CONTACT, isTaken: true });
  bot.answers.set('/answer', relayTwiml(bot, attributes, children));
  const { sid } = await placeCall(stage, CONTACT);
  await stage.until(() => carrier.acceptedCalls()[0]?.status === 'ringing');
  expect(carrier.verbs.answerCall({ callSid: sid })).toEqual({ ok: true });
  await stage.until(() => bot.sessions[0]?.frames.some(({ type }) => type === 'setup') === true);
  return sessionNow();
}

function sessionNow(): Session {
  const session = stage.bot.sessions.at(-1);
  if (!session) throw new Error('No session was opened');
  return session;
}

const sidNow = () => stage.carrier.acceptedCalls()[0]?.sid ?? '';
const sayAsContact = (text: string) => stage.carrier.verbs.sayOnCall({ callSid: sidNow(), text });
const press = (digit: string) => stage.carrier.verbs.pressKey({ callSid: sidNow(), digit });
const of = (session: Session, type: string) => session.frames.filter((frame) => frame.type === type);
const infos = (session: Session) => of(session, 'info').map(({ name, value }) => `${name} ${value}`);
const isSpeaking = (session: Session) => infos(session).at(-1)?.startsWith('agentSpeaking on') === true;
const lines = () =>
  (stage.carrier.acceptedCalls()[0]?.lines ?? []).map(({ who, text, isCut }) => ({ who, text, isCut }));
const actions = () => stage.bot.at('/after').map(({ params }) => params);

describe('a conversation begins', () => {
  it('with a signed upgrade and a setup that names the call', async () => {
    const session = await converse('', '<Parameter name="nonce" value="n&amp;1"/>');
    expect(session.isSigned).toBe(true);
    expect(session.frames[0]).toEqual({
      type: 'setup',
      sessionId: expect.stringMatching(/^VX[0-9a-f]{32}$/),
      accountSid: ACCOUNT_SID,
      parentCallSid: '',
      callSid: sidNow(),
      from: OUR_NUMBERS.first,
      to: CONTACT,
      forwardedFrom: '',
      callType: 'PSTN',
      callerName: '',
      direction: 'outbound-api',
      callStatus: 'IN-PROGRESS',
      customParameters: { nonce: 'n&1' },
    });
  });

  it('with the greeting, spoken at the pace of speech and reported clause by clause', async () => {
    const session = await converse(`welcomeGreeting="${GREETING}" ${EVENTS}`);
    await stage.until(() => isSpeaking(session));
    const startedAt = stage.clock.now();
    await stage.until(() => infos(session).includes('agentSpeaking off'));
    expect(infos(session)).toEqual([
      'agentSpeaking on',
      'tokensPlayed Hello,',
      'tokensPlayed this is the assistant of Acme.',
      'agentSpeaking off',
    ]);
    const spokenMs = stage.clock.now() - startedAt;
    expect(Math.abs(spokenMs - (GREETING.length / 14) * 1_000)).toBeLessThanOrEqual(150);
    expect(lines()).toContainEqual({ who: 'assistant', text: GREETING, isCut: false });
  });

  it('without any event where none was asked for', async () => {
    const session = await converse(`welcomeGreeting="${GREETING}"`);
    await stage.pass(6_000);
    expect(session.frames.map(({ type }) => type)).toEqual(['setup']);
  });

  it.each([
    ['an unknown voice', 'ttsProvider="Amazon" voice="Nobody-Neural"', '64106'],
    ['a voice of another language', 'ttsProvider="Amazon" voice="Vicki-Neural" language="en-US"', '64106'],
    ['an unknown language', 'language="en-XX"', '64106'],
    ['an unknown provider of speech', 'ttsProvider="Acme"', '64101'],
    ['a speech model of somebody else', 'transcriptionProvider="Google" speechModel="flux"', '64101'],
    ['a model that understands English only', 'language="de-DE" speechModel="flux"', '64101'],
    ['a timeout out of range', 'speechTimeout="100"', '64106'],
    ['an interruptible that is none', 'interruptible="maybe"', '64106'],
  ])('not with %s: the action hears that it failed', async (_name, attributes, code) => {
    stage.bot.answers.set('/answer', relayTwiml(stage.bot, attributes));
    await placeCall(stage, CONTACT);
    await stage.until(() => actions().length > 0);
    expect(actions()[0]).toMatchObject({
      SessionStatus: 'failed',
      ErrorCode: code,
      CallStatus: 'in-progress',
    });
    expect(stage.carrier.alerts()).toMatchObject([{ code: Number(code) }]);
    expect(stage.bot.sessions).toEqual([]);
  });

  it('not with a socket that cannot be opened: the call ends, and only an alert tells why', async () => {
    stage.bot.refusesSockets = true;
    stage.bot.answers.set('/answer', relayTwiml(stage.bot));
    await placeCall(stage, CONTACT);
    await stage.until(() => stage.carrier.acceptedCalls()[0]?.status === 'completed');
    expect(stage.carrier.alerts()).toMatchObject([{ code: 64102 }]);
    expect(actions()).toEqual([]);
  });

  it('an attribute with a wrong capital is ignored', async () => {
    const session = await converse(`welcomegreeting="${GREETING}"`);
    await stage.pass(3_000);
    expect(session.frames).toHaveLength(1);
    expect(lines().filter(({ who }) => who === 'assistant')).toEqual([]);
    expect(stage.carrier.alerts()).toMatchObject([{ code: 12200 }]);
  });
});

describe('words of the bot', () => {
  it('streamed token by token become one line', async () => {
    const session = await converse(EVENTS);
    for (const token of ['Good ', 'day. ', 'How are ', 'you']) session.say(token, { last: false });
    session.say('?', { last: true });
    await stage.until(() => infos(session).at(-1) === 'agentSpeaking off');
    expect(infos(session)).toContain('tokensPlayed Good day.');
    expect(infos(session)).toContain('tokensPlayed How are you?');
    expect(lines()).toContainEqual({ who: 'assistant', text: 'Good day. How are you?', isCut: false });
  });

  it('queue behind each other, and keys behind them', async () => {
    const session = await converse(EVENTS);
    session.say('First.');
    session.send({ type: 'sendDigits', digits: '1w#' });
    session.say('Second.');
    await stage.until(() => infos(session).at(-1) === 'agentSpeaking off' && lines().length >= 3);
    expect(lines().map(({ text }) => text)).toEqual(['First.', '1w#', 'Second.']);
  });

  it('a preemptible message gives way to the next one', async () => {
    const session = await converse(EVENTS);
    session.say('This is a rather long sentence that nobody has to hear.', { preemptible: true });
    await stage.until(() => isSpeaking(session));
    await stage.pass(1_000);
    session.say('The news.');
    await stage.until(() => lines().some(({ text }) => text === 'The news.'));
    expect(lines()[0]).toMatchObject({ isCut: true, text: expect.stringMatching(/^This is a/) });
  });

  it.each([
    ['no JSON', 'hello'],
    ['an unknown type', { type: 'switchLanguage' }],
    ['no token', { type: 'text', last: true }],
    ['a token that is no text', { type: 'text', token: 7 }],
    ['wrong digits', { type: 'sendDigits', digits: 'abc' }],
    ['a language the carrier does not know', { type: 'language', ttsLanguage: 'xx-XX' }],
  ])('%s is answered with an error, and the conversation goes on', async (_name, frame) => {
    const session = await converse();
    session.send(frame);
    await stage.until(() => of(session, 'error').length === 1);
    session.say('Still here.');
    await stage.until(() => lines().some(({ text }) => text === 'Still here.'));
  });

  it('ten bad messages in a row close the socket with 1007', async () => {
    const session = await converse();
    for (let count = 0; count < 10; count += 1) session.send('nonsense');
    await stage.until(() => actions().length > 0);
    expect(of(session, 'error')).toHaveLength(10);
    await stage.until(() => session.closeCode !== null);
    expect(session.closeCode).toBe(1007);
    expect(actions()[0]).toMatchObject({ SessionStatus: 'failed', ErrorCode: '64107' });
  });
});

describe('words of the contact', () => {
  it('arrive as one final prompt in the language of the transcription', async () => {
    const session = await converse('language="de-DE"');
    sayAsContact('Ja bitte?');
    await stage.until(() => of(session, 'prompt').length > 0);
    expect(of(session, 'prompt')).toEqual([
      { type: 'prompt', voicePrompt: 'Ja bitte?', lang: 'de-DE', last: true },
    ]);
  });

  it('arrive in parts too where that was asked for', async () => {
    const session = await converse('partialPrompts="true"');
    sayAsContact('Who is calling me?');
    await stage.until(() => of(session, 'prompt').length > 1);
    expect(of(session, 'prompt').map(({ voicePrompt, last }) => [voicePrompt, last])).toEqual([
      ['Who is', false],
      ['Who is calling me?', true],
    ]);
  });

  it('a changed language counts for what follows', async () => {
    const session = await converse('language="en-US"');
    session.send({ type: 'language', ttsLanguage: 'es-MX', transcriptionLanguage: 'es-MX' });
    await stage.pass(200);
    sayAsContact('Hola');
    await stage.until(() => of(session, 'prompt').length > 0);
    expect(of(session, 'prompt')[0]?.lang).toBe('es-MX');
  });

  it('keys arrive only where they were asked for', async () => {
    const session = await converse('dtmfDetection="true"');
    press('9');
    await stage.until(() => of(session, 'dtmf').length > 0);
    expect(of(session, 'dtmf')).toEqual([{ type: 'dtmf', digit: '9' }]);
  });

  it('keys get lost where they were not', async () => {
    const session = await converse();
    press('9');
    await stage.pass(500);
    expect(of(session, 'dtmf')).toEqual([]);
  });
});

describe('cutting in', () => {
  const LONG =
    'I would like to tell you about our new offer, which is very long indeed. And there is more to it.';

  async function whileSpeaking(attributes: string, more: object = {}): Promise<Session> {
    const session = await converse(`${EVENTS} ${attributes}`);
    session.say(LONG, more);
    session.say('And a second message.', more);
    await stage.until(() => isSpeaking(session));
    await stage.pass(2_000);
    return session;
  }

  it('silences everything, and tells what had been heard', async () => {
    const session = await whileSpeaking('interruptible="speech"');
    sayAsContact('Wait');
    await stage.until(() => of(session, 'prompt').length > 0);
    const [interrupt] = of(session, 'interrupt');
    const heard = String(interrupt?.utteranceUntilInterrupt);
    expect(LONG.startsWith(heard)).toBe(true);
    expect(heard.length).toBeGreaterThan(14);
    expect(heard.length).toBeLessThan(32);
    expect(Number(interrupt?.durationUntilInterruptMs)).toBeGreaterThan(1_900);
    expect(Number(interrupt?.durationUntilInterruptMs)).toBeLessThan(2_300);
    await stage.pass(10_000);
    expect(lines().filter(({ who }) => who === 'assistant')).toEqual([
      { who: 'assistant', text: heard, isCut: true },
    ]);
    expect(of(session, 'prompt')).toEqual([expect.objectContaining({ voicePrompt: 'Wait', last: true })]);
  });

  it.each([
    ['speech', 'any', {}, 1],
    ['speech', 'speech', {}, 1],
    ['speech', 'dtmf', {}, 0],
    ['speech', 'none', {}, 0],
    ['speech', 'any', { interruptible: 'none' }, 0],
    ['speech', 'none', { interruptible: true }, 1],
    ['key', 'any', {}, 1],
    ['key', 'dtmf', {}, 1],
    ['key', 'speech', {}, 0],
    ['key', 'none', {}, 0],
  ])('by %s under %s, the message saying %j: %i interruptions', async (input, allowed, more, expected) => {
    const session = await whileSpeaking(`interruptible="${allowed}" dtmfDetection="true"`, more);
    if (input === 'speech') sayAsContact('Wait');
    else press('5');
    await stage.pass(1_500);
    expect(of(session, 'interrupt')).toHaveLength(expected);
    const heard = of(session, input === 'speech' ? 'prompt' : 'dtmf');
    expect(heard).toHaveLength(expected);
  });

  it.each([
    ['none', 0, 0],
    ['speech', 1, 0],
    ['dtmf', 0, 1],
    ['any', 1, 1],
  ])('what may not cut in is reported under %s: %i prompts, %i keys', async (reported, prompts, keys) => {
    const session = await whileSpeaking(
      `interruptible="none" dtmfDetection="true" reportInputDuringAgentSpeech="${reported}"`,
    );
    sayAsContact('Wait');
    press('5');
    await stage.pass(1_500);
    expect(of(session, 'prompt')).toHaveLength(prompts);
    expect(of(session, 'dtmf')).toHaveLength(keys);
    expect(of(session, 'interrupt')).toEqual([]);
    if (prompts > 0) expect(of(session, 'prompt')[0]).toMatchObject({ agentSpeaking: true });
  });

  it('a word that only shows that somebody listens does not', async () => {
    const session = await whileSpeaking('ignoreBackchannel="true" interruptible="any"');
    sayAsContact('Uh-huh.');
    await stage.pass(1_500);
    expect(of(session, 'interrupt')).toEqual([]);
    expect(of(session, 'prompt')).toEqual([]);
    expect(infos(session)).not.toContain('agentSpeaking off');
  });

  it('the greeting has a rule of its own', async () => {
    const session = await converse(
      `welcomeGreeting="${GREETING}" welcomeGreetingInterruptible="none" interruptible="any" ${EVENTS}`,
    );
    await stage.until(() => isSpeaking(session));
    sayAsContact('Hello?');
    await stage.until(() => infos(session).includes('agentSpeaking off'));
    expect(of(session, 'interrupt')).toEqual([]);
    expect(lines()).toContainEqual({ who: 'assistant', text: GREETING, isCut: false });
  });
});

describe('a conversation ends', () => {
  const order = () => stage.bot.asked.map(({ path, params }) => `${path} ${params.CallStatus}`);

  it('by the bot: words still waiting are dropped, and the action gets what the bot handed over', async () => {
    const session = await converse(EVENTS);
    stage.bot.answers.set('/after', '<Response><Say>Goodbye.</Say><Hangup/></Response>');
    session.say('This will never be heard to its very end.');
    await stage.until(() => isSpeaking(session));
    session.send({ type: 'end', handoffData: '{"next":"hangup"}' });
    await stage.until(() => stage.carrier.acceptedCalls()[0]?.status === 'completed');
    await stage.until(() => session.closeCode !== null);
    expect(session.closeCode).toBe(1000);
    expect(actions()).toEqual([
      expect.objectContaining({
        SessionId: session.frames[0]?.sessionId,
        SessionStatus: 'ended',
        SessionDuration: expect.stringMatching(/^\d+$/),
        HandoffData: '{"next":"hangup"}',
        CallStatus: 'in-progress',
      }),
    ]);
    expect(lines().map(({ text }) => text)).toContain('Goodbye.');
  });

  it('by the contact: socket, then action, then the last callback', async () => {
    const session = await converse();
    stage.carrier.verbs.hangUpCall({ callSid: sidNow() });
    await stage.until(() => order().at(-1) === '/status completed');
    await stage.until(() => session.closeCode !== null);
    expect(session.closeCode).toBe(1000);
    expect(actions()).toMatchObject([{ SessionStatus: 'completed', CallStatus: 'completed' }]);
    expect(actions()[0]).not.toHaveProperty('HandoffData');
    expect(order().slice(-2)).toEqual(['/after completed', '/status completed']);
  });

  it('by a lost socket: the action decides what the contact hears', async () => {
    const session = await converse();
    stage.bot.answers.set('/after', '<Response><Say>Sorry, goodbye.</Say></Response>');
    session.drop();
    await stage.until(() => stage.carrier.acceptedCalls()[0]?.status === 'completed');
    expect(actions()).toMatchObject([
      { SessionStatus: 'failed', ErrorCode: '64105', CallStatus: 'in-progress' },
    ]);
    expect(lines().map(({ text }) => text)).toContain('Sorry, goodbye.');
  });

  it('a second one on the same call is a new session that greets again', async () => {
    const session = await converse(`welcomeGreeting="${GREETING}"`);
    stage.bot.answers.set('/after', relayTwiml(stage.bot, `welcomeGreeting="${GREETING}"`));
    session.drop();
    await stage.until(() => stage.bot.sessions.length === 2 && sessionNow().frames.length > 0);
    const [first, second] = stage.bot.sessions.map(({ frames }) => frames[0] as Frame);
    expect(second?.callSid).toBe(first?.callSid);
    expect(second?.sessionId).not.toBe(first?.sessionId);
    await stage.until(() => lines().filter(({ text }) => text === GREETING).length === 1);
  });

  it('by other instructions over the API: the socket closes and no action is asked for', async () => {
    const session = await converse();
    const redirected = await rest(stage.carrier, 'POST', `Calls/${sidNow()}.json`, {
      Twiml: '<Response><Say>One moment.</Say><Pause length="1"/><Hangup/></Response>',
    });
    expect(redirected.status).toBe(200);
    await stage.until(() => stage.carrier.acceptedCalls()[0]?.status === 'completed');
    await stage.until(() => session.closeCode !== null);
    expect(session.closeCode).toBe(1000);
    expect(actions()).toEqual([]);
    expect(lines().map(({ text }) => text)).toContain('One moment.');
  });

  it('by the API hanging up: the action hears that it is completed', async () => {
    await converse();
    await rest(stage.carrier, 'POST', `Calls/${sidNow()}.json`, { Status: 'completed' });
    await stage.until(() => order().at(-1) === '/status completed');
    expect(actions()).toMatchObject([{ SessionStatus: 'completed', CallStatus: 'completed' }]);
  });
});
