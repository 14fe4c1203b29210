import type { Call } from './call-book.ts';
import type { Detection } from './detection.ts';

/** Who hears what the contact says and types: the conversation, or the other side of a call put through. */
export type Ear = {
  speechStarts(text: string): void;
  speechEnds(text: string): void;
  key(digit: string): void;
};

/** Who plays the contact; a person on the page is none of these. */
export type Contact = {
  agentStarts(): void;
  /** The other side has finished a turn. */
  agentEnds(): void;
  stop(): void;
};

/** A call that rings or is held; it ends with the process. */
export type LiveCall = {
  call: Call;
  /** Aborted when the call is over. */
  ending: AbortController;
  /** Aborted when other instructions take the place of these. */
  program: AbortController | null;
  ear: Ear | null;
  contact: Contact | null;
  detection: Detection | null;
  /** What the contact is saying, and what they will say after it. */
  speech: Promise<void>;
  onAnswered: (live: LiveCall) => void;
  recordingSid: string | null;
  /** What is still asked of the bot after the end, before the last callback. */
  wrapUp: Promise<void>;
};

/** Why things on a call stop; given to `abort`, which else would build an error with a stack each time. */
export const OVER = 'over';

export function createLiveCall(call: Call, onAnswered: (live: LiveCall) => void): LiveCall {
  return {
    call,
    ending: new AbortController(),
    program: null,
    ear: null,
    contact: null,
    detection: null,
    speech: Promise.resolve(),
    onAnswered,
    recordingSid: null,
    wrapUp: Promise.resolve(),
  };
}
