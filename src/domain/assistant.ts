import type { TransferTarget } from './call.ts';
import { numberProblem, shown, wholeNumber } from './given-value.ts';
import { PHONE_PROBLEMS, toE164 } from './phone.ts';
import { checkTemplate } from './template.ts';
import { VOICES, type VoiceName } from './voices.ts';

/**
 * What people set on an assistant, typed and checked. `model` is null for the model of the deployment. The two messages are
 * templates for campaigns that have no welcome or no closing of their own.
 */
export type AssistantSettings = {
  name: string;
  description: string | null;
  voice: VoiceName;
  language: string;
  prompt: string | null;
  model: string | null;
  welcomeMessage: string | null;
  endCallMessage: string | null;
  isScripted: boolean;
  phoneNumbers: string[];
  transferTargets: TransferTarget[];
  isRecording: boolean;
  recordingDays: number;
  maxCallSeconds: number;
};

/** What an assistant speaks by, in words for forms. */
export const SPEAKING = {
  model: 'A language model, which answers freely',
  script: 'The script of the campaign, word for word',
} as const;

/** Somebody to put people through to, as it is typed: without a key it gets one made of its label. */
export type GivenTarget = { key?: string; label: string; phoneNumber: string; slackUserId?: string | null };

/** What people send; what is left out stays as it is. Numbers may come as text, as forms send them. */
export type AssistantFields = Partial<
  Omit<AssistantSettings, 'voice' | 'language' | 'transferTargets' | 'recordingDays' | 'maxCallSeconds'>
> & {
  voice?: string;
  language?: string | null;
  transferTargets?: GivenTarget[];
  recordingDays?: number | string;
  maxCallSeconds?: number | string;
};

/** What is wrong with one field, named as we and as the API name it, as a sentence that says how to put it right. */
export type AssistantProblem = { setting: keyof AssistantSettings; field: string; sentence: string };

export type CheckedAssistant =
  | { ok: true; settings: Partial<AssistantSettings> }
  | { ok: false; problems: AssistantProblem[] };

/** Limits of an assistant's fields, for forms, the API and help. Days of keeping and seconds as `migrations/0005`. */
export const ASSISTANT_LIMITS = {
  name: 100,
  description: 500,
  prompt: 8_000,
  model: 100,
  message: 4_000,
  phoneNumbers: 20,
  transferTargets: 10,
  targetLabel: 60,
  recordingDays: { min: 1, max: 365, standard: 30 },
  maxCallSeconds: { min: 60, max: 3_600, standard: 600 },
} as const;

/**
 * Checks the fields somebody sent for an assistant, of which any may be missing; phone numbers are read as numbers of
 * `country` unless they carry their own code. A voice brings its language along unless one is given, which must be a
 * variety of what the voice speaks. `known` is what already stands, when an assistant is changed. Either everything
 * comes back typed, or every problem together.
 */
export function checkAssistant(
  fields: AssistantFields,
  country: string,
  known?: Pick<AssistantSettings, 'voice'>,
): CheckedAssistant {
  const settings: Partial<AssistantSettings> = {};
  const problems: AssistantProblem[] = [];
  for (const name of Object.keys(CHECKS) as (keyof typeof CHECKS)[]) {
    if (fields[name] === undefined) continue;
    const checked = CHECKS[name](fields[name], country);
    if ('problem' in checked)
      problems.push({ setting: name, field: FIELDS[name], sentence: checked.problem });
    else Object.assign(settings, { [name]: checked.value });
  }
  const spoken = languageOf(
    fields.language,
    settings.voice ?? (fields.voice === undefined ? known?.voice : undefined),
  );
  if (spoken && 'problem' in spoken)
    problems.push({ setting: 'language', field: FIELDS.language, sentence: spoken.problem });
  else if (spoken && (fields.language || fields.voice !== undefined)) settings.language = spoken.value;
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings };
}

/**
 * The assistant of a workspace that has none yet, so that a first call campaign can be made at once: a plain name, a voice
 * that speaks as its country does, no prompt of its own, no recording.
 */
export function standardAssistant(country: string): Pick<AssistantSettings, 'name' | 'voice' | 'language'> {
  const voice = VOICE_OF_COUNTRY[country] ?? 'joanna';
  return { name: 'Alex', voice, language: VOICES[voice].language };
}

const VOICE_OF_COUNTRY: Record<string, VoiceName> = {
  GB: 'amy',
  IE: 'amy',
  AU: 'olivia',
  NZ: 'olivia',
  DE: 'vicki',
  AT: 'vicki',
  CH: 'vicki',
  FR: 'lea',
  ES: 'lucia',
  MX: 'mia',
};

type Checked<Value> = { value: Value } | { problem: string };
type Checks = {
  [Name in Exclude<keyof AssistantSettings, 'language'>]: (
    value: unknown,
    country: string,
  ) => Checked<AssistantSettings[Name]>;
};

const CHECKS: Checks = {
  name: checkName,
  description: (value) => checkText('The description', ASSISTANT_LIMITS.description, value),
  voice: checkVoice,
  prompt: (value) => checkText('The prompt', ASSISTANT_LIMITS.prompt, value),
  model: (value) => checkText('The name of the model', ASSISTANT_LIMITS.model, value),
  welcomeMessage: (value) => checkMessage('The welcome message', value),
  endCallMessage: (value) => checkMessage('The message at the end', value),
  isScripted: (value) => checkFlag('following its script only', value),
  phoneNumbers: checkNumbers,
  transferTargets: checkTargets,
  isRecording: (value) => checkFlag('recording', value),
  recordingDays: (value) => checkWhole('Days to keep recordings', ASSISTANT_LIMITS.recordingDays, value),
  maxCallSeconds: (value) => checkWhole('Longest call in seconds', ASSISTANT_LIMITS.maxCallSeconds, value),
};

/** The names of the API (campaign-api §6). */
const FIELDS: Record<keyof AssistantSettings, string> = {
  name: 'name',
  description: 'description',
  voice: 'tts_settings.voice_id',
  language: 'tts_settings.language',
  prompt: 'llm_settings.system_prompt',
  model: 'llm_provider_config.model',
  welcomeMessage: 'llm_settings.welcome_message',
  endCallMessage: 'end_call_message',
  isScripted: 'is_scripted',
  phoneNumbers: 'phone_numbers',
  transferTargets: 'tools_settings.transfer_call',
  isRecording: 'recording_settings.enabled',
  recordingDays: 'recording_settings.retention_days',
  maxCallSeconds: 'max_call_length',
};

function checkName(value: unknown): Checked<string> {
  const name = typeof value === 'string' ? value.replace(/\s+/g, ' ').trim() : '';
  const { length } = [...name];
  if (length === 0) return { problem: 'Give the assistant a name: it says it on every call.' };
  if (length > ASSISTANT_LIMITS.name)
    return { problem: `The name has ${length} characters; use at most ${ASSISTANT_LIMITS.name}.` };
  return { value: name };
}

function checkText(what: string, most: number, value: unknown): Checked<string | null> {
  if (value !== null && typeof value !== 'string') return { problem: `${what} must be text.` };
  const text = value?.trim() ?? '';
  const { length } = [...text];
  if (length > most)
    return {
      problem: `${what} has ${length.toLocaleString('en-US')} characters; use at most ${most.toLocaleString('en-US')}.`,
    };
  return { value: text === '' ? null : text };
}

/** It is rendered for every contact, as the templates of campaigns are. */
function checkMessage(what: string, value: unknown): Checked<string | null> {
  const text = checkText(what, ASSISTANT_LIMITS.message, value);
  const template = 'value' in text && text.value ? checkTemplate(text.value) : null;
  return template && !template.ok ? { problem: `${what} cannot be used: ${template.problem.message}` } : text;
}

function checkVoice(value: unknown): Checked<VoiceName> {
  if (typeof value === 'string' && Object.hasOwn(VOICES, value)) return { value: value as VoiceName };
  return { problem: `“${shown(value)}” is no voice; write one of ${Object.keys(VOICES).join(', ')}.` };
}

function languageOf(given: unknown, voice: VoiceName | undefined): Checked<string> | null {
  if (voice === undefined) return null;
  const { label, language } = VOICES[voice];
  if (given === undefined || given === null || given === '') return { value: language };
  const tag = typeof given === 'string' ? /^([a-z]{2})-([a-z]{2})$/i.exec(given.trim()) : null;
  if (!tag?.[1] || !tag[2])
    return { problem: `“${shown(given)}” is not a language; write it like en-US or de-DE.` };
  const wanted = `${tag[1].toLowerCase()}-${tag[2].toUpperCase()}`;
  return wanted.slice(0, 2) === language.slice(0, 2)
    ? { value: wanted }
    : { problem: `The voice ${label} does not speak ${wanted}. Choose a voice of that language.` };
}

function checkFlag(what: string, value: unknown): Checked<boolean> {
  return typeof value === 'boolean' ? { value } : { problem: `Say true or false for ${what}.` };
}

function checkWhole(what: string, range: { min: number; max: number }, value: unknown): Checked<number> {
  const number = wholeNumber(value, range);
  return number === undefined ? { problem: numberProblem(what, range, value) } : { value: number };
}

function checkNumbers(value: unknown, country: string): Checked<string[]> {
  if (!Array.isArray(value)) return { problem: 'Give the phone numbers as a list.' };
  if (value.length > ASSISTANT_LIMITS.phoneNumbers)
    return { problem: `An assistant has at most ${ASSISTANT_LIMITS.phoneNumbers} phone numbers.` };
  const numbers = value.map((one) => readOwnNumber(one, country));
  const bad = numbers.find((one) => 'problem' in one);
  if (bad) return bad;
  return { value: [...new Set(numbers.flatMap((one) => ('value' in one ? [one.value] : [])))] };
}

function checkTargets(value: unknown, country: string): Checked<TransferTarget[]> {
  if (!Array.isArray(value)) return { problem: 'Give the people to transfer to as a list.' };
  if (value.length > ASSISTANT_LIMITS.transferTargets)
    return { problem: `An assistant transfers to at most ${ASSISTANT_LIMITS.transferTargets} people.` };
  const targets: TransferTarget[] = [];
  for (const given of value) {
    const target = checkTarget(given, country);
    if ('problem' in target) return target;
    if (targets.some(({ key }) => key === target.value.key))
      return {
        problem: `Two people to transfer to have the key “${target.value.key}”. Give each one their own.`,
      };
    targets.push(target.value);
  }
  return { value: targets };
}

function checkTarget(given: unknown, country: string): Checked<TransferTarget> {
  if (typeof given !== 'object' || given === null)
    return { problem: 'A person to transfer to needs a label and a phone number.' };
  const { key, label, phoneNumber, slackUserId = null } = given as Record<string, unknown>;
  const name = typeof label === 'string' ? label.replace(/\s+/g, ' ').trim() : '';
  if (name === '' || [...name].length > ASSISTANT_LIMITS.targetLabel)
    return {
      problem: `Say who it is that people are transferred to, in at most ${ASSISTANT_LIMITS.targetLabel} characters.`,
    };
  const slug = key === undefined || key === null || key === '' ? slugOf(name) : key;
  if (typeof slug !== 'string' || !/^[a-z0-9][a-z0-9_-]{0,31}$/.test(slug))
    return {
      problem: `“${shown(slug)}” is not a key; use up to 32 small letters, digits, - and _, like front-desk.`,
    };
  if (slackUserId !== null && !(typeof slackUserId === 'string' && /^[UW][A-Z0-9_]{2,20}$/.test(slackUserId)))
    return { problem: `“${shown(slackUserId)}” is not a person of this Slack workspace.` };
  const number = readNumber(phoneNumber, country);
  if ('problem' in number) return { problem: `${name}: ${number.problem}` };
  return { value: { key: slug, label: name, phoneNumber: number.value, slackUserId } };
}

/** Whether a number of ours exists is for its provider to say: in international form it is taken as it is. */
function readOwnNumber(value: unknown, country: string): Checked<string> {
  const plain = typeof value === 'string' ? value.replace(/[\s().-]/g, '') : '';
  return /^\+[1-9]\d{6,14}$/.test(plain) ? { value: plain } : readNumber(value, country);
}

function readNumber(value: unknown, country: string): Checked<string> {
  const read = typeof value === 'string' ? toE164(value, country) : null;
  if (read?.ok) return { value: read.phoneNumber };
  const why = read ? ` ${PHONE_PROBLEMS[read.reason]}` : '';
  return { problem: `“${shown(value)}” is not a phone number.${why} Write it like +14155550123.` };
}

function slugOf(label: string): string {
  const plain = label
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
  return plain.replace(/^-+/, '').slice(0, 32).replace(/-+$/, '') || 'person';
}
