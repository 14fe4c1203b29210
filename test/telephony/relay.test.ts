import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { ConversationListener, ConversationTransport } from '#ports/conversation.ts';
import { CALL, closing, frames, RELAY, type RelayStage, SETUP, startRelayStage } from './relay-stage.ts';

const SOON_MS = 150;

let stage: RelayStage;
const sockets: WebSocket[] = [];

beforeEach(async () => {
  stage = await startRelayStage();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await stage.server.close();
});

const keep = (socket: WebSocket) => {
  sockets.push(socket);
  return socket;
};
const connect = (lies?: Parameters<RelayStage['connect']>[0]) => keep(stage.connect(lies));
const begin = async (setup?: object) => keep(await stage.begin(setup));
const heardKinds = () => stage.heard.map(([verb]) => verb);
const transport = (): ConversationTransport => {
  const [first] = stage.transports;
  if (!first) throw new Error('no conversation has begun');
  return first;
};
/** A session that has begun, with its listener. */
const talk = async () => {
  const socket = await begin();
  await expect.poll(() => stage.transports.length).toBe(1);
  return socket;
};
/** Begins anew with other limits. */
const limitTo = async (limits: Parameters<typeof startRelayStage>[0]) => {
  await stage.server.close();
  stage = await startRelayStage(limits);
};

describe('the handshake', () => {
  it.each<[name: string, lies: Parameters<RelayStage['connect']>[0]]>([
    ['signed over the public address', {}],
    ['signed with the token before a rotation', { token: 'the-token-before-the-rotation' }],
  ])('is taken when %s', async (_name, lies) => {
    await once(connect(lies), 'open');
  });

  it.each<[name: string, lies: Parameters<RelayStage['connect']>[0]]>([
    ['without a signature', { signature: null }],
    ['with an empty one', { signature: '' }],
    ['signed with another token', { token: 'guessed' }],
    ['signed over the address it claims to come to', { signedUrl: 'ws://127.0.0.1/twilio/relay' }],
    ['signed without the prefix that the proxy strips', { signedUrl: 'wss://bot.example.com/twilio/relay' }],
    ['signed as https', { signedUrl: RELAY.replace('wss', 'https') }],
    ['signed over another host', { signedUrl: RELAY.replace('example.com', 'example.org') }],
    ['signed over another address of ours', { signedUrl: RELAY.replace('relay', 'voice') }],
    ['with a query nobody signed', { path: '/twilio/relay?x=1' }],
  ])('is refused %s', async (_name, lies) => {
    const [, response] = await once(connect(lies), 'unexpected-response');
    let body = '';
    for await (const chunk of response) body += chunk;
    expect([response.statusCode, body]).toEqual([403, '']);
    expect(stage.openings).toEqual([]);
  });

  it('is for WebSockets alone', async () => {
    const url = stage.url.replace('ws', 'http');
    expect((await fetch(`${url}/twilio/relay`)).status).toBe(403);
  });
});

describe('the beginning', () => {
  it('tells who speaks, once', async () => {
    await talk();
    expect(stage.openings).toEqual([
      { nonce: 'nonce-1', ref: CALL, sessionRef: 'VX1', from: '+12025550100', to: '+12125550101' },
    ]);
  });

  it('does not wait for ever', async () => {
    await limitTo({ setupWithinMs: SOON_MS });
    const socket = connect();
    expect(await closing(socket)).toEqual([1008, 'no setup in time']);
  });

  it.each<[name: string, frame: unknown, reason: string]>([
    ['another account', { ...SETUP, accountSid: 'AC2' }, 'another account'],
    ['no account', { ...SETUP, accountSid: undefined }, 'another account'],
    ['no nonce', { ...SETUP, customParameters: {} }, 'no call'],
    ['a nonce that is no text', { ...SETUP, customParameters: { nonce: 7 } }, 'no call'],
    ['no parameters', { ...SETUP, customParameters: null }, 'no call'],
    ['no call', { ...SETUP, callSid: '' }, 'no call'],
    ['speech before anything', { type: 'prompt', voicePrompt: 'Hello', last: true }, 'no setup'],
    ['a frame nobody knows', { type: 'hello' }, 'no setup'],
    ['a list', [SETUP], 'not a frame'],
    ['nothing', null, 'not a frame'],
    ['a word', 'setup', 'not a frame'],
  ])('is refused with %s', async (_name, frame, reason) => {
    const socket = await begin(frame as object);
    expect(await closing(socket)).toEqual([1008, reason]);
    expect(stage.openings).toEqual([]);
    expect(stage.heard).toEqual([]);
  });

  it('is refused to a second socket with the same nonce', async () => {
    const used = new Set<string>();
    stage.open = async ({ nonce }, listener) => {
      if (used.has(nonce)) return null;
      used.add(nonce);
      return listener;
    };
    const first = await begin();
    await expect.poll(() => used.size).toBe(1);
    const second = await begin();
    expect(await closing(second)).toEqual([1008, 'nobody waits for this session']);
    first.send(JSON.stringify({ type: 'dtmf', digit: '1' }));
    await expect.poll(() => stage.heard).toEqual([['onDigit', '1']]);
  });

  it('that fails says so in the log and to nobody else', async () => {
    stage.open = async () => {
      throw new Error('the database is away');
    };
    expect(await closing(await begin())).toEqual([1011, 'something went wrong']);
    expect(stage.logged).toMatchObject([
      { fields: { reference: CALL, cause: new Error('the database is away') } },
    ]);
  });

  it('that takes too long is given up, and the late conversation is told once that it is over', async () => {
    await limitTo({ openWithinMs: SOON_MS });
    const opening = Promise.withResolvers<void>();
    stage.open = async (_opening, listener) => {
      await opening.promise;
      return listener;
    };
    expect(await closing(await begin())).toEqual([1011, 'something went wrong']);
    opening.resolve();
    await expect.poll(() => stage.heard).toEqual([['onClose']]);
  });
});

describe('what is heard', () => {
  it.each<[name: string, frame: object, heard: unknown[]]>([
    [
      'a sentence',
      { type: 'prompt', voicePrompt: 'Stop calling me', lang: 'en-US', last: true, agentSpeaking: false },
      ['onUtterance', { text: 'Stop calling me', isFinal: true, isDuringSpeech: false, language: 'en-US' }],
    ],
    [
      'a sentence that may change, while the assistant speaks',
      { type: 'prompt', voicePrompt: 'Sto', lang: 'en', last: false, agentSpeaking: true },
      ['onUtterance', { text: 'Sto', isFinal: false, isDuringSpeech: true, language: 'en' }],
    ],
    [
      'a sentence without particulars',
      { type: 'prompt', voicePrompt: 'Yes' },
      ['onUtterance', { text: 'Yes', isFinal: true, isDuringSpeech: false, language: null }],
    ],
    [
      'an interruption',
      { type: 'interrupt', utteranceUntilInterrupt: 'Hello, I am', durationUntilInterruptMs: 460 },
      ['onInterrupt', { heardText: 'Hello, I am', afterMs: 460 }],
    ],
    [
      'an interruption whose time is text',
      { type: 'interrupt', utteranceUntilInterrupt: '', durationUntilInterruptMs: '1250' },
      ['onInterrupt', { heardText: '', afterMs: 1_250 }],
    ],
    [
      'an interruption without its time',
      { type: 'interrupt', utteranceUntilInterrupt: 'Hi' },
      ['onInterrupt', { heardText: 'Hi', afterMs: 0 }],
    ],
    ['a key', { type: 'dtmf', digit: '9' }, ['onDigit', '9']],
    ['the star', { type: 'dtmf', digit: '*' }, ['onDigit', '*']],
    [
      'a complaint of Twilio’s',
      { type: 'error', description: 'Invalid message' },
      ['onProblem', 'Invalid message'],
    ],
    [
      'the assistant’s turn',
      { type: 'info', name: 'agentSpeaking', value: 'on' },
      ['onSpeaking', 'assistant', true],
    ],
    [
      'the end of it',
      { type: 'info', name: 'agentSpeaking', value: 'off' },
      ['onSpeaking', 'assistant', false],
    ],
    [
      'the person’s turn',
      { type: 'info', name: 'clientSpeaking', value: 'on' },
      ['onSpeaking', 'contact', true],
    ],
    [
      'words that were spoken',
      { type: 'info', name: 'tokensPlayed', value: 'Hello,' },
      ['onPlayed', 'Hello,'],
    ],
    [
      'characters that no database holds',
      { type: 'prompt', voicePrompt: 'a\0b\uD83D', last: true },
      ['onUtterance', { text: 'ab\uFFFD', isFinal: true, isDuringSpeech: false, language: null }],
    ],
  ])('%s', async (_name, frame, heard) => {
    const socket = await talk();
    socket.send(JSON.stringify(frame));
    await expect.poll(() => stage.heard).toEqual([heard]);
  });

  it.each<[name: string, frame: object]>([
    ['a type nobody knows', { type: 'weather', value: 'rain' }],
    ['a type out of JavaScript', { type: 'constructor' }],
    ['no type', {}],
    ['another setup', SETUP],
    ['an event nobody knows', { type: 'info', name: 'mood', value: 'on' }],
    ['a speaker who is neither on nor off', { type: 'info', name: 'agentSpeaking', value: 'maybe' }],
    ['a prompt without words', { type: 'prompt', voicePrompt: 7 }],
    ['a key there is not', { type: 'dtmf', digit: '99' }],
  ])('%s is passed over', async (_name, frame) => {
    const socket = await talk();
    socket.send(JSON.stringify(frame));
    socket.send(JSON.stringify({ type: 'dtmf', digit: '1' }));
    await expect.poll(() => stage.heard).toEqual([['onDigit', '1']]);
    expect(stage.openings).toHaveLength(1);
  });

  it('before the conversation is open waits for it, in order', async () => {
    const opening = Promise.withResolvers<void>();
    stage.open = async (_opening, listener) => {
      await opening.promise;
      return listener;
    };
    const socket = await begin();
    for (const digit of '12345') socket.send(JSON.stringify({ type: 'dtmf', digit }));
    socket.ping();
    await once(socket, 'pong');
    expect(stage.heard).toEqual([]);
    opening.resolve();
    socket.send(JSON.stringify({ type: 'dtmf', digit: '6' }));
    await expect.poll(() => stage.heard.map(([, digit]) => digit).join('')).toBe('123456');
  });

  it('before a conversation is open is still told when the person has hung up meanwhile', async () => {
    const opening = Promise.withResolvers<void>();
    stage.open = async (_opening, listener) => {
      await opening.promise;
      return listener;
    };
    const socket = await begin();
    socket.send(JSON.stringify({ type: 'dtmf', digit: '9' }));
    socket.close();
    await closing(socket);
    opening.resolve();
    await expect.poll(() => stage.heard).toEqual([['onDigit', '9'], ['onClose']]);
  });
});

describe('what is said', () => {
  it('goes out in order, as Twilio’s frames', async () => {
    const received = frames(await talk());
    transport().say('Hello, ', { isLast: false });
    transport().say('', { isLast: false });
    transport().say('Ann.', { isLast: true });
    transport().say('', { isLast: true });
    transport().sendDigits('1w2#x*');
    transport().sendDigits('hello');
    transport().end('{"next":"hangup"}');
    await expect
      .poll(() => received)
      .toEqual([
        { type: 'text', token: 'Hello, ', last: false },
        { type: 'text', token: 'Ann.', last: true },
        { type: 'text', token: '', last: true },
        { type: 'sendDigits', digits: '1w2#*' },
        { type: 'end', handoffData: '{"next":"hangup"}' },
      ]);
  });

  it('may be said while the conversation still opens', async () => {
    stage.open = async (_opening, listener) => {
      transport().say('One moment.', { isLast: true });
      return listener;
    };
    const received = frames(await begin());
    await expect.poll(() => received).toEqual([{ type: 'text', token: 'One moment.', last: true }]);
  });

  it('after the end is nothing any more', async () => {
    const received = frames(await talk());
    transport().end('done');
    transport().say('One more thing', { isLast: true });
    transport().end('again');
    await expect.poll(() => received.length).toBe(1);
    expect(received).toEqual([{ type: 'end', handoffData: 'done' }]);
  });

  it('to somebody who is gone harms nobody', async () => {
    const socket = await talk();
    socket.terminate();
    await expect.poll(heardKinds).toEqual(['onClose']);
    transport().say('Hello?', { isLast: true });
    transport().end('late');
    transport().close('late');
    expect(heardKinds()).toEqual(['onClose']);
  });

  it('to a line that takes nothing any more drops it', async () => {
    await limitTo({ mostBufferedBytes: 10_000 });
    const socket = await talk();
    socket.pause();
    for (let count = 0; count < 2_000 && heardKinds().length === 0; count += 1) {
      transport().say('x'.repeat(10_000), { isLast: true });
    }
    await expect.poll(heardKinds).toEqual(['onClose']);
    expect(stage.logged).toMatchObject([
      { fields: { reference: CALL }, message: expect.stringContaining('dropped') },
    ]);
  });
});

describe('the end', () => {
  it('is told once when the person hangs up', async () => {
    const socket = await talk();
    socket.close(1000);
    await closing(socket);
    await expect.poll(heardKinds).toEqual(['onClose']);
  });

  it('is told once when the line breaks', async () => {
    (await talk()).terminate();
    await expect.poll(heardKinds).toEqual(['onClose']);
  });

  it('is told once when we close it ourselves, and nothing is heard after that', async () => {
    const socket = await talk();
    socket.send(JSON.stringify({ type: 'dtmf', digit: '1' }));
    stage.onHeard = () => transport().close('the call belongs to another session');
    expect(await closing(socket)).toEqual([1008, 'the call belongs to another session']);
    await expect.poll(heardKinds).toEqual(['onDigit', 'onClose']);
  });

  it('comes by itself when Twilio does not close after our end', async () => {
    await limitTo({ endWithinMs: SOON_MS });
    const socket = await talk();
    transport().end('done');
    expect(await closing(socket)).toEqual([1000, 'ended']);
    await expect.poll(heardKinds).toEqual(['onClose']);
  });

  it('of a reason too long for the protocol is short', async () => {
    const socket = await talk();
    transport().close('€'.repeat(200));
    expect(await closing(socket)).toEqual([1008, '€'.repeat(41)]);
  });

  it('comes when a listener breaks, which is logged', async () => {
    const socket = await talk();
    stage.onHeard = ([verb]) => {
      if (verb === 'onDigit') throw new Error('a defect');
    };
    socket.send(JSON.stringify({ type: 'dtmf', digit: '1' }));
    expect(await closing(socket)).toEqual([1011, 'something went wrong']);
    await expect.poll(heardKinds).toEqual(['onDigit', 'onClose']);
    expect(stage.logged).toMatchObject([{ fields: { cause: new Error('a defect') } }]);
  });
});

describe('somebody who does not behave', () => {
  it.each<[name: string, data: string | Buffer]>([
    ['words that are no JSON', 'hello'],
    ['half a frame', '{"type":"dtmf","digit":'],
    ['bytes', Buffer.from([1, 2, 3])],
  ])('with %s is refused', async (_name, data) => {
    const socket = await talk();
    socket.send(data);
    expect(await closing(socket)).toEqual([1008, 'not a frame']);
    await expect.poll(heardKinds).toEqual(['onClose']);
  });

  it('with a frame of more than 64 KiB is cut off', async () => {
    const socket = await talk();
    socket.send(JSON.stringify({ type: 'prompt', voicePrompt: 'x'.repeat(65_536), last: true }));
    expect((await closing(socket))[0]).toBe(1009);
    await expect.poll(heardKinds).toEqual(['onClose']);
  });

  it('with a flood of frames is refused', async () => {
    const socket = await talk();
    for (let count = 0; count < 2_000; count += 1) socket.send(JSON.stringify({ type: 'dtmf', digit: '1' }));
    expect(await closing(socket)).toEqual([1008, 'too many frames']);
    await expect.poll(() => heardKinds().at(-1)).toBe('onClose');
    expect(stage.heard.length).toBeLessThan(600);
    expect(heardKinds().filter((verb) => verb === 'onClose')).toHaveLength(1);
  });

  it('never gets what was refused into the log', async () => {
    await closing(await begin({ ...SETUP, accountSid: 'AC2', from: '+12125550101' }));
    const shown = JSON.stringify(stage.logged);
    expect(shown).toContain('another account');
    expect(shown).not.toContain('+12125550101');
    expect(shown).not.toContain('nonce-1');
  });
});

describe('sessions beside each other', () => {
  it('hear only their own', async () => {
    const heard = new Map<string, string[]>();
    stage.open = async ({ nonce }, listener): Promise<ConversationListener> => ({
      ...listener,
      onDigit: (digit) => heard.set(nonce, [...(heard.get(nonce) ?? []), digit]),
    });
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) => begin({ ...SETUP, customParameters: { nonce: `n${index}` } })),
    );
    for (const digit of '123') for (const socket of all) socket.send(JSON.stringify({ type: 'dtmf', digit }));
    await expect
      .poll(() => [...heard.values()].map((digits) => digits.join('')))
      .toEqual(Array(20).fill('123'));
  });
});

describe('when the server stops', () => {
  it('sockets are told politely after a short while, and conversations once', async () => {
    const socket = await talk();
    const closed = closing(socket);
    await stage.server.close();
    expect(await closed).toEqual([1001, 'the server stops']);
    expect(heardKinds()).toEqual(['onClose']);
  });

  it('a conversation that ends meanwhile ends as it would have', async () => {
    const socket = await talk();
    const closed = closing(socket);
    const stopped = stage.server.close();
    socket.close(1000);
    await stopped;
    expect((await closed)[0]).toBe(1000);
  });

  it('one that does not answer is cut', async () => {
    const socket = await talk();
    socket.pause();
    await stage.server.close();
    expect(heardKinds()).toEqual(['onClose']);
  });
});
