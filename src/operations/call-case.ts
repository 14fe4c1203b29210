import type { CallRow } from '#db/calls.ts';
import type { AttemptRow } from '#db/ledger.ts';
import { CALL_STATUS_RANK, type CallStatusName } from '#domain/call.ts';
import { acceptsVerdict, type CallStep, outcomeOfCall, stepCall } from '#domain/call-status.ts';
import type { CallStatusEvent, CallVerdictEvent } from '#ports/telephony.ts';
import type { Ending } from './end-attempts.ts';

/**
 * Copies of a call and its attempt that move along with each report of a batch, so that later ones meet them as they will
 * be, and what of them is to be written. A call that somebody made to us has no attempt.
 */
export type CallCase = {
  call: CallRow;
  attempt: AttemptRow | null;
  isAdvanced: boolean;
  isChanged: boolean;
  ending: Ending | null;
  price: CallStatusEvent['price'];
};

/** Lets one report move the case on; returns what kind of step that was, a reopening and an anomaly being the caller's. */
export function stepCase(found: CallCase, event: CallStatusEvent | CallVerdictEvent, now: Date): CallStep {
  const { call, attempt } = found;
  if (!attempt) return { kind: 'ignore' };
  // A verdict tells that the call was answered, should the report of that be lost.
  const status = event.kind === 'call_verdict' ? 'in_progress' : event.status;
  const step = stepCall(
    {
      state: attempt.state,
      outcome: attempt.outcome,
      providerRef: call.providerRef ?? attempt.providerRef,
      providerStatus: attempt.providerStatus as CallStatusName | null,
    },
    { ref: event.ref, status },
  );
  if (step.kind === 'anomaly' || step.kind === 'reopen') return step;
  own(found, event.ref);
  if (event.kind === 'call_verdict') takeVerdict(found, event.answeredBy, now);
  else if (event.price) found.price = event.price;
  if (step.kind === 'advance') {
    found.isAdvanced = true;
    Object.assign(attempt, { state: step.state, providerStatus: step.status });
    if (step.state === 'in_progress' && call.answeredAt === null) {
      found.isChanged = true;
      call.answeredAt = now;
    }
  }
  if (step.kind === 'end' && event.kind === 'call_status') end(found, event, now);
  return step;
}

/** A call to us: its last report ends it, the first time it comes. */
export function endInbound(found: CallCase, event: CallStatusEvent | CallVerdictEvent, now: Date): void {
  const { call } = found;
  const isFirst = call.providerRef === null || call.providerRef === event.ref;
  const isTerminal = event.kind === 'call_status' && CALL_STATUS_RANK[event.status] === TERMINAL;
  if (!isFirst || !isTerminal || call.endedAt !== null) return;
  found.isChanged = true;
  Object.assign(call, {
    providerRef: event.ref,
    durationSeconds: event.durationSeconds,
    sipCode: event.sipCode,
    endedAt: now,
  });
}

const TERMINAL = CALL_STATUS_RANK.completed;

function own(found: CallCase, ref: string): void {
  const { call, attempt } = found;
  found.isChanged ||= call.providerRef === null;
  call.providerRef ??= ref;
  if (attempt) attempt.providerRef ??= ref;
}

function takeVerdict(found: CallCase, answeredBy: CallVerdictEvent['answeredBy'], now: Date): void {
  const { call, attempt } = found;
  found.isChanged = true;
  const isOpen = attempt !== null && attempt.state !== 'ended';
  if (!acceptsVerdict({ isOpen, ...call }, answeredBy)) return;
  Object.assign(call, { answeredBy, answeredByAt: now });
}

function end(found: CallCase, event: CallStatusEvent, now: Date): void {
  const { call, attempt } = found;
  if (!attempt) return;
  if (event.answeredBy) takeVerdict(found, event.answeredBy, now);
  found.isChanged = true;
  const { status, ref, refusal, sipCode } = event;
  if (status === 'completed') call.answeredAt ??= now;
  const durationSeconds = event.durationSeconds ?? secondsSince(call.answeredAt, now);
  Object.assign(call, { durationSeconds, sipCode, endedAt: now });
  const outcome = outcomeOfCall({ ...call, status, failureClass: refusal?.class ?? null });
  found.ending = { id: attempt.id, outcome, ref, status, refusal };
  Object.assign(attempt, { state: 'ended', outcome, providerStatus: status });
}

/** How long people were connected, where the provider does not say: as far as we saw it. */
function secondsSince(answeredAt: Date | null, now: Date): number | null {
  return answeredAt && Math.round((now.getTime() - answeredAt.getTime()) / 1_000);
}
