import type { CallOutcome } from './call.ts';

/**
 * An attempt is one call or text to one contact.
 *
 * It begins `dialing`, committed before the provider is asked. An accepted text is `in_progress`; a call passes through
 * `ringing`. A terminal report ends it. When the provider's answer is lost it is `unknown`: looked up, then adopted
 * (back to `in_progress`), ended as `not_placed`, or handed to a person as `needs_review`. States only move forward;
 * the first terminal report wins (design §4, telephony.md §3).
 */
export type AttemptState = 'dialing' | 'ringing' | 'in_progress' | 'unknown' | 'needs_review' | 'ended';

/**
 * How an attempt ended. `withdrawn`: the last gate check said no, nobody was asked. `not_placed`: the provider never
 * took it. `throttled`: the provider was too busy to take it. `assumed_done`: a person decided so. These four use up no
 * attempt, except `assumed_done`.
 */
export type AttemptOutcome = TextOutcome | CallOutcome;
export type TextOutcome =
  | 'delivered'
  | 'sent'
  | 'undelivered'
  | 'failed'
  | 'rejected'
  | 'canceled'
  | 'withdrawn'
  | 'not_placed'
  | 'throttled'
  | 'assumed_done';

/**
 * The run of attempts by which somebody tried a campaign on themselves: no run of a campaign has this number, so that
 * nothing that is counted, capped or charged by run ever meets them.
 */
export const TEST_RUN = 0;

/** Whether somebody only tried the campaign on themselves. */
export function isTest({ runNumber }: { runNumber: number }): boolean {
  return runNumber === TEST_RUN;
}

/** How far a text is at the provider, ranked; the last four are terminal (telephony.md §3). */
export const TEXT_STATUS_RANK = {
  queued: 0,
  sending: 1,
  sent: 2,
  delivered: 3,
  undelivered: 3,
  failed: 3,
  canceled: 3,
} as const;
export type TextStatusName = keyof typeof TEXT_STATUS_RANK;

/** What of an attempt decides where a report takes it. */
export type AttemptStanding = {
  state: AttemptState;
  outcome: AttemptOutcome | null;
  providerRef: string | null;
  providerStatus: TextStatusName | null;
};

/**
 * What a report about a text does to its attempt. `late`: the provider did take a text we had given up on. `correct`: we
 * had concluded `sent` for want of a receipt, and the receipt that came after all says otherwise.
 */
export type TextStatusStep =
  | { kind: 'advance' }
  | { kind: 'end'; outcome: AttemptOutcome }
  | { kind: 'ignore' }
  | { kind: 'late' }
  | { kind: 'correct'; outcome: AttemptOutcome }
  | { kind: 'anomaly'; problem: 'second_text_for_one_attempt' | 'different_ending' };

const GIVEN_UP: readonly AttemptOutcome[] = ['withdrawn', 'not_placed', 'throttled'];

/**
 * Where a report takes an attempt: only forward, the first terminal report wins, a repeated one changes nothing, and a
 * report with another provider id than the one already known is an anomaly (a second text for one attempt).
 */
export function stepTextStatus(
  attempt: AttemptStanding,
  report: { ref: string; status: TextStatusName },
): TextStatusStep {
  if (attempt.providerRef !== null && attempt.providerRef !== report.ref) {
    return { kind: 'anomaly', problem: 'second_text_for_one_attempt' };
  }
  if (attempt.state === 'ended') return stepAfterEnd(attempt, report.status);
  if (TEXT_STATUS_RANK[report.status] === 3) return { kind: 'end', outcome: report.status as AttemptOutcome };
  const known = attempt.providerStatus === null ? -1 : TEXT_STATUS_RANK[attempt.providerStatus];
  const isNewer = TEXT_STATUS_RANK[report.status] > known;
  const wasWaiting = attempt.state !== 'in_progress' || attempt.providerRef === null;
  return isNewer || wasWaiting ? { kind: 'advance' } : { kind: 'ignore' };
}

function stepAfterEnd(attempt: AttemptStanding, status: TextStatusName): TextStatusStep {
  if (attempt.outcome !== null && GIVEN_UP.includes(attempt.outcome)) return { kind: 'late' };
  if (TEXT_STATUS_RANK[status] < 3 || status === attempt.outcome) return { kind: 'ignore' };
  if (attempt.outcome === 'sent') return { kind: 'correct', outcome: status as AttemptOutcome };
  return attempt.outcome === 'assumed_done'
    ? { kind: 'ignore' }
    : { kind: 'anomaly', problem: 'different_ending' };
}
