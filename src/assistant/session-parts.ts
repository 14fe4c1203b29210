import type { Deps } from '#operations/deps.ts';
import type { TalkingCall } from '#operations/open-conversation.ts';
import type { ConversationTransport } from '#ports/conversation.ts';
import type { ModelBrain } from './model-brain.ts';
import type { Timers } from './timers.ts';
import type { Transcript } from './transcript.ts';

/** How long somebody may be silent before they are asked whether they are there, in product time. */
export const SILENCE_MS = 8_000;
/** How long a machine that greeted is silent before its beep counts as past; a carrier's own verdict is faster. */
export const BEEP_MS = 4_000;
/** A conversation of more turns than this goes in circles. */
export const MOST_REPLIES = 30;
/** Before the provider cuts the call, there is time for a goodbye. */
export const GOODBYE_MS = 20_000;

/** What one conversation is made of. */
export type SessionParts = {
  deps: Deps;
  call: TalkingCall;
  transport: ConversationTransport;
  timers: Timers;
  transcript: Transcript;
  /** Null: the script is followed. */
  brain: ModelBrain | null;
  onEnd(): void;
};
