import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RecordProviderEvents } from '#operations/event-recorder.ts';
import type { CallDesk, CallStep } from '#ports/call-flow.ts';
import { ACCOUNT_SID, AUTH_TOKEN, type Endpoint, postSigned, serveRoutes } from '#support/carrier.ts';
import { quietLog } from '#support/engine.ts';
import { callWebhooks } from '#telephony/twilio/call-webhooks.ts';
import { sorryTwiml } from '#telephony/twilio/twiml.ts';

const PUBLIC = 'https://bot.example.com';
const CALL = 'CA0123456789abcdef0123456789abcdef';
const FORM = {
  CallSid: CALL,
  AccountSid: ACCOUNT_SID,
  CallStatus: 'in-progress',
  From: '+12025550100',
  To: '+12125550101',
};
const SAY: CallStep = { kind: 'say', text: 'Hello', voice: 'joanna', language: 'en-US' };
const HANG_UP: CallStep = { kind: 'hang_up' };

type Asked = { [Verb in keyof CallDesk]: [verb: Verb, ...Parameters<CallDesk[Verb]>] }[keyof CallDesk];

let recorded: Parameters<RecordProviderEvents>[0] = [];
let asked: Asked[] = [];
let logged: object[] = [];
let steps: () => Promise<CallStep[]>;
let bot: Endpoint;

const ask = (question: Asked): Promise<CallStep[]> => {
  asked.push(question);
  return steps();
};
const desk: CallDesk = {
  answer: (call) => ask(['answer', call]),
  proceed: (call) => ask(['proceed', call]),
  afterDial: (call) => ask(['afterDial', call]),
  answerInbound: async (call) => ({ token: 'inbound-1', steps: await ask(['answerInbound', call]) }),
};

beforeAll(async () => {
  const routes = callWebhooks({
    authTokens: [AUTH_TOKEN],
    accountSid: ACCOUNT_SID,
    publicUrl: PUBLIC,
    record: async (events) => {
      recorded.push(...events);
    },
    desk,
    log: { ...quietLog, error: (fields) => logged.push(fields) },
    answerWithinMs: 200,
  });
  bot = await serveRoutes(new Hono().onError((_error, c) => c.body(null, 500)).route('/', routes));
});
afterAll(() => bot.close());
beforeEach(() => {
  recorded = [];
  asked = [];
  logged = [];
  steps = async () => [SAY, HANG_UP];
});

const post = (
  target: string,
  params: Record<string, string> = {},
  lies: Parameters<typeof postSigned>[2] = {},
) => postSigned(bot.url + target, { ...FORM, ...params }, { signedUrl: PUBLIC + target, ...lies });
const twiml = (verbs: string) => `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;

const QUESTIONS = ['answer', 'after', 'dialed', 'sorry'].map((page) => `/twilio/voice/${page}?call=tok`);
const REPORTS = ['call-status', 'amd', 'recording'].map((page) => `/twilio/${page}?call=tok`);

describe('every address of a call', () => {
  it.each([...QUESTIONS, ...REPORTS, '/twilio/voice'])(
    '%s is closed to anybody but Twilio and our account',
    async (target) => {
      const params = { AnsweredBy: 'human', RecordingSid: 'RE1', RecordingStatus: 'completed' };
      expect(await post(target, params, { token: 'guessed' })).toEqual({ status: 403, body: '' });
      expect(await post(target, params, { signature: '' })).toEqual({ status: 403, body: '' });
      expect(await post(target, { ...params, AccountSid: 'AC2' })).toEqual({ status: 403, body: '' });
      const signedUrl = `${PUBLIC}/twilio/voice/answer?call=other`;
      expect(await post(target, params, { signedUrl })).toEqual({ status: 403, body: '' });
      expect((await fetch(bot.url + target)).status).toBe(404);
      expect([asked, recorded]).toEqual([[], []]);
    },
  );
});

describe('somebody picked up', () => {
  it('the desk says what is said to them', async () => {
    expect(await post('/twilio/voice/answer?call=a%2Fb')).toEqual({
      status: 200,
      body: twiml('<Say voice="Polly.Joanna-Neural" language="en-US">Hello</Say><Hangup/>'),
    });
    expect(asked).toEqual([['answer', { token: 'a/b', ref: CALL, verdict: null, silentMs: null }]]);
  });

  it.each([
    ['human', 'human'],
    ['machine_start', 'machine'],
    ['machine_end_beep', 'machine_ready'],
    ['machine_end_silence', 'machine_ready'],
    ['machine_end_other', 'machine_ready'],
    ['fax', 'fax'],
    ['unknown', 'unknown'],
    ['valueOf', null],
  ])('%s, as the detection that came first says', async (AnsweredBy, verdict) => {
    await post('/twilio/voice/answer?call=tok', { AnsweredBy, MachineDetectionDuration: '3200' });
    expect(asked).toEqual([['answer', { token: 'tok', ref: CALL, verdict, silentMs: 3_200 }]]);
  });

  it('the answer is XML', async () => {
    const target = '/twilio/voice/answer?call=tok';
    const { signForm } = await import('#sandbox/carrier/signature.ts');
    const response = await fetch(bot.url + target, {
      method: 'POST',
      headers: { 'X-Twilio-Signature': signForm(AUTH_TOKEN, PUBLIC + target, FORM) },
      body: new URLSearchParams(FORM),
    });
    expect(response.headers.get('content-type')).toBe('text/xml; charset=utf-8');
  });
});

describe('the conversation has ended', () => {
  it.each<[name: string, fields: Record<string, string>, session: object]>([
    [
      'because we said so',
      { SessionId: 'VX1', SessionStatus: 'ended', HandoffData: '{"next":"hangup"}' },
      { sessionRef: 'VX1', status: 'ended', handoff: '{"next":"hangup"}', problem: null, isLive: true },
    ],
    [
      'because they hung up',
      { SessionId: 'VX1', SessionStatus: 'completed', CallStatus: 'completed' },
      { sessionRef: 'VX1', status: 'completed', handoff: null, problem: null, isLive: false },
    ],
    [
      'because the socket broke',
      { SessionId: 'VX1', SessionStatus: 'failed', ErrorCode: '64105', ErrorMessage: 'WebSocket ended' },
      { sessionRef: 'VX1', status: 'failed', handoff: null, problem: '64105 WebSocket ended', isLive: true },
    ],
    [
      'before it had begun',
      {},
      { sessionRef: null, status: 'failed', handoff: null, problem: null, isLive: true },
    ],
  ])('%s', async (_name, fields, session) => {
    expect((await post('/twilio/voice/after?call=tok', fields)).body).toContain('<Hangup/>');
    expect(asked).toEqual([['proceed', { token: 'tok', ref: CALL, session }]]);
  });
});

describe('the person was put through', () => {
  it.each([
    ['completed', true],
    ['answered', true],
    ['no-answer', false],
    ['busy', false],
    ['failed', false],
    ['canceled', false],
    ['', false],
  ])('and the call there was %j', async (DialCallStatus, wasAnswered) => {
    await post('/twilio/voice/dialed?call=tok', { DialCallStatus });
    expect(asked).toEqual([['afterDial', { token: 'tok', ref: CALL, wasAnswered }]]);
  });
});

describe('somebody calls us', () => {
  it('is answered with a token of its own in every address', async () => {
    steps = async () => [
      { kind: 'dial', phoneNumber: '+12025550111', callerId: '+12025550100', ringSeconds: 20 },
    ];
    const { body } = await post('/twilio/voice', { From: '+12125550101', To: '+12025550100' });
    expect(asked).toEqual([['answerInbound', { ref: CALL, from: '+12125550101', to: '+12025550100' }]]);
    expect(body).toContain(`action="${PUBLIC}/twilio/voice/dialed?call=inbound-1#rc=5&amp;rp=all"`);
  });
});

describe('when we cannot go on, a person hears that we are sorry', () => {
  const SORRY = { status: 200, body: sorryTwiml() };

  it.each([...QUESTIONS.slice(0, 3), '/twilio/voice'])('%s: the desk fails', async (target) => {
    steps = async () => {
      throw new Error('the database is away');
    };
    expect(await post(target)).toEqual(SORRY);
    expect(logged).toMatchObject([{ reference: CALL, cause: new Error('the database is away') }]);
  });

  it('the desk takes longer than Twilio would wait', async () => {
    steps = () => new Promise(() => {});
    expect(await post('/twilio/voice/answer?call=tok')).toEqual(SORRY);
    expect(logged).toMatchObject([{ reference: CALL, cause: { message: 'no instructions within 200 ms' } }]);
  });

  it('neither address nor request name a call', async () => {
    expect(await post('/twilio/voice/answer')).toEqual(SORRY);
    expect(await post('/twilio/voice', { CallSid: '' })).toEqual(SORRY);
    expect(asked).toEqual([]);
  });

  it('Twilio could not use our instructions, and says why', async () => {
    expect(await post('/twilio/voice/sorry?call=tok', { ErrorCode: '12100' })).toEqual(SORRY);
    expect(logged).toMatchObject([{ reference: CALL, cause: { message: expect.stringContaining('12100') } }]);
  });
});

describe('what a report of a call says', () => {
  const EVENT = {
    kind: 'call_status',
    token: 'tok',
    ref: CALL,
    status: 'ringing',
    sequence: 1,
    durationSeconds: null,
    sipCode: null,
    answeredBy: null,
    refusal: null,
    price: null,
  };
  const report = (params: Record<string, string>) => post('/twilio/call-status?call=tok', params);

  it('is stored once, with its number as its key', async () => {
    expect(await report({ CallStatus: 'ringing', SequenceNumber: '1' })).toEqual({ status: 204, body: '' });
    expect(recorded).toEqual([
      {
        provider: 'twilio',
        dedupeKey: `${CALL} #1`,
        event: EVENT,
        raw: { query: 'call=tok', body: expect.stringContaining('SequenceNumber=1') },
      },
    ]);
  });

  it.each([
    ['queued', 'queued'],
    ['initiated', 'initiated'],
    ['ringing', 'ringing'],
    ['in-progress', 'in_progress'],
    ['completed', 'completed'],
    ['busy', 'busy'],
    ['no-answer', 'no_answer'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('%s becomes %s, and is its own key where there is no number', async (CallStatus, status) => {
    await report({ CallStatus });
    expect(recorded).toMatchObject([
      { dedupeKey: `${CALL} ${CallStatus}`, event: { status, sequence: null } },
    ]);
  });

  it('at the end tells how long, by whom and with what the network answered', async () => {
    await report({
      CallStatus: 'completed',
      SequenceNumber: '3',
      CallDuration: '61',
      Duration: '2',
      SipResponseCode: '200',
      AnsweredBy: 'human',
    });
    expect(recorded.map(({ event }) => event)).toEqual([
      { ...EVENT, status: 'completed', sequence: 3, durationSeconds: 61, sipCode: 200, answeredBy: 'human' },
    ]);
  });

  it.each([
    [{ SipResponseCode: '404' }, 'invalid_number', 'SIP 404'],
    [{ SipResponseCode: '604' }, 'invalid_number', 'SIP 604'],
    [{ SipResponseCode: '603' }, 'blocked', 'SIP 603'],
    [{ SipResponseCode: '480' }, 'unreachable', 'SIP 480'],
    [{ SipResponseCode: '503' }, 'provider', 'SIP 503'],
    [{ SipResponseCode: '200' }, 'provider', 'none'],
    [{}, 'provider', 'none'],
    [{ ErrorCode: '13227', SipResponseCode: '404' }, 'region', '13227'],
  ])('of a failure with %j is %s', async (params, failure, code) => {
    await report({ CallStatus: 'failed', ...(params as Record<string, string>) });
    expect(recorded[0]?.event).toMatchObject({
      refusal: { class: failure, code, fix: expect.stringMatching(/^[A-Z].*\.$/) },
    });
  });

  it('of a busy line is no failure, whatever the network answered', async () => {
    await report({ CallStatus: 'busy', SipResponseCode: '486' });
    expect(recorded[0]?.event).toMatchObject({ status: 'busy', sipCode: 486, refusal: null });
  });

  it.each([
    ['a status nobody knows', { CallStatus: 'pondering' }],
    ['a status out of JavaScript', { CallStatus: 'constructor' }],
    ['no call', { CallSid: '', CallStatus: 'completed' }],
  ])('with %s is answered and forgotten', async (_name, params) => {
    expect(await report(params)).toEqual({ status: 204, body: '' });
    expect(recorded).toEqual([]);
  });

  it.each(['-1', '1.5', '1e3', 'soon', '99999999999'])(
    'may number itself %s, and then it has no number',
    async (SequenceNumber) => {
      await report({ CallStatus: 'ringing', SequenceNumber });
      expect(recorded).toMatchObject([{ dedupeKey: `${CALL} ringing`, event: { sequence: null } }]);
    },
  );

  it('without a token still names its call', async () => {
    await post('/twilio/call-status', { CallStatus: 'completed' });
    expect(recorded[0]?.event).toMatchObject({ token: null, ref: CALL });
  });
});

describe('who picked up', () => {
  it('is stored once for a call', async () => {
    expect(await post('/twilio/amd?call=tok', { AnsweredBy: 'machine_end_beep' })).toEqual({
      status: 204,
      body: '',
    });
    expect(recorded).toMatchObject([
      {
        dedupeKey: `${CALL} verdict`,
        event: { kind: 'call_verdict', token: 'tok', ref: CALL, answeredBy: 'machine_ready' },
      },
    ]);
  });

  it('is forgotten when nobody understands it', async () => {
    expect(await post('/twilio/amd?call=tok', { AnsweredBy: 'ghost' })).toEqual({ status: 204, body: '' });
    expect(recorded).toEqual([]);
  });
});

describe('a recording', () => {
  const report = (params: Record<string, string>) =>
    post('/twilio/recording?call=tok', { RecordingSid: 'RE1', ...params });

  it('is ready', async () => {
    await report({ RecordingStatus: 'completed', RecordingDuration: '12', RecordingChannels: '2' });
    expect(recorded).toMatchObject([
      {
        dedupeKey: 'RE1 completed',
        event: {
          kind: 'recording',
          token: 'tok',
          ref: CALL,
          recordingRef: 'RE1',
          status: 'completed',
          durationSeconds: 12,
          channels: 2,
        },
      },
    ]);
  });

  it.each([
    ['in-progress', 'in_progress'],
    ['absent', 'absent'],
  ])('%s has nothing to tell yet', async (RecordingStatus, status) => {
    await report({ RecordingStatus, RecordingDuration: '-1' });
    expect(recorded).toMatchObject([{ event: { status, durationSeconds: null, channels: null } }]);
  });

  it.each([{ RecordingStatus: 'eaten' }, { RecordingSid: '', RecordingStatus: 'completed' }])(
    '%j is forgotten',
    async (params) => {
      expect(await report(params as Record<string, string>)).toEqual({ status: 204, body: '' });
      expect(recorded).toEqual([]);
    },
  );
});
