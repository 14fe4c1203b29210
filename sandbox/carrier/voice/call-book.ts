import type { PhoneCallLine } from '#sandbox/page-protocol.ts';

export type CallStatus =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled';

export type CallEvent = 'initiated' | 'ringing' | 'answered' | 'completed';

/** Answering-machine detection as the create asked for it; milliseconds where nothing else is said. */
export type DetectionSettings = {
  waitsForMessageEnd: boolean;
  timeoutSeconds: number;
  speechThreshold: number;
  speechEndThreshold: number;
  silenceTimeout: number;
  isAsync: boolean;
  callback: string | null;
  callbackMethod: 'GET' | 'POST';
};

export type RecordingSettings = {
  channels: 1 | 2;
  callback: string | null;
  events: string[];
};

/** Instructions: an address to ask, or the document itself. */
export type Instructions = {
  url: string | null;
  method: 'GET' | 'POST';
  twiml: string | null;
  fallbackUrl: string | null;
  fallbackMethod: 'GET' | 'POST';
};

export type CallSettings = {
  instructions: Instructions;
  statusCallback: string | null;
  statusCallbackMethod: 'GET' | 'POST';
  events: CallEvent[];
  timeoutSeconds: number;
  timeLimitSeconds: number;
  detection: DetectionSettings | null;
  /** Asked for with `Record=true`. */
  recording: RecordingSettings | null;
};

export type Call = {
  sid: string;
  /** Counts up; the list shows the highest first. */
  order: number;
  direction: 'outbound-api' | 'outbound-dial' | 'inbound';
  parentCallSid: string | null;
  to: string;
  from: string;
  status: CallStatus;
  settings: CallSettings;
  createdAt: number;
  updatedAt: number;
  /** When it was dialled. */
  startedAt: number | null;
  answeredAt: number | null;
  endedAt: number | null;
  listedAt: number;
  queueMs: number;
  answeredBy: string | null;
  sipCode: number | null;
  price: string | null;
  /** The next number in the order of the callbacks that were asked for. */
  sequence: number;
  lines: PhoneCallLine[];
  isRecording: boolean;
  isConversing: boolean;
  /** Dialled a second time by mistake, for the same create. */
  isTwin: boolean;
};

export type CallFilter = {
  to: string | null;
  from: string | null;
  status: string | null;
  parentCallSid: string | null;
  /** Milliseconds; only calls that were dialled inside, when either is given. */
  startedFrom: number | null;
  startedUntil: number | null;
  now: number;
};

/** Every call of the account, in the order in which they came. */
export type CallBook = { all: Call[]; bySid: Map<string, Call>; byTo: Map<string, Call[]> };

export function createCallBook(): CallBook {
  return { all: [], bySid: new Map(), byTo: new Map() };
}

export function addCall(book: CallBook, fresh: Omit<Call, 'order'>): Call {
  const call = { ...fresh, order: book.all.length };
  keep(book, call);
  return call;
}

export function restoreCalls(book: CallBook, calls: Call[]): void {
  book.all.length = 0;
  book.bySid.clear();
  book.byTo.clear();
  for (const call of calls) keep(book, structuredClone(call));
}

const TERMINAL = new Set<CallStatus>(['completed', 'busy', 'no-answer', 'failed', 'canceled']);

export function isCallOver(call: Call): boolean {
  return TERMINAL.has(call.status);
}

export function contactNumberOf(call: Call): string {
  return call.direction === 'inbound' ? call.from : call.to;
}

/** Newest first, from below `before`; one more than `count`, so that the caller sees whether there is a next page. */
export function findCalls(book: CallBook, filter: CallFilter, before: number, count: number): Call[] {
  const candidates = filter.to === null ? book.all : (book.byTo.get(filter.to) ?? []);
  const found: Call[] = [];
  for (let index = candidates.length - 1; index >= 0 && found.length <= count; index -= 1) {
    const call = candidates[index];
    if (call && call.order < before && passes(call, filter)) found.push(call);
  }
  return found;
}

/** The newest call of ours to this number, which somebody who rings back means. */
export function lastCallTo(book: CallBook, to: string): Call | null {
  return book.byTo.get(to)?.findLast((call) => call.direction === 'outbound-api') ?? null;
}

function keep(book: CallBook, call: Call): void {
  book.all.push(call);
  book.bySid.set(call.sid, call);
  const toSame = book.byTo.get(call.to);
  if (toSame) toSame.push(call);
  else book.byTo.set(call.to, [call]);
}

function passes(call: Call, filter: CallFilter): boolean {
  if (call.listedAt > filter.now) return false;
  if (filter.from !== null && call.from !== filter.from) return false;
  if (filter.status !== null && call.status !== filter.status) return false;
  if (filter.parentCallSid !== null && call.parentCallSid !== filter.parentCallSid) return false;
  if (filter.startedFrom === null && filter.startedUntil === null) return true;
  if (call.startedAt === null) return false;
  return (
    call.startedAt >= (filter.startedFrom ?? 0) &&
    call.startedAt < (filter.startedUntil ?? Number.POSITIVE_INFINITY)
  );
}
