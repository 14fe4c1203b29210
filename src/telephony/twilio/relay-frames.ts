import type { ConversationListener } from '#ports/conversation.ts';

/** How a session begins, before anything in it is believed. */
export type SetupFrame = {
  sessionRef: string;
  ref: string;
  accountSid: string;
  from: string;
  to: string;
  nonce: string;
};

/** A frame of ConversationRelay: the setup, something to tell the listener, or nothing that we know. */
export type RelayFrame =
  | { kind: 'setup'; setup: SetupFrame }
  | { kind: 'heard'; tell(listener: ConversationListener): void }
  | { kind: 'unknown' };

/** Reads a frame (telephony.md §4, “Twilio→us”); null when it is none at all. */
export function readFrame(data: unknown): RelayFrame | null {
  if (typeof data !== 'string') return null;
  const fields = objectIn(data);
  if (!fields) return null;
  const read = READERS.get(text(fields.type));
  return read?.(fields) ?? { kind: 'unknown' };
}

type Fields = Record<string, unknown>;

const heard = (tell: (listener: ConversationListener) => void): RelayFrame => ({ kind: 'heard', tell });

const READERS = new Map<string, (fields: Fields) => RelayFrame | null>([
  ['setup', (fields) => ({ kind: 'setup', setup: setupOf(fields) })],
  ['prompt', promptOf],
  [
    'interrupt',
    ({ utteranceUntilInterrupt, durationUntilInterruptMs }) => {
      const cut = {
        heardText: text(utteranceUntilInterrupt),
        afterMs: Math.max(0, Number(durationUntilInterruptMs) || 0),
      };
      return heard((listener) => listener.onInterrupt(cut));
    },
  ],
  [
    'dtmf',
    ({ digit }) => {
      const key = text(digit);
      return /^[0-9*#A-D]$/.test(key) ? heard((listener) => listener.onDigit(key)) : null;
    },
  ],
  [
    'error',
    ({ description }) => {
      const said = text(description);
      return heard((listener) => listener.onProblem(said));
    },
  ],
  ['info', infoOf],
]);

function setupOf(fields: Fields): SetupFrame {
  const parameters = isFields(fields.customParameters) ? fields.customParameters : {};
  return {
    sessionRef: text(fields.sessionId),
    ref: text(fields.callSid),
    accountSid: text(fields.accountSid),
    from: text(fields.from),
    to: text(fields.to),
    nonce: text(parameters.nonce),
  };
}

/** Unless a prompt says that it may still change, it is final. */
function promptOf({ voicePrompt, last, lang, agentSpeaking }: Fields): RelayFrame | null {
  if (typeof voicePrompt !== 'string') return null;
  const utterance = {
    text: text(voicePrompt),
    isFinal: !isFlag(last, false),
    isDuringSpeech: isFlag(agentSpeaking, true),
    language: text(lang) || null,
  };
  return heard((listener) => listener.onUtterance(utterance));
}

const SPEAKERS = new Map([
  ['agentSpeaking', 'assistant'],
  ['clientSpeaking', 'contact'],
] as const);

function infoOf({ name, value }: Fields): RelayFrame | null {
  const said = text(value);
  if (name === 'tokensPlayed') return heard((listener) => listener.onPlayed(said));
  const who = SPEAKERS.get(name as 'agentSpeaking');
  if (!who || (said !== 'on' && said !== 'off')) return null;
  return heard((listener) => listener.onSpeaking(who, said === 'on'));
}

function objectIn(data: string): Fields | null {
  try {
    const value: unknown = JSON.parse(data);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is not text counts as empty. A database holds neither NUL nor half a character. */
function text(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : '';
}

function isFlag(value: unknown, flag: boolean): boolean {
  return value === flag || value === String(flag);
}
