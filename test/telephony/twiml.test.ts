import fc from 'fast-check';
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { describe, expect, it } from 'vitest';
import { VOICES } from '#domain/voices.ts';
import type { CallStep } from '#ports/call-flow.ts';
import { inlineTwimlOf, sorryTwiml, twimlOf } from '#telephony/twilio/twiml.ts';

const PLACE = { publicUrl: 'https://bot.example.com/ringmaster/', token: 'a/ä &1' };
const CALL = 'https://bot.example.com/ringmaster/twilio';
const TOKEN = 'call=a%2F%C3%A4%20%261#rc=5&amp;rp=all';
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';

const SAY: CallStep = { kind: 'say', text: 'Hello', voice: 'joanna', language: 'en-US' };
const CONVERSE: CallStep = {
  kind: 'converse',
  nonce: 'n-1',
  greeting: 'Hi, this is "Ann" & co.',
  voice: 'amy',
  language: 'en-GB',
  hints: ['Smith, Jones', ' ', 'Ringmaster'],
};

const render = (...steps: CallStep[]) => twimlOf(steps, PLACE);

describe('what Twilio is told', () => {
  it.each<[name: string, step: CallStep, verbs: string]>([
    ['speech', SAY, '<Say voice="Polly.Joanna-Neural" language="en-US">Hello</Say>'],
    ['a pause', { kind: 'pause', seconds: 2 }, '<Pause length="2"/>'],
    ['a pause that is hardly one', { kind: 'pause', seconds: 0.2 }, '<Pause length="1"/>'],
    [
      'a recording',
      { kind: 'record' },
      '<Start><Recording channels="dual" track="both" trim="do-not-trim" ' +
        `recordingStatusCallback="${CALL}/recording?${TOKEN}" recordingStatusCallbackMethod="POST" ` +
        'recordingStatusCallbackEvent="in-progress completed absent"/></Start>',
    ],
    [
      'a conversation in English',
      CONVERSE,
      `<Connect action="${CALL}/voice/after?${TOKEN}" method="POST"><ConversationRelay ` +
        'url="wss://bot.example.com/ringmaster/twilio/relay" ' +
        'welcomeGreeting="Hi, this is &quot;Ann&quot; &amp; co." welcomeGreetingInterruptible="none" ' +
        'language="en-GB" ttsLanguage="en-GB" ttsProvider="Amazon" voice="Amy-Neural" ' +
        'transcriptionLanguage="en-GB" transcriptionProvider="Deepgram" speechModel="flux" eotThreshold="0.8" ' +
        'speechTimeout="auto" profanityFilter="false" hints="Smith  Jones,Ringmaster" ' +
        'interruptible="any" interruptSensitivity="medium" ignoreBackchannel="true" ' +
        'reportInputDuringAgentSpeech="any" partialPrompts="false" preemptible="false" dtmfDetection="true" ' +
        'events="speaker-events tokens-played"><Parameter name="nonce" value="n-1"/></ConversationRelay></Connect>',
    ],
    [
      'a conversation in German that goes on without a greeting',
      { ...CONVERSE, greeting: null, voice: 'vicki', language: 'de-DE', hints: [] },
      `<Connect action="${CALL}/voice/after?${TOKEN}" method="POST"><ConversationRelay ` +
        'url="wss://bot.example.com/ringmaster/twilio/relay" welcomeGreetingInterruptible="none" ' +
        'language="de-DE" ttsLanguage="de-DE" ttsProvider="Amazon" voice="Vicki-Neural" ' +
        'transcriptionLanguage="de-DE" transcriptionProvider="Deepgram" speechModel="nova-3-general" ' +
        'deepgramSmartFormat="true" speechTimeout="auto" profanityFilter="false" ' +
        'interruptible="any" interruptSensitivity="medium" ignoreBackchannel="true" ' +
        'reportInputDuringAgentSpeech="any" partialPrompts="false" preemptible="false" dtmfDetection="true" ' +
        'events="speaker-events tokens-played"><Parameter name="nonce" value="n-1"/></ConversationRelay></Connect>',
    ],
    [
      'a transfer',
      { kind: 'dial', phoneNumber: '+12025550111', callerId: '+12025550100', ringSeconds: 25 },
      `<Dial callerId="+12025550100" timeout="25" action="${CALL}/voice/dialed?${TOKEN}" method="POST">` +
        '<Number>+12025550111</Number></Dial>',
    ],
    ['the end', { kind: 'hang_up' }, '<Hangup/>'],
  ])('of %s', (_name, step, verbs) => {
    expect(render(step)).toBe(`${HEAD}<Response>${verbs}</Response>`);
  });

  it('keeps the order of the steps, and may be nothing', () => {
    expect(render(SAY, { kind: 'hang_up' })).toMatch(/<Say .*<\/Say><Hangup\/><\/Response>$/);
    expect(render()).toBe(`${HEAD}<Response/>`);
  });

  it('names the relay in plain text where the public address is on this machine', () => {
    const twiml = twimlOf([CONVERSE], { publicUrl: 'http://127.0.0.1:3000', token: 't' });
    expect(twiml).toContain(' url="ws://127.0.0.1:3000/twilio/relay" ');
  });

  it('says sorry in a voice of its own', () => {
    expect(sorryTwiml()).toBe(
      `${HEAD}<Response><Say voice="Polly.Joanna-Neural" language="en-US">` +
        'Sorry, something went wrong on our side. Goodbye.</Say><Hangup/></Response>',
    );
  });
});

describe('voices', () => {
  it.each(Object.keys(VOICES) as (keyof typeof VOICES)[])('%s speaks her or his own language', (voice) => {
    const { language } = VOICES[voice];
    const name = `${voice.charAt(0).toUpperCase()}${voice.slice(1)}-Neural`;
    expect(render({ ...SAY, voice, language: 'xx' })).toContain(
      `<Say voice="Polly.${name}" language="${language}">`,
    );
    expect(render({ ...CONVERSE, voice, language })).toContain(
      ` language="${language}" ttsLanguage="${language}" ttsProvider="Amazon" voice="${name}" `,
    );
  });

  it.each([
    ['nobody', 'de-DE', 'Vicki-Neural'],
    ['nobody', 'es-MX', 'Mia-Neural'],
    ['nobody', 'fr-CA', 'Lea-Neural'],
    ['nobody', 'ja-JP', 'Joanna-Neural'],
    ['constructor', 'en-US', 'Joanna-Neural'],
  ])('%s in %s becomes %s', (voice, language, name) => {
    expect(render({ ...SAY, voice, language })).toContain(`"Polly.${name}"`);
  });
});

describe('what people wrote into a template', () => {
  it('reaches Twilio as the official builder would write it', () => {
    fc.assert(
      fc.property(legalText(), legalText(), (text, hint) => {
        const official = new VoiceResponse();
        official.say({ voice: 'Polly.Joanna-Neural', language: 'en-US' }, `x${text}`);
        expect(render({ ...SAY, text: `x${text}` })).toBe(official.toString());
        const built = new VoiceResponse();
        built.connect().conversationRelay({ welcomeGreeting: hint });
        const greeting = / welcomeGreeting="[^"]*"/.exec(built.toString())?.[0] ?? '';
        expect(render({ ...CONVERSE, greeting: hint })).toContain(greeting);
      }),
    );
  });

  it('loses what no XML document may hold', () => {
    expect(render({ ...SAY, text: 'a\0b\x0Bc\uD83Dd\uFFFE\uDE00e 😀' })).toContain('>abcde 😀</Say>');
  });

  it('cannot bring instructions of its own', () => {
    const twiml = render(
      { ...SAY, text: '</Say><Dial>+19005550100</Dial><Say>' },
      { ...CONVERSE, greeting: '"><Hangup/>' },
    );
    expect(twiml).not.toContain('<Dial>');
    expect(twiml).not.toContain('<Hangup/>');
  });
});

describe('a long speech', () => {
  const sentences = (count: number) =>
    Array.from({ length: count }, (_, index) => `Sentence ${index}.`).join(' ');

  it('is spoken in parts that Twilio takes, and loses nothing', () => {
    const text = sentences(1_000);
    const parts = [...render({ ...SAY, text }).matchAll(/<Say [^>]*>([^<]*)<\/Say>/g)].map(
      ([, part]) => part ?? '',
    );
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((part) => part.length <= 4_096 && part.endsWith('.'))).toBe(true);
    expect(parts.join(' ')).toBe(text);
  });

  it('is cut in parts also where it never ends a sentence, and never within a character', () => {
    const parts = [...render({ ...SAY, text: `a${'😀'.repeat(5_000)}` }).matchAll(/>([^<]+)<\/Say>/g)].map(
      ([, part]) => part,
    );
    expect(parts.join('')).toBe(`a${'😀'.repeat(5_000)}`);
  });

  it('that goes along with a request ends at a sentence, with all that follows it', () => {
    const steps: CallStep[] = [
      { ...SAY, text: 'Short.' },
      { ...SAY, text: sentences(500) },
      { kind: 'hang_up' },
    ];
    const twiml = inlineTwimlOf(steps, PLACE);
    expect(twiml.length).toBeLessThanOrEqual(4_000);
    expect(twiml.length).toBeGreaterThan(3_900);
    expect(twiml).toMatch(/>Short\.<\/Say>.*Sentence \d+\.<\/Say><Hangup\/><\/Response>$/);
  });

  it.each([1, 3_000, 3_900, 4_000, 4_100, 20_000])('of %i signs that need escaping fits too', (length) => {
    const twiml = inlineTwimlOf([{ ...SAY, text: '&'.repeat(length) }], PLACE);
    expect(twiml.length).toBeLessThanOrEqual(4_000);
    expect(twiml.length).toBeGreaterThan(length < 700 ? 0 : 3_700);
  });

  it('that fits is left as it is', () => {
    const steps: CallStep[] = [{ ...SAY, text: sentences(100) }];
    expect(inlineTwimlOf(steps, PLACE)).toBe(twimlOf(steps, PLACE));
  });
});

/** Any text an XML document may hold, with a liking for what has to be escaped. */
function legalText(): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.constantFrom('&', '<', '>', '"', "'", '\r', '\n', '\t', ' ', ']]>', '&amp;'),
    fc.string({ unit: 'grapheme', maxLength: 3 }),
  );
  return fc
    .array(unit, { maxLength: 20 })
    .map((parts) =>
      parts.join('').replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ''),
    );
}
