import { delayIn, type Exchange, nowOf } from '#sandbox/carrier/exchange.ts';
import { type Call, type CallStatus, isCallOver } from './call-book.ts';
import { postCallStatus } from './call-callbacks.ts';
import { addLine, tellCall } from './lines.ts';
import { type LiveCall, OVER } from './live-call.ts';
import { endRecordingsOf } from './recordings.ts';
import { after } from './timers.ts';

export type FinalStatus = Exclude<CallStatus, 'queued' | 'ringing' | 'in-progress'>;

const USUAL_SIP_CODE: Record<FinalStatus, number> = {
  completed: 200,
  busy: 486,
  'no-answer': 487,
  canceled: 487,
  failed: 503,
};
const DOLLARS_PER_MINUTE = 0.014;

/** A call is over, for whatever reason; everything that hangs on it ends, and its last callback follows a moment later. */
export function endCall(
  exchange: Exchange,
  live: LiveCall,
  status: FinalStatus,
  sipCode = USUAL_SIP_CODE[status],
): void {
  const { call } = live;
  if (isCallOver(call)) return;
  closeBooks(exchange, call, status, sipCode);
  exchange.live.delete(call.sid);
  live.contact?.stop();
  live.ending.abort(OVER);
  live.program?.abort(OVER);
  live.detection?.close();
  endRecordingsOf(exchange, call);
  tellCall(exchange, call);
  void live.wrapUp.finally(() => tellEnd(exchange, call));
}

/** A call ends that waits in the queue. */
export function endQueuedCall(exchange: Exchange, call: Call, status: FinalStatus): void {
  if (isCallOver(call)) return;
  closeBooks(exchange, call, status, null);
  tellCall(exchange, call);
  tellEnd(exchange, call);
}

/** A call that was under way when the carrier stopped. */
export function endCutOffCall(exchange: Exchange, call: Call): void {
  for (const line of call.lines) line.isSpeaking = false;
  closeBooks(exchange, call, 'failed', USUAL_SIP_CODE.failed);
  endRecordingsOf(exchange, call);
  tellCall(exchange, call);
  tellEnd(exchange, call);
}

export function setCallPrice(exchange: Exchange, sid: string): void {
  const call = exchange.calls.bySid.get(sid);
  if (!call || call.answeredAt === null || call.endedAt === null) return;
  const minutes = Math.max(1, Math.ceil((call.endedAt - call.answeredAt) / 60_000));
  call.price = (-DOLLARS_PER_MINUTE * minutes).toFixed(5);
}

function closeBooks(exchange: Exchange, call: Call, status: FinalStatus, sipCode: number | null): void {
  const now = nowOf(exchange);
  call.status = status;
  call.sipCode = sipCode;
  call.endedAt = now;
  call.updatedAt = now;
  call.isConversing = false;
  if (call.answeredAt === null) return;
  addLine(exchange, call, { who: 'carrier', text: 'The call has ended.' });
  const pricedAt = now + delayIn(exchange, exchange.options.latency.callPrice);
  exchange.agenda.add(pricedAt, { kind: 'call_price', sid: call.sid });
}

function tellEnd(exchange: Exchange, call: Call): void {
  after(exchange, delayIn(exchange, exchange.options.latency.completed), () => {
    void postCallStatus(exchange, call, 'completed', call.status);
  });
}
