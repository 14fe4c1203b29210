import type { Interruptible } from './speaker.ts';

/** What the bot may say on a conversation's socket (telephony.md §4). */
export type BotFrame =
  | {
      type: 'text';
      token: string;
      last: boolean;
      interruptible: Interruptible | null;
      preemptible: boolean | null;
    }
  | {
      type: 'play';
      source: string;
      loop: number;
      interruptible: Interruptible | null;
      preemptible: boolean | null;
    }
  | { type: 'sendDigits'; digits: string }
  | { type: 'language'; ttsLanguage: string | null; transcriptionLanguage: string | null }
  | { type: 'end'; handoffData: string | null };

type Fields = Record<string, unknown>;

/** One frame, or what is wrong with it in words. */
export function readBotFrame(data: string): BotFrame | { type: 'bad'; problem: string } {
  try {
    const fields: unknown = JSON.parse(data);
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
      throw new Error('not an object');
    const known = fields as Fields;
    const read = READERS[String(known.type)];
    if (!read) throw new Error(`unknown type ${JSON.stringify(known.type)}`);
    return read(known);
  } catch (error) {
    return { type: 'bad', problem: error instanceof Error ? error.message : String(error) };
  }
}

const READERS: Record<string, (fields: Fields) => BotFrame> = {
  text: (fields) => ({
    type: 'text',
    token: text(fields, 'token'),
    last: optional(fields, 'last', 'boolean') ?? false,
    interruptible: interruptible(fields),
    preemptible: optional(fields, 'preemptible', 'boolean'),
  }),
  play: (fields) => {
    const source = text(fields, 'source');
    if (!/^https?:\/\//.test(source)) throw new Error('source is no address');
    return {
      type: 'play',
      source,
      loop: optional(fields, 'loop', 'number') ?? 1,
      interruptible: interruptible(fields),
      preemptible: optional(fields, 'preemptible', 'boolean'),
    };
  },
  sendDigits: (fields) => {
    const digits = text(fields, 'digits');
    if (!/^[0-9w#*]+$/.test(digits)) throw new Error('digits may be 0-9, w, # and *');
    return { type: 'sendDigits', digits };
  },
  language: (fields) => {
    const ttsLanguage = optional(fields, 'ttsLanguage', 'string');
    const transcriptionLanguage = optional(fields, 'transcriptionLanguage', 'string');
    if (!ttsLanguage && !transcriptionLanguage) throw new Error('no language given');
    return { type: 'language', ttsLanguage, transcriptionLanguage };
  },
  end: (fields) => ({ type: 'end', handoffData: optional(fields, 'handoffData', 'string') }),
};

type Kinds = { string: string; boolean: boolean; number: number };

function text(fields: Fields, name: string): string {
  const value = optional(fields, name, 'string');
  if (value === null) throw new Error(`${name} is missing`);
  return value;
}

function optional<Kind extends keyof Kinds>(fields: Fields, name: string, kind: Kind): Kinds[Kind] | null {
  const value = fields[name];
  if (value === undefined || value === null) return null;
  if (typeof value !== kind) throw new Error(`${name} is not a ${kind}`);
  return value as Kinds[Kind];
}

function interruptible(fields: Fields): Interruptible | null {
  const value = fields.interruptible;
  if (value === undefined || value === null) return null;
  const known = interruptibleOf(String(value));
  if (!known) throw new Error('interruptible is none of none, dtmf, speech, any');
  return known;
}

/** Booleans stand for `any` and `none`, as they did at first. */
export function interruptibleOf(value: string): Interruptible | null {
  if (value === 'true') return 'any';
  if (value === 'false') return 'none';
  return INTERRUPTIBLE.find((known) => known === value) ?? null;
}

const INTERRUPTIBLE = ['none', 'dtmf', 'speech', 'any'] as const;
