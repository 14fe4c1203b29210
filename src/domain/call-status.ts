import type { AttemptOutcome, AttemptState } from './attempt.ts';
import {
  type AnsweredBy,
  CALL_STATUS_RANK,
  type CallOutcome,
  type CallStatusName,
  type ConversationResult,
} from './call.ts';
import { CONSEQUENCES, type FailureClass } from './failure.ts';

/** What of a call's attempt decides where a report takes it. `providerRef`: the one call that belongs to it, if known. */
export type CallStanding = {
  state: AttemptState;
  outcome: AttemptOutcome | null;
  providerRef: string | null;
  providerStatus: CallStatusName | null;
};

/**
 * What a report about a call does to its attempt. `reopen`: we had given the call up as never taken, and the provider has
 * it after all, so it must be taken back before the contact is called again.
 */
export type CallStep =
  | { kind: 'advance'; state: 'ringing' | 'in_progress'; status: CallStatusName }
  | { kind: 'end' }
  | { kind: 'ignore' }
  | { kind: 'reopen' }
  | { kind: 'anomaly'; problem: 'second_call_for_one_attempt' | 'different_ending' };

const GIVEN_UP: readonly AttemptOutcome[] = ['withdrawn', 'not_placed', 'throttled'];
const TERMINAL = CALL_STATUS_RANK.completed;

/**
 * Where a report takes a call's attempt: only forward, the first terminal report wins, a repeated one changes nothing, and
 * a report with another id than the one known is a second call for one attempt (telephony.md §2).
 */
export function stepCall(call: CallStanding, report: { ref: string; status: CallStatusName }): CallStep {
  if (call.providerRef !== null && call.providerRef !== report.ref) {
    return { kind: 'anomaly', problem: 'second_call_for_one_attempt' };
  }
  if (call.state === 'ended') return stepAfterEnd(call, report.status);
  const rank = CALL_STATUS_RANK[report.status];
  if (rank === TERMINAL) return { kind: 'end' };
  const knownRank = call.providerStatus === null ? -1 : CALL_STATUS_RANK[call.providerStatus];
  const isPlaced = call.state === 'ringing' || call.state === 'in_progress';
  if (rank <= knownRank && isPlaced && call.providerRef !== null) return { kind: 'ignore' };
  const status = rank >= knownRank ? report.status : (call.providerStatus ?? report.status);
  const isAnswered = CALL_STATUS_RANK[status] >= CALL_STATUS_RANK.in_progress;
  return { kind: 'advance', state: isAnswered ? 'in_progress' : 'ringing', status };
}

function stepAfterEnd({ outcome, providerStatus }: CallStanding, status: CallStatusName): CallStep {
  if (outcome !== null && GIVEN_UP.includes(outcome)) return { kind: 'reopen' };
  const isSame = CALL_STATUS_RANK[status] < TERMINAL || status === providerStatus;
  return isSame || outcome === 'assumed_done'
    ? { kind: 'ignore' }
    : { kind: 'anomaly', problem: 'different_ending' };
}

/**
 * Whether a verdict on who picked up still counts: only while the call is under way and no person has spoken, and only
 * the first one, except that a machine may become ready for a message (telephony.md §2).
 */
export function acceptsVerdict(
  call: { isOpen: boolean; spokeAt: Date | null; answeredBy: AnsweredBy | null },
  verdict: AnsweredBy,
): boolean {
  if (!call.isOpen || call.spokeAt !== null) return false;
  return call.answeredBy === null || (call.answeredBy === 'machine' && verdict === 'machine_ready');
}

/**
 * What a verdict asks for on a running call (campaign-api §7.16): the message after the beep, where there is one, or the
 * end of the call. A machine whose beep was not heard gets no message, which it might not take. Null: it goes on, because a
 * person, or something that counts as one, is there.
 */
export function verdictAction(
  verdict: AnsweredBy | null,
  voicemail: string | null,
): 'leave_message' | 'hang_up' | null {
  if (verdict === 'machine_ready' && voicemail !== null) return 'leave_message';
  return verdict === 'machine_ready' || verdict === 'machine' || verdict === 'fax' ? 'hang_up' : null;
}

/** What is known of a call that ended. `verdictActedAt`: when a machine's verdict was acted on, if it was. */
export type EndedCall = {
  status: CallStatusName;
  failureClass: FailureClass | null;
  answeredBy: AnsweredBy | null;
  spokeAt: Date | null;
  verdictActedAt: Date | null;
  voicemailLeftAt: Date | null;
  result: ConversationResult | null;
  durationSeconds: number | null;
};

/** A call shorter than this on which nobody spoke was not a conversation (telephony.md §9). */
const CONNECTED_SECONDS = 4;

/** How a call ended, from its terminal status and what was seen of it (telephony.md §9). */
export function outcomeOfCall(call: EndedCall): CallOutcome | 'canceled' {
  if (call.status === 'completed') return outcomeOfConnected(call);
  if (call.status === 'busy' || call.status === 'no_answer' || call.status === 'canceled') return call.status;
  const isNumber = call.failureClass !== null && CONSEQUENCES[call.failureClass].contact === 'failed';
  return isNumber ? 'invalid' : 'carrier_failed';
}

function outcomeOfConnected(call: EndedCall): CallOutcome {
  const { answeredBy, spokeAt, result } = call;
  if (call.voicemailLeftAt !== null || result === 'voicemail') return 'voicemail';
  // Somebody spoke before the verdict was acted on: it was a person after all.
  const isPerson = spokeAt !== null && call.verdictActedAt === null;
  if (isPerson || result === 'opted_out') return 'answered';
  if (answeredBy === 'fax') return 'machine';
  if (answeredBy === 'machine' || answeredBy === 'machine_ready') return 'voicemail';
  return spokeAt !== null || (call.durationSeconds ?? 0) >= CONNECTED_SECONDS ? 'answered' : 'hung_up';
}
