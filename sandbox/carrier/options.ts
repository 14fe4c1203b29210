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
};

export const REALISTIC: LatencyProfile = {
  route: [50, 300],
  send: [80, 400],
  handOver: [200, 900],
  receipt: [800, 6_000],
  reply: [8_000, 60_000],
  price: [20_000, 120_000],
  listed: [200, 1_000],
};

export const INSTANT: LatencyProfile = {
  route: [0, 0],
  send: [0, 0],
  handOver: [0, 0],
  receipt: [0, 0],
  reply: [0, 0],
  price: [0, 0],
  listed: [0, 0],
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
  /** Destinations switched off in the account's geographic permissions (21408). */
  forbiddenPrefixes: string[];
  /** A trial account may only text these numbers (21608); null for a paid account. */
  trialRecipients: string[] | null;
  /** How long `slow_answer` keeps the client waiting, in real milliseconds. */
  slowAnswerMs: number;
  /** How many exchanges the inspector keeps; 0 records none. */
  trafficKept: number;
};

export const DEFAULT_FORBIDDEN_PREFIXES = ['+53', '+850', '+963', '+98'];
