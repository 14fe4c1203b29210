import type { CallStep } from '#ports/call-flow.ts';
import { callUrl, relayUrl } from './callback-address.ts';
import { speechModel, twilioVoice } from './voices.ts';
import { type Attributes, type Element, element, xmlDocument } from './xml.ts';

/** Which call the instructions are for, and where Twilio reaches us. */
export type CallPlace = { publicUrl: string; token: string };

/** Twilio refuses to speak more at once (twilio.com/docs/voice/twiml/say). */
const LONGEST_SAY = 4_096;
/** Instructions given with a request, and not fetched from us (telephony.md §2, `Twiml`). */
const LONGEST_INLINE = 4_000;
/** A character may take as many as `&amp;`; so much less is surely not too much less. */
const LONGEST_ENTITY = 5;

/** What Twilio is to do with a call, as TwiML. */
export function twimlOf(steps: readonly CallStep[], place: CallPlace): string {
  const verbs = steps.flatMap((step) => RENDER[step.kind](step as never, place));
  return xmlDocument(element('Response', {}, verbs));
}

/**
 * The same, short enough to go along with a request. What is too long loses the end of its longest speech, at the end of
 * a sentence where there is one: minutes have been spoken by then, and no machine records more.
 */
export function inlineTwimlOf(steps: readonly CallStep[], place: CallPlace): string {
  const twiml = twimlOf(steps, place);
  const excess = twiml.length - LONGEST_INLINE;
  if (excess <= 0) return twiml;
  const longest = steps.reduce((most, step) => Math.max(most, speechLength(step)), 0);
  if (longest === 0) return twiml;
  const surplus = Math.min(longest, Math.ceil(excess / LONGEST_ENTITY));
  const shortened = steps.map((step) =>
    step.kind === 'say' && step.text.length === longest
      ? { ...step, text: cutSpeech(step.text, longest - surplus) }
      : step,
  );
  return inlineTwimlOf(shortened, place);
}

/** What a person hears when we cannot go on: never silence. */
export function sorryTwiml(): string {
  const { name, language } = twilioVoice('joanna', 'en-US');
  const sorry = 'Sorry, something went wrong on our side. Goodbye.';
  const said = element('Say', { voice: `Polly.${name}`, language }, [sorry]);
  return xmlDocument(element('Response', {}, [said, element('Hangup', {})]));
}

type StepOf<Kind extends CallStep['kind']> = Extract<CallStep, { kind: Kind }>;
type Renderers = { [Kind in CallStep['kind']]: (step: StepOf<Kind>, place: CallPlace) => Element[] };

const RENDER: Renderers = {
  say: ({ text, voice, language }) => {
    const { name, language: spoken } = twilioVoice(voice, language);
    return partsOf(text).map((part) => element('Say', { voice: `Polly.${name}`, language: spoken }, [part]));
  },
  pause: ({ seconds }) => [element('Pause', { length: Math.max(1, Math.round(seconds)) })],
  record: (_step, place) => [element('Start', {}, [element('Recording', recordingAttributes(place))])],
  converse: (step, { publicUrl, token }) => {
    const nonce = element('Parameter', { name: 'nonce', value: step.nonce });
    const relay = element('ConversationRelay', relayAttributes(step, publicUrl), [nonce]);
    return [element('Connect', { action: callUrl(publicUrl, 'after', token), method: 'POST' }, [relay])];
  },
  dial: ({ phoneNumber, callerId, ringSeconds }, { publicUrl, token }) => {
    const action = callUrl(publicUrl, 'dialed', token);
    const number = element('Number', {}, [phoneNumber]);
    return [element('Dial', { callerId, timeout: ringSeconds, action, method: 'POST' }, [number])];
  },
  hang_up: () => [element('Hangup', {})],
};

/**
 * Everything is said out loud, because the defaults have changed before (telephony.md §4): the greeting cannot be talked
 * over, but what is said or pressed meanwhile is heard; afterwards a word or a key cuts in, an “uh-huh” does not.
 */
function relayAttributes(step: StepOf<'converse'>, publicUrl: string): Attributes {
  const voice = twilioVoice(step.voice, step.language);
  const model = speechModel(step.language);
  const hints = step.hints.map((hint) => hint.replaceAll(',', ' ').trim()).filter((hint) => hint !== '');
  return {
    url: relayUrl(publicUrl),
    welcomeGreeting: step.greeting,
    welcomeGreetingInterruptible: 'none',
    language: step.language,
    ttsLanguage: voice.language,
    ttsProvider: 'Amazon',
    voice: voice.name,
    transcriptionLanguage: step.language,
    transcriptionProvider: 'Deepgram',
    speechModel: model,
    ...(model === 'flux' ? { eotThreshold: '0.8' } : { deepgramSmartFormat: true }),
    speechTimeout: 'auto',
    profanityFilter: false,
    hints: hints.length > 0 ? hints.join(',') : null,
    interruptible: 'any',
    interruptSensitivity: 'medium',
    ignoreBackchannel: true,
    reportInputDuringAgentSpeech: 'any',
    partialPrompts: false,
    preemptible: false,
    dtmfDetection: true,
    events: 'speaker-events tokens-played',
  };
}

function recordingAttributes({ publicUrl, token }: CallPlace): Attributes {
  return {
    channels: 'dual',
    track: 'both',
    trim: 'do-not-trim',
    recordingStatusCallback: callUrl(publicUrl, 'recording', token),
    recordingStatusCallbackMethod: 'POST',
    recordingStatusCallbackEvent: 'in-progress completed absent',
  };
}

function partsOf(text: string): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > LONGEST_SAY) {
    const part = cutSpeech(rest, LONGEST_SAY);
    parts.push(part);
    rest = rest.slice(part.length).trimStart();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** At most so many characters of a speech: up to the end of a sentence, else of a word, where that keeps half of it. */
function cutSpeech(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most);
  const ends = [/^[\s\S]*[.!?](?=\s)/, /^[\s\S]*(?=\s)/].map((end) => end.exec(head)?.[0] ?? '');
  return ends.find((end) => end.length >= most / 2) ?? head.replace(/[\u{D800}-\u{DBFF}]$/u, '');
}

function speechLength(step: CallStep): number {
  return step.kind === 'say' ? step.text.length : 0;
}
