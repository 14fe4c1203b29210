/** Product time in epoch milliseconds and how fast it runs; speed 0 means that only `runDue` makes things happen. */
export type CarrierClock = { now(): number; readonly speed: number };

export type CarrierNumber = {
  phoneNumber: string;
  sms: boolean;
  voice: boolean;
  /** How fast this number sends, the rest waits in its queue; null for what such numbers usually do. */
  segmentsPerSecond: number | null;
  /** Where texts to this number are posted; may carry connection overrides in its fragment. */
  smsUrl: string | null;
  /** Where calls to this number ask for instructions. */
  voiceUrl?: string | null;
};

/** A pool of numbers that share one opt-out list. `statusCallback` is used where the create names none. */
export type MessagingService = { sid: string; phoneNumbers: string[]; statusCallback: string | null };

/** `[least, most]` milliseconds of product time; the seed decides where between. */
export type Span = readonly [number, number];

export type LatencyProfile = {
  /** accepted → queued, for messages of a messaging service. */
  route: Span;
  /** queued → sending, on top of the wait for the sender's rate. */
  send: Span;
  /** sending → sent. */
  handOver: Span;
  /** sent → delivered or undelivered. */
  receipt: Span;
  /** delivered → the contact's answer. */
  reply: Span;
  /** sent → the price is known. */
  price: Span;
  /** created → visible in the list of messages, which lags behind in the real thing too. */
  listed: Span;
  /** A call's turn in the queue → its number is dialled. */
  dial: Span;
  /** dialled → ringing, or busy, or failed. */
  ring: Span;
  /** ringing → somebody picks up. */
  pickUp: Span;
  /** The other side has finished → the contact speaks. */
  react: Span;
  /** The contact has finished → the transcript is sent. */
  endpointing: Span;
  /** The session's socket is open → the greeting is heard. */
  greeting: Span;
  /** The first words of an answer have come → they are heard. */
  speechStart: Span;
  /** A conversation's end → its action is asked for. */
  action: Span;
  /** A call's end → the callback that tells so. */
  completed: Span;
  /** A recording's end → its file is ready. */
  recording: Span;
  /** A call's end → the price is known. */
  callPrice: Span;
  /** 1 for the time that speaking, ringing out, beeps and detection take in life; 0 for none at all. */
  pace: 0 | 1;
};

export const REALISTIC: LatencyProfile = {
  route: [50, 300],
  send: [80, 400],
  handOver: [200, 900],
  receipt: [800, 6_000],
  reply: [8_000, 60_000],
  price: [20_000, 120_000],
  listed: [200, 1_000],
  dial: [100, 400],
  ring: [700, 2_500],
  pickUp: [2_500, 9_000],
  react: [700, 1_600],
  endpointing: [350, 500],
  greeting: [650, 800],
  speechStart: [320, 340],
  action: [500, 800],
  completed: [400, 1_000],
  recording: [2_000, 6_000],
  callPrice: [30_000, 180_000],
  pace: 1,
};

export const INSTANT: LatencyProfile = {
  route: [0, 0],
  send: [0, 0],
  handOver: [0, 0],
  receipt: [0, 0],
  reply: [0, 0],
  price: [0, 0],
  listed: [0, 0],
  dial: [0, 0],
  ring: [0, 0],
  pickUp: [0, 0],
  react: [0, 0],
  endpointing: [0, 0],
  greeting: [0, 0],
  speechStart: [0, 0],
  action: [0, 0],
  completed: [0, 0],
  recording: [0, 0],
  callPrice: [0, 0],
  pace: 0,
};

export type CarrierOptions = {
  clock: CarrierClock;
  accountSid: string;
  authToken: string;
  numbers: CarrierNumber[];
  services: MessagingService[];
  /** Decides what ordinary contacts do and every delay; the same seed behaves the same. */
  seed: string;
  latency: LatencyProfile;
  /** Destinations switched off in the account's geographic permissions (21408 for texts, 21215 for calls). */
  forbiddenPrefixes: string[];
  /** A trial account may only text (21608) and call (21219) these numbers; null for a paid account. */
  trialRecipients: string[] | null;
  /** How many calls are dialled in a second; the others wait in the account's queue. */
  callsPerSecond: number;
  /** Calls under way at once, above which creates are refused (10004); null for any number. */
  mostCalls: number | null;
  /** How much too late a verdict of `late_verdict` is, in product milliseconds. */
  lateVerdictMs: number;
  /** How long `slow_answer` keeps the client waiting, in real milliseconds. */
  slowAnswerMs: number;
  /** How many exchanges the inspector keeps; 0 records none. */
  trafficKept: number;
};

export const DEFAULT_FORBIDDEN_PREFIXES = ['+53', '+850', '+963', '+98'];
