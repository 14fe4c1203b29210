import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HttpServer, listen } from '#http/server.ts';
import type { CallDesk, CallStep } from '#ports/call-flow.ts';
import type { ConversationListener, OpenConversation } from '#ports/conversation.ts';
import type { CallRequest, ProviderEvent } from '#ports/telephony.ts';
import { INSTANT } from '#sandbox/carrier/options.ts';
import {
  ACCOUNT_SID,
  AUTH_TOKEN,
  contactLike,
  OUR_NUMBERS,
  startCarrier,
  type TestCarrier,
} from '#support/carrier.ts';
import { quietLog } from '#support/engine.ts';
import { PROVIDERS, type Provider, type ProviderName } from '#telephony/index.ts';

/** The carrier's seconds are so much shorter than ours. */
const HASTE = 100;
const VOICE = { voice: 'joanna', language: 'en-US' };
const GREETING = 'Hello, this is an automated call.';
const CONVERSE: CallStep = {
  kind: 'converse',
  nonce: 'nonce-1',
  greeting: GREETING,
  hints: ['Ringmaster'],
  ...VOICE,
};
const BYE: CallStep[] = [{ kind: 'say', text: 'Goodbye.', ...VOICE }, { kind: 'hang_up' }];

describe.each(Object.keys(PROVIDERS) as ProviderName[])('calls behind the telephony port, by %s', (name) => {
  let carrier: TestCarrier;
  let server: HttpServer;
  let provider: Provider;
  let events: ProviderEvent[];
  let keys: string[];
  let questions: [verb: keyof CallDesk, asked: object][];
  let heard: unknown[];
  let logged: object[];
  let script: Partial<Record<keyof CallDesk, CallStep[]>>;
  let converse: OpenConversation;

  beforeEach(async () => {
    events = [];
    keys = [];
    questions = [];
    heard = [];
    logged = [];
    script = { answer: BYE, proceed: BYE, afterDial: BYE, answerInbound: BYE };
    converse = async () => null;
    const startedAt = Date.now();
    const clock = { now: () => startedAt + (Date.now() - startedAt) * HASTE, speed: HASTE };
    carrier = await startCarrier({ clock, latency: { ...INSTANT, pace: 1 } });
    let webhooks = new Hono();
    server = await listen(
      new Hono().all('*', (c) => webhooks.fetch(c.req.raw, c.env)),
      0,
      'http://127.0.0.1',
    );
    const publicUrl = `http://127.0.0.1:${server.port}`;
    provider = PROVIDERS[name]({
      accountId: ACCOUNT_SID,
      secrets: [AUTH_TOKEN],
      apiUrl: carrier.url,
      publicUrl,
      callsPerSecond: 1,
      timeoutMs: 10_000,
    });
    webhooks = provider.webhooks(
      async (batch) => {
        events.push(...batch.map(({ event }) => event));
        keys.push(...batch.map(({ dedupeKey }) => dedupeKey));
      },
      {
        desk: deskOf(),
        converse: (opening, transport) => converse(opening, transport),
        log: { ...quietLog, error: (fields) => logged.push(fields) },
      },
    );
    carrier.verbs.setVoiceUrl(OUR_NUMBERS.first, `${publicUrl}/twilio/voice`);
  });
  afterEach(async () => {
    await carrier.stop();
    await server.close();
    provider.telephony.close();
  });

  function deskOf(): CallDesk {
    const follow = async (verb: keyof CallDesk, asked: object) => {
      questions.push([verb, asked]);
      return script[verb] ?? [];
    };
    return {
      answer: (call) => follow('answer', call),
      proceed: (call) => follow('proceed', call),
      afterDial: (call) => follow('afterDial', call),
      answerInbound: async (call) => ({ token: 'inbound-1', steps: await follow('answerInbound', call) }),
    };
  }

  const place = (change: Partial<CallRequest> = {}) =>
    provider.telephony.placeCall({
      token: 'tok/1',
      to: contactLike('silent'),
      from: OUR_NUMBERS.first,
      ringSeconds: 25,
      maxSeconds: 600,
      detection: 'off',
      ...change,
    });
  const statuses = () => events.flatMap((event) => (event.kind === 'call_status' ? [event] : []));
  const last = () => statuses().at(-1);
  const hasEnded = async (...expected: string[]) => {
    await expect.poll(() => last()?.status).toBeOneOf(expected);
    await carrier.settled();
  };
  const ref = () => carrier.acceptedCalls()[0]?.sid ?? '';
  const follows = (...steps: CallStep[]) => {
    script.answer = steps;
  };
  /** Thanks for whatever is said, and ends when that has been spoken. */
  const politely: OpenConversation = async (opening, transport) => {
    heard.push(opening);
    const note = (...said: unknown[]) => heard.push(said);
    let hasThanked = false;
    const listener: ConversationListener = {
      onUtterance: ({ text, isFinal }) => {
        note('utterance', text, isFinal);
        transport.say('Thank you. ', { isLast: false });
        transport.say('That was all.', { isLast: true });
      },
      onInterrupt: (cut) => note('interrupt', cut.heardText),
      onDigit: (digit) => note('digit', digit),
      onSpeaking: (who, isSpeaking) => {
        note('speaking', who, isSpeaking);
        if (hasThanked && who === 'assistant' && !isSpeaking) transport.end('{"next":"hangup"}');
      },
      onPlayed: (text) => {
        note('played', text);
        hasThanked ||= text === 'That was all.';
      },
      onProblem: (problem) => note('problem', problem),
      onClose: () => note('close'),
    };
    return listener;
  };
  const played = () =>
    heard.flatMap((said) => (Array.isArray(said) && said[0] === 'played' ? [said[1]] : [])).join(' ');

  it('a person answers, talks, and is said goodbye to', async () => {
    follows({ kind: 'record' }, CONVERSE);
    converse = politely;
    expect(await place({ to: contactLike('interested') })).toMatchObject({ kind: 'accepted', ref: ref() });
    await hasEnded('completed');
    expect(statuses().map(({ status, sequence, token }) => [status, sequence, token])).toEqual([
      ['initiated', 0, 'tok/1'],
      ['ringing', 1, 'tok/1'],
      ['in_progress', 2, 'tok/1'],
      ['completed', 3, 'tok/1'],
    ]);
    expect(last()).toMatchObject({
      ref: ref(),
      sipCode: 200,
      refusal: null,
      durationSeconds: expect.any(Number),
    });
    expect(questions).toMatchObject([
      ['answer', { token: 'tok/1', ref: ref(), verdict: null }],
      [
        'proceed',
        {
          token: 'tok/1',
          ref: ref(),
          session: { status: 'ended', handoff: '{"next":"hangup"}', problem: null, isLive: true },
        },
      ],
    ]);
    const opening = { nonce: 'nonce-1', ref: ref(), from: OUR_NUMBERS.first, to: contactLike('interested') };
    expect(heard[0]).toMatchObject(opening);
    expect(played()).toBe(`${GREETING} Thank you. That was all.`);
    expect(heard).toContainEqual(['utterance', expect.any(String), true]);
    expect(heard).toContainEqual(['speaking', 'contact', true]);
    expect(heard.filter((said) => String(said) === 'close')).toHaveLength(1);
    expect(carrier.alerts()).toEqual([]);
  });

  it('a recording is told of, fetched and deleted', async () => {
    follows({ kind: 'record' }, ...BYE);
    await place();
    await hasEnded('completed');
    const recordings = () => events.flatMap((event) => (event.kind === 'recording' ? [event] : []));
    await expect.poll(() => recordings().at(-1)?.status).toBe('completed');
    expect(recordings().map(({ status }) => status)).toEqual(['in_progress', 'completed']);
    const recording = recordings().at(-1);
    expect(recording).toMatchObject({ token: 'tok/1', ref: ref(), channels: 2 });
    const recordingRef = recording?.recordingRef ?? '';
    const { size, stream } = await provider.telephony.fetchRecording(recordingRef);
    let length = 0;
    for await (const piece of stream) length += piece.length;
    expect(length).toBeGreaterThan(0);
    expect(size ?? length).toBe(length);
    expect(await provider.telephony.deleteRecording(recordingRef)).toEqual({ kind: 'done' });
    expect(await provider.telephony.deleteRecording(recordingRef)).toEqual({ kind: 'done' });
    await expect(provider.telephony.fetchRecording(recordingRef)).rejects.toThrow('404');
  });

  describe('how a call ends', () => {
    it.each([
      ['busy', 'busy', 486, null],
      ['no_answer', 'no_answer', 487, null],
      ['declines', 'no_answer', 603, null],
      ['call_fails', 'failed', 503, { class: 'provider', code: 'SIP 503' }],
      ['unknown_number', 'failed', 404, { class: 'invalid_number', code: 'SIP 404' }],
    ])('%s', async (persona, status, sipCode, refusal) => {
      await place({ to: contactLike(persona) });
      await hasEnded(status);
      expect(last()).toMatchObject({ status, sipCode, refusal });
      expect(questions).toEqual([]);
    });
  });

  describe('who picked up', () => {
    it.each([
      ['voicemail', 'machine_ready'],
      ['fax', 'fax'],
      ['interested', 'human'],
    ])('%s is told before anything is said, where detection comes first', async (persona, verdict) => {
      await place({ to: contactLike(persona), detection: 'sync' });
      await expect.poll(() => questions.length).toBe(1);
      expect(questions[0]).toEqual([
        'answer',
        { token: 'tok/1', ref: ref(), verdict, silentMs: expect.any(Number) },
      ]);
      await hasEnded('completed');
      expect(last()?.answeredBy).toBe(verdict);
    });

    it('is told while the call runs, and a message can be left', async () => {
      follows({ kind: 'pause', seconds: 500 });
      await place({ to: contactLike('voicemail'), detection: 'async' });
      const verdict = () => events.find((event) => event.kind === 'call_verdict');
      await expect.poll(verdict).toEqual({
        kind: 'call_verdict',
        token: 'tok/1',
        ref: ref(),
        answeredBy: 'machine_ready',
      });
      const { telephony } = provider;
      expect(await telephony.redirectCall({ ref: ref(), token: 'tok/1', steps: BYE })).toEqual({
        kind: 'done',
      });
      await hasEnded('completed');
      expect(JSON.stringify(carrier.acceptedCalls()[0]?.lines)).toContain('Goodbye.');
      expect(await telephony.redirectCall({ ref: ref(), token: 'tok/1', steps: BYE })).toEqual({
        kind: 'too_late',
      });
    });
  });

  describe('placing a call', () => {
    it.each<[name: string, change: Partial<CallRequest>, failure: string, code: string]>([
      ['a number nobody has', { to: contactLike('invalid') }, 'invalid_number', '21211'],
      ['a caller of somebody else', { from: '+12025559999' }, 'sender', '21210'],
      ['a country that is switched off', { to: '+989121234567' }, 'region', '21215'],
    ])('is rejected for %s', async (_case, change, failure, code) => {
      expect(await place(change)).toEqual({
        kind: 'rejected',
        refusal: { class: failure, code, fix: expect.any(String) },
      });
      expect(carrier.acceptedCalls()).toEqual([]);
    });

    it.each([
      ['auth_refused', { kind: 'rejected', refusal: { class: 'account' } }, 0],
      ['too_many_requests', { kind: 'throttled', code: '20429' }, 0],
      ['calls_full', { kind: 'throttled', code: '10004' }, 0],
      ['drop_request', { kind: 'unknown', cause: 'ECONNRESET' }, 0],
      ['error_before_accepting', { kind: 'unknown' }, 0],
      ['lose_answer', { kind: 'unknown', cause: 'ECONNRESET' }, 1],
      ['error_after_accepting', { kind: 'unknown' }, 1],
    ] as const)('when the carrier shows %s', async (fault, expected, accepted) => {
      carrier.fail(fault);
      expect(await place()).toMatchObject(expected);
      expect(carrier.acceptedCalls()).toHaveLength(accepted);
    });

    it('whose answer was lost can be found', async () => {
      const since = new Date(Date.now() - 5_000);
      carrier.fail('lose_answer');
      await place({ to: contactLike('busy') });
      await place({ to: contactLike('busy', 1) });
      const query = { to: contactLike('busy'), from: OUR_NUMBERS.first, since };
      const found = await provider.telephony.findCalls(query);
      expect(found).toMatchObject([{ ref: ref(), createdAt: expect.any(Date) }]);
      expect(await provider.telephony.findCalls({ ...query, from: OUR_NUMBERS.second })).toEqual([]);
    });

    it('may be reported on before its answer comes, and twice', async () => {
      carrier.fail('early_callbacks');
      carrier.fail('duplicate_callbacks', null);
      expect(await place({ to: contactLike('busy') })).toMatchObject({ kind: 'accepted' });
      await hasEnded('busy');
      expect(new Set(keys).size).toBe(3);
      expect(keys.length).toBeGreaterThan(3);
    });
  });

  it('a call is ended by us, once', async () => {
    follows({ kind: 'pause', seconds: 500 });
    await place();
    await expect.poll(() => last()?.status).toBe('in_progress');
    expect(await provider.telephony.cancelCall(ref())).toEqual({ kind: 'too_late' });
    expect(await provider.telephony.hangUp(ref())).toEqual({ kind: 'done' });
    await hasEnded('completed');
    expect(await provider.telephony.hangUp(ref())).toEqual({ kind: 'too_late' });
    const settled = async () => (await provider.telephony.fetchCall(ref())).price;
    await expect.poll(settled).toEqual({ amount: expect.stringMatching(/^\d+\.\d+$/), currency: 'USD' });
    expect(await provider.telephony.fetchCall(ref())).toMatchObject({ status: 'completed', ref: ref() });
  });

  it('a call that rings is taken back', async () => {
    // At this haste a usual ring is over in a quarter of a second.
    await place({ to: contactLike('no_answer'), ringSeconds: 600 });
    await expect.poll(() => last()?.status).toBe('ringing');
    expect(await provider.telephony.cancelCall(ref())).toEqual({ kind: 'done' });
    await hasEnded('canceled');
  });

  it('a conversation that nobody opens is told as failed while the person is still there', async () => {
    follows(CONVERSE);
    await place();
    await hasEnded('completed');
    expect(questions.at(-1)).toMatchObject(['proceed', { session: { status: 'failed', isLive: true } }]);
  });

  it('a socket that breaks is told the same way, and the conversation hears of it once', async () => {
    follows(CONVERSE);
    converse = politely;
    carrier.fail('drop_socket');
    await place({ to: contactLike('interested') });
    await hasEnded('completed');
    expect(questions.at(-1)).toMatchObject([
      'proceed',
      { session: { status: 'failed', problem: expect.stringContaining('64105'), isLive: true } },
    ]);
    expect(heard.filter((said) => String(said) === 'close')).toHaveLength(1);
  });

  it('a person is put through, and we hear how that went', async () => {
    follows({ kind: 'dial', phoneNumber: contactLike('busy'), callerId: OUR_NUMBERS.first, ringSeconds: 15 });
    await place();
    await hasEnded('completed');
    expect(questions.at(-1)).toEqual(['afterDial', { token: 'tok/1', ref: ref(), wasAnswered: false }]);
  });

  it('instructions that cannot be fetched end with our being sorry', async () => {
    carrier.fail('twiml_fetch_failing');
    await place();
    await hasEnded('completed');
    expect(logged).toMatchObject([
      { reference: ref(), cause: { message: expect.stringContaining('11200') } },
    ]);
    expect(JSON.stringify(carrier.acceptedCalls()[0]?.lines)).toContain('Sorry');
  });

  it('instructions may be asked for twice', async () => {
    carrier.fail('duplicate_twiml_fetch');
    await place();
    await hasEnded('completed');
    expect(questions.filter(([verb]) => verb === 'answer')).toHaveLength(2);
  });

  it('somebody calls us, and is answered', async () => {
    script.answerInbound = [{ ...CONVERSE, greeting: 'You have called Ringmaster.' }];
    converse = politely;
    const from = contactLike('interested');
    carrier.verbs.callFromPhone({ contactNumber: from, botNumber: OUR_NUMBERS.first });
    await expect.poll(() => questions.at(-1)?.[0]).toBe('proceed');
    expect(questions[0]).toMatchObject(['answerInbound', { from, to: OUR_NUMBERS.first }]);
    expect(questions.at(-1)).toMatchObject(['proceed', { token: 'inbound-1', session: { status: 'ended' } }]);
    expect(heard[0]).toMatchObject({ from, to: OUR_NUMBERS.first });
  });

  it('numbers that may call are known', async () => {
    expect(await provider.telephony.ownsNumber(OUR_NUMBERS.voiceOnly, 'call')).toBe(true);
    expect(await provider.telephony.ownsNumber('+12025559999', 'call')).toBe(false);
  });
});
