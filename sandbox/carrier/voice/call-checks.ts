import { E164, isCallable, isDialable } from '#sandbox/carrier/create-checks.ts';
import type { Exchange } from '#sandbox/carrier/exchange.ts';
import type {
  CallEvent,
  CallSettings,
  DetectionSettings,
  Instructions,
  RecordingSettings,
} from './call-book.ts';
import { contactRule } from './leg.ts';

/** A create as it was posted. */
export type CallForm = { to: string; from: string; params: URLSearchParams };

const LONGEST_TWIML = 4_000;
const USUAL_TIMEOUT_SECONDS = 60;
const LONGEST_TIMEOUT_SECONDS = 600;
const LONGEST_CALL_SECONDS = 14_400;

export function readCallForm(body: string): CallForm {
  const params = new URLSearchParams(body);
  return { to: params.get('To') ?? '', from: params.get('From') ?? '', params };
}

/** Why Twilio would refuse this create, as its error code (telephony.md §2); null when it would accept. */
export function callRefusalOf(exchange: Exchange, form: CallForm): number | null {
  return (
    refusalOfEnds(form) ??
    refusalOfInstructions(form.params) ??
    refusalOfOptions(form.params) ??
    refusalOfCaller(exchange, form.from) ??
    refusalOfCallee(exchange, form)
  );
}

/** The parameters of a create that was not refused. */
export function callSettingsOf({ params }: CallForm): CallSettings {
  const callback = params.get('StatusCallback') || null;
  const events = params.getAll('StatusCallbackEvent').flatMap((names) => names.split(/[\s,]+/));
  return {
    instructions: instructionsOf(params),
    statusCallback: callback,
    statusCallbackMethod: methodIn(params, 'StatusCallbackMethod'),
    events: events.length > 0 ? (events as CallEvent[]) : ['completed'],
    timeoutSeconds: numberIn(params, 'Timeout', USUAL_TIMEOUT_SECONDS),
    timeLimitSeconds: numberIn(params, 'TimeLimit', LONGEST_CALL_SECONDS),
    detection: detectionOf(params),
    recording: recordingOf(params),
  };
}

/** Where the call asks what to do; an address wins over a document (telephony.md §2). */
export function instructionsOf(params: URLSearchParams): Instructions {
  const url = params.get('Url') || null;
  return {
    url,
    method: methodIn(params, 'Method'),
    twiml: url ? null : params.get('Twiml'),
    fallbackUrl: params.get('FallbackUrl') || null,
    fallbackMethod: methodIn(params, 'FallbackMethod'),
  };
}

export function refusalOfInstructions(params: URLSearchParams): number | null {
  const url = params.get('Url');
  const twiml = params.get('Twiml');
  if (url && !isCallable(url)) return 21205;
  if (!url && !twiml) return 21205;
  if (twiml && twiml.length > LONGEST_TWIML) return 32018;
  return params.get('FallbackUrl') && !isCallable(params.get('FallbackUrl') ?? '') ? 21205 : null;
}

function refusalOfEnds({ to, from }: CallForm): number | null {
  if (!to) return 21201;
  return from ? null : 21213;
}

function refusalOfOptions(params: URLSearchParams): number | null {
  const addresses = ['StatusCallback', 'AsyncAmdStatusCallback', 'RecordingStatusCallback'];
  const isWrongAddress = addresses.some((name) => params.get(name) && !isCallable(params.get(name) ?? ''));
  if (isWrongAddress) return 21609;
  const isOutOfRange = RANGES.some(([name, least, most]) => !isWithin(params.get(name), least, most));
  const isUnknown = CHOICES.some(([name, choices]) =>
    params.getAll(name).some((value) => value.split(/[\s,]+/).some((one) => !choices.includes(one))),
  );
  return isOutOfRange || isUnknown ? 20001 : null;
}

const RANGES: [name: string, least: number, most: number][] = [
  ['Timeout', 1, LONGEST_TIMEOUT_SECONDS],
  ['TimeLimit', 1, LONGEST_CALL_SECONDS],
  ['MachineDetectionTimeout', 3, 59],
  ['MachineDetectionSpeechThreshold', 1_000, 6_000],
  ['MachineDetectionSpeechEndThreshold', 500, 5_000],
  ['MachineDetectionSilenceTimeout', 2_000, 10_000],
];
const METHODS = ['GET', 'POST'];
const BOOLEANS = ['true', 'false'];
const CHOICES: [name: string, choices: string[]][] = [
  ['StatusCallbackEvent', ['initiated', 'ringing', 'answered', 'completed']],
  ['MachineDetection', ['Enable', 'DetectMessageEnd']],
  ['AsyncAmd', BOOLEANS],
  ['Record', BOOLEANS],
  ['RecordingChannels', ['mono', 'dual']],
  ['RecordingTrack', ['inbound', 'outbound', 'both']],
  ['RecordingStatusCallbackEvent', ['in-progress', 'completed', 'absent']],
  ['Method', METHODS],
  ['FallbackMethod', METHODS],
  ['StatusCallbackMethod', METHODS],
  ['AsyncAmdStatusCallbackMethod', METHODS],
];

function refusalOfCaller({ senders }: Exchange, from: string): number | null {
  if (!E164.test(from)) return 21212;
  return senders.numbers.get(from)?.voice ? null : 21210;
}

/** Twilio's own test numbers, and what calling them brings (telephony.md §1). */
const TEST_NUMBERS: Record<string, number> = {
  '+15005550001': 21217,
  '+15005550002': 21214,
  '+15005550003': 21215,
  '+15005550004': 21216,
};

function refusalOfCallee(exchange: Exchange, { to, from }: CallForm): number | null {
  const { forbiddenPrefixes, trialRecipients } = exchange.options;
  const known = TEST_NUMBERS[to];
  if (known) return known;
  if (!isDialable(to)) return /^\+?\d+$/.test(to) ? 21217 : 21211;
  const { refusal } = contactRule(exchange, to);
  if (refusal) return refusal;
  if (to === from) return 21214;
  if (forbiddenPrefixes.some((prefix) => to.startsWith(prefix))) return 21215;
  return trialRecipients && !trialRecipients.includes(to) ? 21219 : null;
}

/** Ignored where keys are sent at the answer (telephony.md §2). */
function detectionOf(params: URLSearchParams): DetectionSettings | null {
  const kind = params.get('MachineDetection');
  if (!kind || params.get('SendDigits')) return null;
  return {
    waitsForMessageEnd: kind === 'DetectMessageEnd',
    timeoutSeconds: numberIn(params, 'MachineDetectionTimeout', 30),
    speechThreshold: numberIn(params, 'MachineDetectionSpeechThreshold', 2_400),
    speechEndThreshold: numberIn(params, 'MachineDetectionSpeechEndThreshold', 1_200),
    silenceTimeout: numberIn(params, 'MachineDetectionSilenceTimeout', 5_000),
    isAsync: params.get('AsyncAmd') === 'true',
    callback: params.get('AsyncAmdStatusCallback') || null,
    callbackMethod: methodIn(params, 'AsyncAmdStatusCallbackMethod'),
  };
}

function recordingOf(params: URLSearchParams): RecordingSettings | null {
  if (params.get('Record') !== 'true') return null;
  const events = params.getAll('RecordingStatusCallbackEvent').flatMap((names) => names.split(/[\s,]+/));
  return {
    channels: params.get('RecordingChannels') === 'dual' ? 2 : 1,
    callback: params.get('RecordingStatusCallback') || null,
    events: events.length > 0 ? events : ['completed'],
  };
}

function methodIn(params: URLSearchParams, name: string): 'GET' | 'POST' {
  return params.get(name) === 'GET' ? 'GET' : 'POST';
}

function numberIn(params: URLSearchParams, name: string, usual: number): number {
  return Number(params.get(name) || usual);
}

function isWithin(value: string | null, least: number, most: number): boolean {
  if (value === null || value === '') return true;
  const number = Number(value);
  return Number.isInteger(number) && number >= least && number <= most;
}
