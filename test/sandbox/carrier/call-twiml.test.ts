import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactLike, OUR_NUMBERS } from '#support/carrier.ts';
import { hangUpTwiml, placeCall, relayTwiml, rest, type Stage, setStage } from './voice-bot.ts';

const CONTACT = contactLike('silent');

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.stop());

const callNow = () => stage.carrier.acceptedCalls()[0];
const spoken = () => (callNow()?.lines ?? []).map(({ text }) => text);
const codes = () => stage.carrier.alerts().map(({ code }) => code);

async function follow(twiml: string, form: Record<string, string> = {}): Promise<void> {
  stage.bot.answers.set('/answer', twiml);
  await placeCall(stage, CONTACT, form);
  await stage.until(() => callNow()?.status === 'completed');
}

describe('instructions', () => {
  it('are spoken at the pace of speech, with pauses between', async () => {
    await follow(
      '<Response><Say>Fourteen chars</Say><Pause length="3"/><Say>Fourteen chars</Say></Response>',
    );
    const { answeredAt, endedAt } = callNow() ?? {};
    expect((endedAt ?? 0) - (answeredAt ?? 0)).toBeGreaterThanOrEqual(5_000);
    expect((endedAt ?? 0) - (answeredAt ?? 0)).toBeLessThan(5_400);
    expect(codes()).toEqual([]);
  });

  it('go on at another address', async () => {
    stage.bot.answers.set('/more', hangUpTwiml('More.'));
    await follow('<Response><Redirect>/more?call=t1</Redirect><Say>Never.</Say></Response>');
    expect(spoken()).toContain('More.');
    expect(spoken()).not.toContain('Never.');
    expect(stage.bot.at('/more')).toMatchObject([{ query: '?call=t1', isSigned: true }]);
  });

  it('may be fetched with GET', async () => {
    stage.bot.answers.set('/answer', hangUpTwiml());
    await placeCall(stage, CONTACT, { Method: 'GET' });
    await stage.until(() => callNow()?.status === 'completed');
    const [asked] = stage.bot.at('/answer');
    expect(asked?.isSigned).toBe(true);
    expect(new URLSearchParams(asked?.query).get('CallSid')).toBe(callNow()?.sid);
    expect(new URLSearchParams(asked?.query).get('call')).toBe('t1');
  });

  it.each([
    ['no XML', 'hello', 12100],
    ['another root', '<Reply/>', 12100],
    ['an unfinished document', '<Response><Say>', 12100],
    ['an unknown verb', '<Response><Sing/></Response>', 12200],
    ['a verb where it may not stand', '<Response><Connect><Say>Hi</Say></Connect></Response>', 12200],
    ['a document too large', `<Response>${' '.repeat(70_000)}</Response>`, 11750],
  ])('%s end the call with an error', async (_name, twiml, code) => {
    await follow(twiml);
    expect(codes()).toEqual([code]);
    expect(spoken()).toContain('An application error has occurred. Goodbye.');
  });

  it.each([
    ['an unknown attribute', '<Response><Say colour="red">Hi</Say></Response>', 12200],
    ['a wrong capital', '<Response><Say Voice="alice">Hi</Say></Response>', 12200],
    ['an unknown voice', '<Response><Say voice="Polly.Nobody">Hi</Say></Response>', 13511],
    ['an unknown language', '<Response><Say language="xx-XX">Hi</Say></Response>', 13512],
  ])('%s is ignored with an alert', async (_name, twiml, code) => {
    await follow(twiml);
    expect(codes()).toEqual([code]);
    expect(spoken().some((text) => text.startsWith('Hi'))).toBe(true);
  });

  it('what is too long to be said at once is cut short', async () => {
    stage.bot.answers.set('/answer', `<Response><Say>${'and on '.repeat(600)}</Say></Response>`);
    await placeCall(stage, CONTACT);
    await stage.until(() => spoken().length > 0);
    expect(codes()).toEqual([13520]);
    expect(spoken()[0]).toHaveLength(4_096);
  });

  it('a bot that answers with an error has its fallback asked', async () => {
    stage.bot.answers.set('/answer', () => ({ status: 500 }));
    stage.bot.answers.set('/fallback', hangUpTwiml('From the fallback.'));
    await placeCall(stage, CONTACT, {
      Url: `${stage.bot.url}/answer`,
      FallbackUrl: `${stage.bot.url}/fallback`,
    });
    await stage.until(() => callNow()?.status === 'completed');
    expect(spoken()).toContain('From the fallback.');
    expect(stage.bot.at('/fallback')).toMatchObject([
      { params: { ErrorCode: '11200', ErrorUrl: `${stage.bot.url}/answer` } },
    ]);
  });

  it('a bot that is down ends the call', async () => {
    await placeCall(stage, CONTACT, { Url: 'http://127.0.0.1:1/answer' });
    await stage.until(() => callNow()?.status === 'completed');
    expect(codes()).toEqual([11205]);
  });

  it('a bot that does not answer in time is given up', async () => {
    stage.bot.answers.set('/answer', () => 'silence');
    await placeCall(stage, CONTACT, { Url: `${stage.bot.url}/answer#rt=200&rc=0` });
    await stage.until(() => callNow()?.status === 'completed');
    expect(codes()).toEqual([11200]);
  });
});

describe('putting somebody through', () => {
  const TARGET = contactLike('landline');
  const dial = (to: string, more = `callerId="${OUR_NUMBERS.first}"`) =>
    `<Response><Dial action="${stage.bot.url}/dialed?call=t1" timeout="20" ${more}><Number>${to}</Number></Dial></Response>`;
  const dialed = () => stage.bot.at('/dialed').map(({ params }) => params);

  beforeEach(() => void stage.bot.answers.set('/dialed', hangUpTwiml('Done.')));

  it.each([
    ['landline', 'completed', 'true'],
    ['busy', 'busy', 'false'],
    ['no_answer', 'no-answer', 'false'],
    ['call_fails', 'failed', 'false'],
  ])('to %s: %s', async (persona, status, isBridged) => {
    await follow(dial(contactLike(persona)));
    expect(dialed()).toMatchObject([
      { DialCallStatus: status, DialBridged: isBridged, CallStatus: 'in-progress', CallSid: callNow()?.sid },
    ]);
    const { json } = await rest(stage.carrier, 'GET', `Calls.json?ParentCallSid=${callNow()?.sid}`);
    expect(json.calls).toMatchObject([
      { sid: dialed()[0]?.DialCallSid, direction: 'outbound-dial', parent_call_sid: callNow()?.sid, status },
    ]);
    expect(spoken()).toContain('Done.');
  });

  it('lets both hear each other until one of them hangs up', async () => {
    const { verbs } = stage.carrier;
    verbs.takePhone({ contactNumber: TARGET, isTaken: true });
    verbs.takePhone({ contactNumber: CONTACT, isTaken: true });
    stage.bot.answers.set('/answer', dial(TARGET));
    await placeCall(stage, CONTACT);
    await stage.until(() => callNow()?.status === 'ringing');
    verbs.answerCall({ callSid: callNow()?.sid ?? '' });
    const child = () => stage.carrier.snapshot().calls.find(({ contactNumber }) => contactNumber === TARGET);
    await stage.until(() => child()?.status === 'ringing');
    verbs.answerCall({ callSid: child()?.id ?? '' });
    verbs.sayOnCall({ callSid: child()?.id ?? '', text: 'This is Carol.' });
    verbs.sayOnCall({ callSid: callNow()?.sid ?? '', text: 'And this is Bob.' });
    await stage.pass(2_000);
    expect(spoken()).toContain('The other side: “This is Carol.”');
    expect(child()?.lines.map(({ text }) => text)).toContain('The caller: “And this is Bob.”');
    verbs.hangUpCall({ callSid: callNow()?.sid ?? '' });
    await stage.until(() => child()?.status === 'completed');
  });

  it.each([
    ['a number that is none', () => dial('Bob'), 13224],
    ['somebody else’s number as the caller', () => dial(TARGET, 'callerId="+12125550000"'), 13214],
    ['a forbidden country', () => dial('+5371234567'), 13227],
  ])('%s fails, and the action hears it', async (_name, twiml, code) => {
    await follow(twiml());
    expect(codes()).toEqual([code]);
    expect(dialed()).toMatchObject([{ DialCallStatus: 'failed' }]);
  });
});

describe('recordings', () => {
  const twiml = () =>
    `<Response><Start><Recording channels="dual" recordingStatusCallback="${stage.bot.url}/recording?call=t1" recordingStatusCallbackEvent="in-progress completed"/></Start><Pause length="7"/></Response>`;
  const told = () => stage.bot.at('/recording').map(({ params }) => params);

  it('are announced, finished after the call, and named in its last callback', async () => {
    await follow(twiml());
    await stage.until(() => told().length === 2);
    expect(told().map(({ RecordingStatus }) => RecordingStatus)).toEqual(['in-progress', 'completed']);
    const sid = told()[1]?.RecordingSid;
    expect(told()[1]).toMatchObject({
      CallSid: callNow()?.sid,
      RecordingSid: expect.stringMatching(/^RE[0-9a-f]{32}$/),
      RecordingUrl: expect.stringMatching(new RegExp(`^https://api\\.twilio\\.com/.*/Recordings/${sid}$`)),
      RecordingDuration: '7',
      RecordingChannels: '2',
      RecordingSource: 'StartCallRecordingTwiML',
      RecordingStartTime: expect.stringContaining('+0000'),
    });
    expect(stage.bot.at('/status').at(-1)?.params).toMatchObject({
      RecordingSid: sid,
      RecordingDuration: '7',
    });
  });

  it.each([
    ['.mp3', 'audio/mpeg', [0xff, 0xe3]],
    ['.wav', 'audio/x-wav', [...Buffer.from('RIFF')]],
    ['', 'audio/x-wav', [...Buffer.from('RIFF')]],
  ])('their file is fetched with the ending %j', async (ending, type, magic) => {
    await follow(twiml());
    await stage.until(() => told().length === 2);
    const path = new URL(told()[1]?.RecordingUrl ?? '').pathname;
    const authorization = `Basic ${btoa(`${told()[0]?.AccountSid}:the-auth-token-of-the-stand-in`)}`;
    const response = await fetch(`${stage.carrier.url}${path}${ending}`, { headers: { authorization } });
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(response.headers.get('content-type')).toBe(type);
    expect([...bytes.slice(0, magic.length)]).toEqual(magic);
    const bytesPerSecond = type === 'audio/mpeg' ? 1_000 : 32_000;
    expect(bytes.length / bytesPerSecond).toBeCloseTo(7, 0);
    expect((await fetch(`${stage.carrier.url}${path}${ending}`)).status).toBe(401);
  });

  it('are listed, paused, stopped and deleted', async () => {
    stage.bot.answers.set('/answer', twiml().replace('"7"', '"30"'));
    const { sid: callSid } = await placeCall(stage, CONTACT);
    await stage.until(() => told().length === 1);
    const sid = told()[0]?.RecordingSid;
    const path = `Calls/${callSid}/Recordings/${sid}.json`;
    const change = async (Status: string, at = path) =>
      (await rest(stage.carrier, 'POST', at, { Status })).json.status;
    await stage.pass(2_000);
    expect(await change('paused')).toBe('paused');
    await stage.pass(5_000);
    expect(await change('in-progress')).toBe('in-progress');
    await stage.pass(1_000);
    expect(await change('stopped', `Calls/${callSid}/Recordings/Twilio.CURRENT.json`)).toBe('processing');
    expect((await rest(stage.carrier, 'POST', path, { Status: 'stopped' })).status).toBe(400);
    await stage.until(() => told().length === 2);
    expect(told()[1]).toMatchObject({ RecordingStatus: 'completed', RecordingDuration: '3' });
    const { json } = await rest(stage.carrier, 'GET', `Recordings.json?CallSid=${callSid}`);
    expect(json.recordings).toMatchObject([{ sid, duration: '3', channels: 2, status: 'completed' }]);
    expect((await rest(stage.carrier, 'DELETE', `Recordings/${sid}.json`)).status).toBe(204);
    expect((await rest(stage.carrier, 'GET', `Recordings/${sid}.json`)).status).toBe(404);
  });

  it('asked for with the create are silently left out of a conversation', async () => {
    stage.bot.answers.set('/answer', relayTwiml(stage.bot));
    const { sid } = await placeCall(stage, CONTACT, { Record: 'true' });
    await stage.until(() => stage.bot.sessions.length > 0);
    expect((await rest(stage.carrier, 'GET', `Calls/${sid}/Recordings.json`)).json.recordings).toEqual([]);
  });

  it('asked for with the create run where nobody converses', async () => {
    await follow('<Response><Pause length="2"/></Response>', { Record: 'true' });
    const { json } = await rest(stage.carrier, 'GET', `Calls/${callNow()?.sid}/Recordings.json`);
    expect(json.recordings).toMatchObject([{ source: 'OutboundAPI', channels: 1 }]);
  });
});
