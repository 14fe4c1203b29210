import { delayIn, type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import { strikes } from '#sandbox/carrier/faults.ts';
import { addCall, type Call, type CallSettings, type Instructions, isCallOver } from './call-book.ts';
import { postVerdict } from './call-callbacks.ts';
import type { Form } from './call-forms.ts';
import { Detection, type Verdict } from './detection.ts';
import { endCall, endQueuedCall } from './ending.ts';
import type { Twiml } from './fetch-twiml.ts';
import { dial, ring } from './leg.ts';
import { tellCall } from './lines.ts';
import { createLiveCall, type LiveCall } from './live-call.ts';
import { newCall } from './new-call.ts';
import { runProgram } from './program.ts';
import { startRecording } from './recordings.ts';
import { after } from './timers.ts';

/** Longer than this no call waits for its turn (telephony.md §2). */
const LONGEST_QUEUE_MS = 24 * 60 * 60 * 1_000;

/** Takes a call on: from here it is dialled whatever becomes of the answer to the create. */
export function acceptCall(exchange: Exchange, to: string, from: string, settings: CallSettings): Call {
  const call = addCall(exchange.calls, {
    ...newCall(exchange, { to, from, direction: 'outbound-api' }),
    settings,
  });
  enqueueCall(exchange, call);
  if (strikes(exchange.faults, 'second_call')) dialTwin(exchange, call);
  return call;
}

/** Puts a call in the account's queue, behind those that wait already. */
export function enqueueCall(exchange: Exchange, call: Call): void {
  const { queue, options } = exchange;
  const intervalMs = 1_000 / options.callsPerSecond;
  const startAt = Math.max(nowOf(exchange), queue.freeAt) + queue.waiting.length * intervalMs;
  call.queueMs = Math.round(startAt - nowOf(exchange));
  queue.waiting.push(call);
  after(exchange, LONGEST_QUEUE_MS, () => {
    if (call.startedAt === null) endQueuedCall(exchange, call, 'canceled');
  });
  tellCall(exchange, call);
  pump(exchange);
}

/** Ends a call at the bot's wish; false where it is in no state for it (21220). */
export function endOnRequest(exchange: Exchange, call: Call, wanted: string): boolean {
  const isUnanswered = call.status === 'queued' || call.status === 'ringing';
  if (wanted === 'canceled' ? !isUnanswered : isCallOver(call)) return false;
  const live = exchange.live.get(call.sid);
  if (live) endCall(exchange, live, isUnanswered ? 'canceled' : 'completed');
  else endQueuedCall(exchange, call, 'canceled');
  return true;
}

/** Gives a held call other instructions; false where nobody is on the line. */
export function redirectCall(exchange: Exchange, call: Call, instructions: Instructions): boolean {
  const live = exchange.live.get(call.sid);
  if (!live || call.status !== 'in-progress') return false;
  void runProgram(exchange, live, instructions, {});
  return true;
}

/** Dials and rings at once, for callbacks that overtake the answer to the create. */
export async function rushCall(exchange: Exchange, call: Call): Promise<void> {
  exchange.queue.waiting = exchange.queue.waiting.filter((waiting) => waiting !== call);
  dialNow(exchange, call);
  const live = exchange.live.get(call.sid);
  if (live) ring(exchange, live);
  await exchange.lastCallbacks.get(call.sid);
}

/** One call after the other, as many a second as the account may. */
function pump(exchange: Exchange): void {
  const { queue } = exchange;
  if (queue.isArmed || queue.waiting.length === 0) return;
  queue.isArmed = true;
  after(exchange, Math.max(0, queue.freeAt - nowOf(exchange)), () => {
    queue.isArmed = false;
    const call = nextInLine(exchange);
    if (call) {
      queue.freeAt = nowOf(exchange) + 1_000 / exchange.options.callsPerSecond;
      const delayMs = delayIn(exchange, exchange.options.latency.dial);
      after(exchange, delayMs, () => dialNow(exchange, call));
    }
    pump(exchange);
  });
}

function nextInLine({ queue }: Exchange): Call | null {
  for (let call = queue.waiting.shift(); call; call = queue.waiting.shift()) {
    if (call.status === 'queued') return call;
  }
  return null;
}

function dialNow(exchange: Exchange, call: Call): void {
  if (call.status !== 'queued' || call.startedAt !== null) return;
  dial(
    exchange,
    createLiveCall(call, (live) => begin(exchange, live)),
  );
}

/** The same create once more, by the carrier's own mistake: another SID rings the same phone. */
function dialTwin(exchange: Exchange, { to, from, settings }: Call): void {
  const twin = addCall(exchange.calls, {
    ...newCall(exchange, { to, from, direction: 'outbound-api' }),
    settings,
    isTwin: true,
  });
  enqueueCall(exchange, twin);
}

/** Somebody has picked up: with synchronous detection the instructions are asked for only after the verdict. */
function begin(exchange: Exchange, live: LiveCall): void {
  const { detection } = live.call.settings;
  if (!detection || detection.isAsync) followInstructions(exchange, live, null);
  if (!detection) return;
  const startedAt = nowOf(exchange);
  live.detection = new Detection(exchange, detection, (verdict) => {
    const isLate = strikes(exchange.faults, 'late_verdict');
    const give = () => judge(exchange, live, verdict, nowOf(exchange) - startedAt);
    if (isLate) after(exchange, exchange.options.lateVerdictMs, give);
    else give();
  });
}

function judge(exchange: Exchange, live: LiveCall, verdict: Verdict, detectionMs: number): void {
  const { call } = live;
  const { isAsync, callback } = call.settings.detection ?? { isAsync: false, callback: null };
  call.answeredBy = verdict;
  tellCall(exchange, call);
  if (isAsync && callback) postVerdict(exchange, call, callback, detectionMs);
  if (!isAsync && !live.ending.signal.aborted) followInstructions(exchange, live, detectionMs);
}

function followInstructions(exchange: Exchange, live: LiveCall, detectionMs: number | null): void {
  const { answeredBy, settings } = live.call;
  const verdict: Form = {};
  if (detectionMs !== null) {
    verdict.AnsweredBy = answeredBy ?? 'unknown';
    verdict.MachineDetectionDuration = String(Math.round(detectionMs));
  }
  void runProgram(exchange, live, settings.instructions, verdict, (twiml) => {
    if (settings.recording && !holdsConversation(twiml))
      startRecording(exchange, live, settings.recording, 'OutboundAPI');
  });
}

/** `Record=true` is silently ignored where a conversation follows (telephony.md §2). */
function holdsConversation({ root }: Twiml): boolean {
  return root.children.some(({ name, children }) => name === 'Connect' && children.length > 0);
}
