import type { Exchange } from '#sandbox/carrier/exchange.ts';
import type { Element } from '#sandbox/carrier/xml.ts';
import { alert } from './alerts.ts';
import { connect } from './connect-verb.ts';
import { dialNumber } from './dial-verb.ts';
import { endCall } from './ending.ts';
import { fetchTwiml, type Twiml } from './fetch-twiml.ts';
import { addLine, changeLine } from './lines.ts';
import { startRecording } from './recordings.ts';
import { isAmazonVoice, isKnownLanguage } from './relay-settings.ts';
import { pause, speakingMs } from './timers.ts';
import { addressIn, type Step, wholeNumber } from './verb-step.ts';

type Verb = (step: Step, element: Element) => Promise<Twiml | null> | Twiml | null;

const MUSIC_MS = 2_000;
const LONGEST_SAY = 4_096;

/** Every verb that the bot's instructions may use; one that returns a document continues there. */
export const VERBS: Record<string, Verb> = {
  Say: say,
  Play: (step, { text }) => sound(step, `♪ ${text.trim()}`, MUSIC_MS * step.exchange.options.latency.pace),
  Pause: async ({ exchange, signal }, { attributes }) => {
    await pause(exchange, wholeNumber(attributes.length, 1) * 1_000 * exchange.options.latency.pace, signal);
    return null;
  },
  Start: start,
  Connect: connect,
  Dial: dialNumber,
  Hangup: ({ exchange, live }) => {
    endCall(exchange, live, 'completed');
    return null;
  },
  Reject: ({ exchange, live }, { attributes }) => {
    const wasAnswered = live.call.answeredAt !== null;
    if (!wasAnswered) endCall(exchange, live, attributes.reason === 'busy' ? 'busy' : 'no-answer');
    return null;
  },
  Redirect: ({ exchange, live, base }, { text, attributes }) => {
    const method = attributes.method === 'GET' ? 'GET' : 'POST';
    return fetchTwiml(exchange, live.call, { url: addressIn(text.trim(), base), method }, {});
  },
};

async function say(step: Step, { text, attributes }: Element): Promise<null> {
  const { exchange, live } = step;
  checkVoice(exchange, live.call, attributes);
  const words = text.trim();
  if (words === '') return null;
  if (words.length > LONGEST_SAY) alert(exchange, live.call, 13520, '<Say> holds more than 4096 characters');
  live.contact?.agentStarts();
  const spoken = words.slice(0, LONGEST_SAY);
  await sound(step, spoken, speakingMs(exchange, spoken));
  if (!step.signal.aborted) live.contact?.agentEnds();
  return null;
}

function checkVoice(
  exchange: Exchange,
  call: Step['live']['call'],
  attributes: Record<string, string>,
): void {
  const { voice, language } = attributes;
  if (language !== undefined && !isKnownLanguage(language))
    alert(exchange, call, 13512, `<Say> knows no language ${language}`);
  const isKnown =
    voice === undefined ||
    /^(man|woman|alice)$/.test(voice) ||
    /^Google\.[a-z]{2,3}-[A-Z]{2}-\w/.test(voice) ||
    (voice.startsWith('Polly.') && isAmazonVoice(voice.slice('Polly.'.length), null));
  if (!isKnown) alert(exchange, call, 13511, `<Say> knows no voice ${voice}`);
}

async function sound({ exchange, live, signal }: Step, text: string, durationMs: number): Promise<null> {
  const line = addLine(exchange, live.call, { who: 'assistant', text, isSpeaking: true });
  await pause(exchange, durationMs, signal);
  changeLine(exchange, live.call, line, { isSpeaking: false, isCut: signal.aborted });
  return null;
}

function start({ exchange, live, base }: Step, { children }: Element): null {
  for (const { attributes } of children) {
    const { recordingStatusCallback: callback, recordingStatusCallbackEvent: events } = attributes;
    const settings = {
      channels: attributes.channels === 'dual' ? (2 as const) : (1 as const),
      callback: callback ? addressIn(callback, base) : null,
      events: (events ?? 'completed').split(/[\s,]+/),
    };
    startRecording(exchange, live, settings, 'StartCallRecordingTwiML');
  }
  return null;
}
