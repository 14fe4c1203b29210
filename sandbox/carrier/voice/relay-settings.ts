import type { Element } from '#sandbox/carrier/xml.ts';
import { interruptibleOf } from './relay-frames.ts';
import type { Interruptible } from './speaker.ts';

export type RelaySettings = {
  url: string;
  welcomeGreeting: string;
  welcomeGreetingInterruptible: Interruptible;
  interruptible: Interruptible;
  reportsDuringSpeech: Interruptible;
  isPreemptible: boolean;
  sendsPartialPrompts: boolean;
  detectsKeys: boolean;
  ignoresBackchannel: boolean;
  sendsSpeakerEvents: boolean;
  sendsTokensPlayed: boolean;
  transcriptionLanguage: string;
  parameters: Record<string, string>;
};

/** Why the carrier would not begin this conversation, with Twilio's code in front. */
export class RelayRefusal extends Error {}

const LANGUAGES = new Set(
  'ar-XA bg-BG ca-ES cs-CZ da-DK de-AT de-CH de-DE el-GR en-AU en-CA en-GB en-IE en-IN en-NZ en-US es-419 es-ES es-MX es-US et-EE fi-FI fr-BE fr-CA fr-FR he-IL hi-IN hu-HU id-ID it-IT ja-JP ko-KR lt-LT lv-LV multi ms-MY nb-NO nl-BE nl-NL pl-PL pt-BR pt-PT ro-RO ru-RU sk-SK sl-SI sv-SE th-TH tr-TR uk-UA vi-VN yue-HK zh-CN zh-TW'.split(
    ' ',
  ),
);

const AMAZON_VOICES: Record<string, string> = {
  'en-US': 'Danielle Gregory Ivy Joanna Joey Justin Kendra Kevin Kimberly Matthew Patrick Ruth Salli Stephen',
  'en-GB': 'Amy Arthur Brian Emma',
  'en-AU': 'Nicole Olivia Russell',
  'en-IE': 'Niamh',
  'en-IN': 'Aditi Kajal Raveena',
  'en-NZ': 'Aria',
  'de-DE': 'Daniel Hans Marlene Vicki',
  'de-AT': 'Hannah',
  'de-CH': 'Sabrina',
  'fr-FR': 'Celine Lea Mathieu Remi',
  'fr-CA': 'Chantal Gabrielle Liam',
  'fr-BE': 'Isabelle',
  'es-ES': 'Conchita Enrique Lucia Sergio',
  'es-MX': 'Andres Mia',
  'es-US': 'Lupe Miguel Pedro Penelope',
  'it-IT': 'Adriano Bianca Carla Giorgio',
  'nl-NL': 'Laura Lotte Ruben',
  'pt-BR': 'Camila Ricardo Thiago Vitoria',
  'pt-PT': 'Cristiano Ines',
  'pl-PL': 'Ewa Jacek Jan Maja Ola',
  'ja-JP': 'Kazuha Mizuki Takumi Tomoko',
};
const LANGUAGE_OF_AMAZON_VOICE = new Map(
  Object.entries(AMAZON_VOICES).flatMap(([language, names]) =>
    names.split(' ').map((name): [string, string] => [name, language]),
  ),
);

/** Whether a provider has this voice in this language. */
const VOICE_CHECKS: Record<string, (voice: string, language: string) => boolean> = {
  Amazon: (voice, language) => isAmazonVoice(voice, language),
  Google: (voice, language) =>
    voice.startsWith(`${language}-`) &&
    /-(Standard|Wavenet|Neural2|Journey|Studio|Polyglot|News|Casual|Chirp-HD|Chirp3-HD)-\w+$/.test(voice),
  ElevenLabs: (voice) => /^[A-Za-z0-9]{20}(-[\w.]+)*$/.test(voice),
};

/** A voice of Amazon's in a language, with or without its engine: `Joanna`, `Joanna-Neural`. */
export function isAmazonVoice(voice: string, language: string | null): boolean {
  const [name = '', engine] = voice.split('-');
  if (engine !== undefined && !/^(Neural|Generative)$/.test(engine)) return false;
  const own = LANGUAGE_OF_AMAZON_VOICE.get(name);
  return own !== undefined && (language === null || own === language);
}

const SPEECH_MODELS: Record<string, RegExp> = {
  Deepgram: /^(nova-[23]-(general|phonecall|medical)|nova-2-.+|flux|flux-general-en)$/,
  Google: /^(telephony|telephony_short|long|short|latest_long|latest_short|chirp|chirp_2|chirp_telephony)$/,
};

const BOOLEANS = ['profanityFilter', 'deepgramSmartFormat', 'backgroundNoiseReduction'];

/** Reads `<ConversationRelay>`; throws RelayRefusal where the carrier would refuse the session (telephony.md §4). */
export function readRelaySettings(element: Element): RelaySettings {
  const { attributes } = element;
  const language = attributes.language ?? 'en-US';
  const ttsLanguage = attributes.ttsLanguage ?? language;
  const transcriptionLanguage = attributes.transcriptionLanguage ?? language;
  checkUrl(attributes.url ?? '');
  checkLanguage(ttsLanguage);
  checkLanguage(transcriptionLanguage);
  checkVoice(attributes, ttsLanguage);
  checkTranscription(attributes, transcriptionLanguage);
  checkRanges(attributes);
  for (const child of element.children) {
    if (child.name === 'Language') checkLanguageElement(child);
  }
  const events = (attributes.events ?? attributes.debug ?? '').split(/[\s,]+/);
  return {
    url: attributes.url ?? '',
    welcomeGreeting: attributes.welcomeGreeting ?? '',
    welcomeGreetingInterruptible: choice(attributes, 'welcomeGreetingInterruptible', 'any'),
    interruptible: choice(attributes, 'interruptible', 'any'),
    reportsDuringSpeech: choice(attributes, 'reportInputDuringAgentSpeech', 'none'),
    isPreemptible: flag(attributes, 'preemptible'),
    sendsPartialPrompts: flag(attributes, 'partialPrompts'),
    detectsKeys: flag(attributes, 'dtmfDetection'),
    ignoresBackchannel: flag(attributes, 'ignoreBackchannel'),
    sendsSpeakerEvents: events.includes('speaker-events'),
    sendsTokensPlayed: events.includes('tokens-played'),
    transcriptionLanguage,
    parameters: Object.fromEntries(
      element.children
        .filter(({ name }) => name === 'Parameter')
        .map(({ attributes: { name = '', value = '' } }) => [name, value]),
    ),
  };
}

export function isKnownLanguage(language: string): boolean {
  return LANGUAGES.has(language);
}

/** Sockets are encrypted; only on this machine a plain one will do. */
function checkUrl(url: string): void {
  const parsed = URL.parse(url);
  const isLocal = parsed?.protocol === 'ws:' && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(parsed.hostname);
  if (parsed?.protocol !== 'wss:' && !isLocal) throw new RelayRefusal(`64102: ${url || 'no address'}`);
}

function checkLanguage(language: string): void {
  if (!isKnownLanguage(language)) throw new RelayRefusal(`64106: unknown language ${language}`);
}

function checkVoice(attributes: Record<string, string>, language: string): void {
  const provider = attributes.ttsProvider ?? 'ElevenLabs';
  const check = VOICE_CHECKS[provider];
  if (!check) throw new RelayRefusal(`64101: unknown text-to-speech provider ${provider}`);
  const { voice } = attributes;
  if (voice !== undefined && !check(voice, language))
    throw new RelayRefusal(`64106: ${provider} has no voice ${voice} for ${language}`);
}

/** Deepgram's flux understands English only. */
function checkTranscription(attributes: Record<string, string>, language: string): void {
  const provider = attributes.transcriptionProvider ?? 'Deepgram';
  const models = SPEECH_MODELS[provider];
  if (!models) throw new RelayRefusal(`64101: unknown transcription provider ${provider}`);
  const { speechModel } = attributes;
  if (speechModel !== undefined && !models.test(speechModel))
    throw new RelayRefusal(`64101: ${provider} has no speech model ${speechModel}`);
  if (speechModel?.startsWith('flux') && !language.startsWith('en'))
    throw new RelayRefusal(`64101: ${speechModel} does not understand ${language}`);
}

function checkRanges(attributes: Record<string, string>): void {
  const { speechTimeout, eotThreshold, interruptSensitivity = 'high' } = attributes;
  if (!/^(high|medium|low)$/.test(interruptSensitivity))
    throw new RelayRefusal(`64106: interruptSensitivity ${interruptSensitivity}`);
  for (const name of BOOLEANS) flag(attributes, name);
  const isTimeout = !speechTimeout || speechTimeout === 'auto' || within(speechTimeout, 600, 5_000);
  if (!isTimeout) throw new RelayRefusal(`64106: speechTimeout ${speechTimeout}`);
  if (eotThreshold && !within(eotThreshold, 0.5, 0.9))
    throw new RelayRefusal(`64106: eotThreshold ${eotThreshold}`);
}

function checkLanguageElement({ attributes }: Element): void {
  checkLanguage(attributes.code ?? '');
  checkVoice(attributes, attributes.code ?? '');
  checkTranscription(attributes, attributes.code ?? '');
}

function within(value: string, least: number, most: number): boolean {
  const number = Number(value);
  return value.trim() !== '' && number >= least && number <= most;
}

function choice(attributes: Record<string, string>, name: string, usual: Interruptible): Interruptible {
  const value = attributes[name];
  if (value === undefined) return usual;
  const known = interruptibleOf(value);
  if (!known) throw new RelayRefusal(`64106: ${name} ${value}`);
  return known;
}

function flag(attributes: Record<string, string>, name: string): boolean {
  const value = attributes[name] ?? 'false';
  if (value !== 'true' && value !== 'false') throw new RelayRefusal(`64106: ${name} ${value}`);
  return value === 'true';
}
