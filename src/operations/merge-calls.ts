import { lockCallFigures } from '#db/call-figures.ts';
import { advanceCalls, type CallRow, keepCallFacts, lockCalls, reopenAttempt } from '#db/calls.ts';
import type { Transaction } from '#db/client.ts';
import type { AttemptRow } from '#db/ledger.ts';
import { enqueue } from '#db/queue.ts';
import { verdictAction } from '#domain/call-status.ts';
import { sweepAfterMs } from '#domain/look-times.ts';
import { microDollarsOf } from '#domain/money.ts';
import type { CallStatusEvent, CallVerdictEvent } from '#ports/telephony.ts';
import { type CallCase, endInbound, stepCase } from './call-case.ts';
import type { Deps } from './deps.ts';
import type { Ending } from './end-attempts.ts';
import { endStrayLater } from './end-stray-call.ts';
import type { ReportedPrice } from './settle-attempts.ts';
import { touchTranscript } from './touch-transcript.ts';
import { touchCard } from './wake-campaign.ts';

/** A report on a call; `eventId` is null for what a look at the provider found. */
export type CallReport = { eventId: number | null; event: CallStatusEvent | CallVerdictEvent };

/**
 * What is left to the caller: the endings, for all attempts of a transaction are ended together, the prices, which are kept
 * last, and what was odd.
 */
export type MergedCalls = { endings: Ending[]; prices: ReportedPrice[]; problems: Map<number, string> };

/**
 * Merges reports on calls, in order, whose attempts the caller has locked: statuses only move forward, the first terminal one
 * wins, a verdict counts while nobody has spoken, and a second call for one attempt is ended (telephony.md §2, §9).
 */
export async function mergeCalls(
  deps: Deps,
  tx: Transaction,
  reports: CallReport[],
  attempts: AttemptRow[],
): Promise<MergedCalls> {
  if (reports.length === 0) return { endings: [], prices: [], problems: new Map() };
  const cases = await loadCases(deps, tx, reports, attempts);
  const problems = new Map<number, string>();
  for (const { eventId, event } of reports) {
    const found = cases.find(event);
    const problem = found ? await mergeReport(deps, tx, found, event) : 'no_attempt_of_ours';
    if (problem && eventId !== null) problems.set(eventId, problem);
  }
  await keep(deps, tx, cases.all);
  return {
    endings: cases.all.flatMap(({ ending }) => ending ?? []),
    prices: cases.all.flatMap(priceOf),
    problems,
  };
}

async function loadCases(deps: Deps, tx: Transaction, reports: CallReport[], attempts: AttemptRow[]) {
  const ofCalls = attempts.filter(({ channel }) => channel === 'call');
  await lockCallFigures(tx, ofCalls);
  const rows = await lockCalls(tx, deps.telephony.provider, {
    attemptIds: ofCalls.map(({ id }) => id),
    tokens: reports.flatMap(({ event }) => event.token ?? []),
    refs: reports.map(({ event }) => event.ref),
  });
  const attemptOf = new Map(ofCalls.map((attempt) => [attempt.id, attempt]));
  const all = rows.flatMap((row) => caseOf(row, attemptOf));
  const byToken = new Map(all.map((one) => [one.call.token, one]));
  const byRef = new Map(all.map((one) => [one.call.providerRef ?? one.attempt?.providerRef, one]));
  return {
    all,
    find: ({ token, ref }: CallReport['event']) => (token ? byToken.get(token) : byRef.get(ref)),
  };
}

/** A call with its attempt; one whose attempt the caller has not locked is left alone. */
function caseOf(row: CallRow, attemptOf: Map<number, AttemptRow>): CallCase[] {
  const attempt = row.attemptId === null ? null : attemptOf.get(row.attemptId);
  if (attempt === undefined) return [];
  return [
    {
      call: { ...row },
      attempt: attempt && { ...attempt },
      isAdvanced: false,
      isChanged: false,
      ending: null,
      price: null,
    },
  ];
}

/** What was odd about the report, if anything. */
async function mergeReport(
  deps: Deps,
  tx: Transaction,
  found: CallCase,
  event: CallReport['event'],
): Promise<string | null> {
  const now = deps.clock.now();
  if (!found.attempt) {
    endInbound(found, event, now);
    return null;
  }
  const step = stepCase(found, event, now);
  if (step.kind === 'reopen') return reopen(deps, tx, found, event);
  if (step.kind !== 'anomaly') return null;
  if (step.problem === 'second_call_for_one_attempt') await endStray(deps, tx, found.attempt, event);
  return step.problem;
}

/** The provider has a call that we had given up: it is taken back, or ended where its contact has gone on. */
async function reopen(
  deps: Deps,
  tx: Transaction,
  found: CallCase,
  event: CallReport['event'],
): Promise<string | null> {
  const { attempt, call } = found;
  if (!attempt) return null;
  deps.log.warn({ attemptId: attempt.id }, 'the provider reported on a call that was given up');
  if (!(await reopenAttempt(tx, attempt))) {
    await endStray(deps, tx, attempt, event);
    return 'call_was_given_up';
  }
  Object.assign(attempt, { state: 'unknown', outcome: null, endedAt: null });
  Object.assign(call, { endedAt: null, finishedAt: null });
  stepCase(found, event, deps.clock.now());
  return null;
}

async function endStray(
  deps: Deps,
  tx: Transaction,
  attempt: AttemptRow,
  event: CallReport['event'],
): Promise<void> {
  const { id: attemptId, campaignId, phoneNumber: phone } = attempt;
  const isOver = event.kind === 'call_status' && OVER.includes(event.status);
  await endStrayLater(deps, tx, { ref: event.ref, attemptId, campaignId, phone }, isOver);
}

const OVER: CallStatusEvent['status'][] = ['completed', 'busy', 'no_answer', 'failed', 'canceled'];

/** Writes what the reports changed, and has done what they ask for. */
async function keep(deps: Deps, tx: Transaction, cases: CallCase[]): Promise<void> {
  const now = deps.clock.now();
  await keepCallFacts(
    tx,
    cases.filter(({ isChanged }) => isChanged).map(({ call }) => call),
  );
  await advanceCalls(
    tx,
    cases.flatMap((one) => advanceOf(one, now)),
  );
  for (const { call, isChanged } of cases) if (isChanged) await enqueueFor(deps, tx, call);
  // Who is on the line stands on the card.
  const moved = cases.flatMap(({ attempt, isAdvanced }) =>
    attempt && isAdvanced ? [attempt.campaignId] : [],
  );
  for (const campaignId of new Set(moved)) await touchCard(tx, deps, campaignId);
}

function priceOf({ attempt, price }: CallCase): ReportedPrice[] {
  if (!attempt || !price) return [];
  const priceMicros = microDollarsOf(price.amount);
  return [{ id: attempt.id, priceMicros, priceCurrency: price.currency, segments: null }];
}

function advanceOf({ attempt, call, isAdvanced, ending }: CallCase, now: Date) {
  const ref = attempt?.providerRef;
  if (!attempt || !ref || !isAdvanced || ending) return [];
  const { id, state } = attempt;
  if (state !== 'ringing' && state !== 'in_progress') return [];
  const lookAt = new Date(now.getTime() + sweepAfterMs(call.script.maxSeconds));
  return [{ id, ref, state, status: attempt.providerStatus as CallStatusEvent['status'], lookAt }];
}

/** A machine's verdict on a running call is acted on after the commit; a call to us that ended is worked up. */
async function enqueueFor(deps: Deps, tx: Transaction, call: CallRow): Promise<void> {
  const { id: callId, answeredBy, script } = call;
  const isOver = call.endedAt !== null;
  if (!isOver && call.verdictActedAt === null && verdictAction(answeredBy, script.voicemail))
    await enqueue(tx, deps.clock, 'act_on_verdict', { callId }, { key: `verdict:${callId}` });
  if (!isOver || call.attemptId !== null || call.finishedAt !== null) return;
  await enqueue(tx, deps.clock, 'finish_call', { callId }, { key: `finish:${callId}` });
  await touchTranscript(tx, deps, callId);
}
