/**
 * How a call ended, in the words of telephony.md §9. `invalid`: nobody has the number. `carrier_failed`: the provider or
 * its network could not put it through.
 */
export type CallOutcome =
  | 'answered'
  | 'voicemail'
  | 'machine'
  | 'hung_up'
  | 'busy'
  | 'no_answer'
  | 'invalid'
  | 'carrier_failed';

/** How far a call is at the provider, ranked; those of rank 4 are terminal (telephony.md §2). */
export const CALL_STATUS_RANK = {
  queued: 0,
  initiated: 1,
  ringing: 2,
  in_progress: 3,
  completed: 4,
  busy: 4,
  no_answer: 4,
  failed: 4,
  canceled: 4,
} as const;
export type CallStatusName = keyof typeof CALL_STATUS_RANK;

/** How long a phone rings: 25 to 30 s is usual, and less than 15 s counts as abandoned (telephony.md §2, §6). */
export const RING_SECONDS = 30;

/** How long the provider may take to tell a machine from a person (telephony.md §2, its own default). */
export const DETECTION_SECONDS = 30;

/** Who the provider believes picked up. `machine_ready`: its beep has come and a message may be left; `unknown` counts as a human. */
export type AnsweredBy = 'human' | 'machine' | 'machine_ready' | 'fax' | 'unknown';

/**
 * Somebody the assistant may put a person through to; `key` is all a model ever sees. `slackUserId`: whose phone it is, so
 * that they can take a call over themselves.
 */
export type TransferTarget = { key: string; label: string; phoneNumber: string; slackUserId: string | null };

/**
 * Everything said on one call, rendered for its contact when it was claimed. `greeting` is the fixed first utterance: who
 * calls, for whom, that it is an automated voice, the recording notice, and how to opt out. `voicemail` is null where none
 * is to be left.
 */
export type CallScript = {
  greeting: string;
  welcome: string;
  agenda: string;
  closing: string;
  voicemail: string | null;
  contactName: string | null;
  companyName: string;
  assistantName: string;
  language: string;
  voice: string;
  isRecording: boolean;
  detection: 'off' | 'async' | 'sync';
  maxSeconds: number;
  /** The contact's values, for the model as quoted data. */
  values: Record<string, string>;
};

/** What came of talking to somebody; the first that applies in this order when several do. */
export type ConversationResult =
  | 'opted_out'
  | 'wrong_number'
  | 'complaint'
  | 'transferred'
  | 'callback'
  | 'yes'
  | 'no'
  | 'answered'
  | 'silent'
  | 'voicemail';
