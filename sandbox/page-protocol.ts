/** What the page and the stand-ins say to each other. The page holds the tables, the server sends changes. */

export type SlackUser = {
  id: string;
  name: string;
  realName: string;
  timeZone: string;
  isBot: boolean;
  isAdmin: boolean;
  isGuest: boolean;
  /** Belongs to another company and sees the workspace through a shared channel. */
  isStranger: boolean;
};

export type SlackChannel = {
  id: string;
  name: string;
  kind: 'public' | 'private' | 'im';
  isArchived: boolean;
  isExtShared: boolean;
  memberIds: string[];
};

export type SlackFile = {
  id: string;
  name: string;
  title: string;
  size: number;
  mimetype: string;
  filetype: string;
  userId: string;
  createdAt: number;
};

/** Block Kit as the bot sent it; the page draws it, the server has checked its limits. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type SlackMessage = {
  /** `${channelId}:${ts}` */
  id: string;
  channelId: string;
  ts: string;
  threadTs: string | null;
  userId: string;
  text: string;
  blocks: JsonObject[];
  files: SlackFile[];
  /** Shown only to this user, lost on reload in the real thing; kept here until dismissed. */
  ephemeralFor: string | null;
  isEdited: boolean;
  /** How many times the bot edited it with blocks, which Slack does not mark. */
  revision: number;
  /** A reply that also stands in the channel. */
  isBroadcast?: boolean;
};

/** One open modal of one user; several with one `rootId` are a stack, the highest `depth` on top. */
export type SlackView = {
  id: string;
  rootId: string;
  depth: number;
  userId: string;
  hash: string;
  view: JsonObject;
  /** By input block id; trouble with the form as a whole stands under the empty key. */
  errors: Record<string, string>;
  isSubmitting: boolean;
};

export type SlackHome = { id: string; userId: string; view: JsonObject };

/** One HTTP exchange (or refusal) for the inspector. */
export type Traffic = {
  id: string;
  at: number;
  side: 'slack' | 'carrier';
  /** Seen from the bot: `in` is a delivery to it, `out` a call it made. */
  direction: 'in' | 'out';
  title: string;
  status: number | null;
  durationMs: number | null;
  request: string;
  response: string;
  note: string;
};

export type PhoneText = {
  /** The carrier's SID. */
  id: string;
  direction: 'to_contact' | 'from_contact';
  contactNumber: string;
  botNumber: string;
  body: string;
  status: string;
  errorCode: number | null;
  segments: number;
  encoding: 'GSM-7' | 'UCS-2';
  price: string | null;
  createdAt: number;
};

/** One line of a call as it was spoken: by the assistant, by the contact, as keys, or by the carrier (a beep, a ring). */
export type PhoneCallLine = {
  id: number;
  at: number;
  who: 'assistant' | 'contact' | 'keys' | 'carrier';
  text: string;
  /** Still being spoken. */
  isSpeaking: boolean;
  /** The other side cut in. */
  isCut: boolean;
};

export type PhoneCall = {
  /** The carrier's SID. */
  id: string;
  direction: 'to_contact' | 'from_contact';
  contactNumber: string;
  botNumber: string;
  /** As the carrier spells them: queued, ringing, in-progress, completed, busy, no-answer, failed, canceled. */
  status: string;
  /** A person on the page plays this contact: it rings until they act. */
  isTaken: boolean;
  answeredBy: string | null;
  isRecording: boolean;
  /** A conversation with the assistant is open; otherwise the carrier itself speaks, or nobody. */
  isConversing: boolean;
  lines: PhoneCallLine[];
  createdAt: number;
  answeredAt: number | null;
  endedAt: number | null;
};

export type Phone = {
  /** E.164. */
  id: string;
  persona: string;
  personaLabel: string;
  isOptedOut: boolean;
  /** A person on the page plays this contact: the persona stays silent. */
  isTaken: boolean;
};

export type Persona = { id: string; label: string; numberEnding: string; description: string };

/** A fault that somebody switched on. `count` null means until switched off. */
export type Fault = {
  id: string;
  side: 'slack' | 'carrier';
  label: string;
  isOn: boolean;
  count: number | null;
};

export type BotStatus = {
  id: 'bot';
  state: 'starting' | 'running' | 'killed' | 'stopped';
  pid: number | null;
  startedAt: number | null;
  restarts: number;
  /** Where its API and its dashboard are; empty before its first start. */
  url: string;
  /** What it did lately that nobody asked for; a sentence, empty when there is nothing to say. */
  note?: string;
  speed: number;
  /** Product time at `realAt` (both epoch milliseconds); advances at `speed`. */
  productAt: number;
  realAt: number;
};

export type Tables = {
  users: SlackUser;
  channels: SlackChannel;
  messages: SlackMessage;
  views: SlackView;
  homes: SlackHome;
  traffic: Traffic;
  texts: PhoneText;
  calls: PhoneCall;
  phones: Phone;
  personas: Persona;
  faults: Fault;
  bot: BotStatus;
};
export type TableName = keyof Tables;

/** Server → page over the WebSocket at `/ui/feed`: one `snapshot` on connect, then changes in order. */
export type FeedMessage =
  | {
      type: 'snapshot';
      tables: { [K in TableName]: Tables[K][] };
      slashCommands: SlashCommandHelp[];
      shortcuts?: ShortcutHelp[];
      botUserId: string;
    }
  | { type: 'upsert'; table: TableName; row: Tables[TableName] }
  | { type: 'remove'; table: TableName; id: string };

/** What the app offers beside its commands: everywhere (`global`) or on a message. */
export type ShortcutHelp = {
  callbackId: string;
  name: string;
  description: string;
  type: 'global' | 'message';
};

export type SlashCommandHelp = { command: string; description: string; usageHint: string };

/**
 * Page → server: `POST /ui/<verb>` with a JSON body, answered with `{ok: true, ...}` or `{ok: false, error: sentence}`.
 * Files go to `POST /ui/upload-file?userId=&channelId=&threadTs=&name=&comment=` with the raw bytes as the body, and to
 * `POST /ui/upload-draft?userId=&name=` (for a modal's file_input), which answers `{ok, file: SlackFile}`.
 * `GET /ui/files/<id>` downloads a file without Slack's bearer check.
 */
export type Verbs = {
  'post-message': { userId: string; channelId: string; text: string; threadTs: string | null };
  'run-slash-command': { userId: string; channelId: string; text: string };
  /** A button, select, datepicker, checkbox… in a message; `action` is Slack's action payload without `action_ts`. */
  'act-in-message': { userId: string; channelId: string; ts: string; action: JsonObject; state: JsonObject };
  /** The same in a modal or the home tab; `state` is `{blockId: {actionId: {type, value…}}}` as Slack sends it. */
  'act-in-view': { userId: string; viewId: string; action: JsonObject; state: JsonObject };
  'submit-view': { userId: string; viewId: string; state: JsonObject };
  'close-view': { userId: string; viewId: string; isCleared: boolean };
  /** For external_select: answers `{ok, options, optionGroups}`. */
  'suggest-options': {
    userId: string;
    viewId: string | null;
    channelId: string | null;
    ts: string | null;
    blockId: string;
    actionId: string;
    value: string;
  };
  'run-shortcut': { userId: string; callbackId: string };
  'run-message-shortcut': { userId: string; channelId: string; ts: string; callbackId: string };
  'open-home': { userId: string };
  'dismiss-ephemeral': { userId: string; id: string };
  'delete-message': { channelId: string; ts: string };
  'archive-channel': { channelId: string; isArchived: boolean };
  'set-bot-membership': { channelId: string; isMember: boolean };
  'switch-fault': { id: string; isOn: boolean; count: number | null };
  /** A contact texts one of the bot's numbers; without `botNumber` it answers the number that texted last. */
  'text-from-phone': { contactNumber: string; botNumber: string | null; body: string };
  'take-phone': { contactNumber: string; isTaken: boolean };
  /** A contact calls one of the bot's numbers; without `botNumber` the one that called or texted last. Answers `{ok, callSid}`. */
  'call-from-phone': { contactNumber: string; botNumber: string | null };
  'answer-call': { callSid: string };
  'decline-call': { callSid: string };
  /** Lets the ringing call go to the contact's voicemail. */
  'send-call-to-voicemail': { callSid: string };
  /** What the person says; while the assistant speaks it cuts in, as far as the call allows that. */
  'say-on-call': { callSid: string; text: string };
  'press-key': { callSid: string; digit: string };
  'hang-up-call': { callSid: string };
  'pull-the-plug': Record<string, never>;
  'set-speed': { speed: number };
};
