import type { Transaction } from '#db/client.ts';
import { type AttemptEnding, type AttemptRow, advanceTexts, lockReported } from '#db/ledger.ts';
import { markMerged, setAsideNext, takeUnmergedEvents, type UnmergedEvent } from '#db/provider-events.ts';
import { enqueue } from '#db/queue.ts';
import { type AttemptOutcome, stepTextStatus } from '#domain/attempt.ts';
import { FIRST_RECEIPT_LOOK_MS } from '#domain/look-times.ts';
import { microDollarsOf } from '#domain/money.ts';
import type { TextStatusEvent } from '#ports/telephony.ts';
import { adoptLateText, correctText } from './adopt-late-text.ts';
import type { Deps } from './deps.ts';
import { type CampaignStop, type Ending, endUnsettled } from './end-attempts.ts';
import { keepRecording } from './keep-recording.ts';
import { mergeCalls } from './merge-calls.ts';
import { type ReportedPrice, settleAttempts } from './settle-attempts.ts';
import { stopCampaigns } from './stop-campaigns.ts';

const BATCH = 200;
const BATCHES_PER_RUN = 20;

/**
 * Merges stored reports into the ledger, in order of arrival: each finds its attempt by the token in the callback address,
 * or else by the provider's id; statuses only move forward and the first terminal one wins (telephony.md §2, §3).
 */
export async function mergeProviderEvents(deps: Deps): Promise<void> {
  for (let turn = 0; turn < BATCHES_PER_RUN; turn += 1) {
    const merged = await mergeNext(deps, BATCH).catch((cause: unknown) => mergeOneByOne(deps, cause));
    if (merged < BATCH) return;
  }
  await enqueue(deps.db, deps.clock, 'merge_provider_events', {}, { key: 'merge' });
}

async function mergeNext(deps: Deps, limit: number): Promise<number> {
  const { merged, stops } = await deps.db.transaction((tx) => mergeBatch(deps, tx, limit));
  await stopCampaigns(deps, stops);
  return merged;
}

/** One report that cannot be merged must not hold up the others: it is set aside, with its cause in the log. */
async function mergeOneByOne(deps: Deps, cause: unknown): Promise<number> {
  deps.log.warn({ cause }, 'reports could not be merged together and are merged one by one');
  for (let merged = 0; merged < BATCH; merged += 1) {
    try {
      if ((await mergeNext(deps, 1)) === 0) return merged;
    } catch (error) {
      const eventId = await setAsideNext(deps.db, deps.clock.now());
      deps.log.error({ eventId, cause: error }, 'a report of the provider could not be merged');
    }
  }
  return BATCH;
}

async function mergeBatch(
  deps: Deps,
  tx: Transaction,
  limit: number,
): Promise<{ merged: number; stops: CampaignStop[] }> {
  const now = deps.clock.now();
  const events = await takeUnmergedEvents(tx, limit);
  const reports = events.flatMap((row) =>
    row.event.kind === 'text_status' ? [{ row, event: row.event }] : [],
  );
  const onCalls = events.flatMap(({ id, event }) =>
    event.kind === 'call_status' || event.kind === 'call_verdict' ? [{ eventId: id, event }] : [],
  );
  const named = [...reports, ...onCalls].map(({ event }) => event);
  const attempts = await lockReported(
    tx,
    deps.telephony.provider,
    named.flatMap(({ token }) => token ?? []),
    named.flatMap(({ token, ref }) => (token ? [] : ref)),
  );
  const plan = planMerge(reports, attempts);
  const calls = await mergeCalls(deps, tx, onCalls, attempts);
  await advanceTexts(
    tx,
    [...plan.advances.values()].map((step) => ({
      ...step,
      lookAt: new Date(now.getTime() + FIRST_RECEIPT_LOOK_MS),
    })),
  );
  const { stops } = await endUnsettled(deps, tx, [...plan.endings, ...calls.endings]);
  for (const correction of plan.corrections) await correctText(tx, correction, now);
  for (const late of plan.lates) await adoptLateText(deps, tx, late);
  for (const { event } of events) if (event.kind === 'recording') await keepRecording(deps, tx, event);
  const problems = new Map([...plan.problems, ...calls.problems]);
  await markMerged(
    tx,
    events.map((row) => row.id),
    problems,
    now,
  );
  const attemptIds = attempts.map(({ id }) => id);
  await settleAttempts(tx, attemptIds, [...plan.prices, ...calls.prices]);
  for (const [eventId, problem] of problems)
    deps.log.warn({ eventId, problem }, 'a report of the provider was odd');
  return { merged: events.length, stops };
}

type Report = { row: UnmergedEvent; event: TextStatusEvent };

function planMerge(reports: Report[], attempts: AttemptRow[]) {
  const texts = attempts.filter(({ channel }) => channel === 'sms');
  const byToken = new Map(texts.map((attempt) => [attempt.token, { ...attempt }]));
  const byRef = new Map([...byToken.values()].map((attempt) => [attempt.providerRef, attempt]));
  const plan = {
    advances: new Map<number, { id: number; ref: string; status: TextStatusEvent['status'] }>(),
    endings: [] as Ending[],
    corrections: [] as AttemptEnding[],
    lates: [] as { attempt: AttemptRow; event: TextStatusEvent }[],
    prices: [] as ReportedPrice[],
    problems: new Map<number, string>(),
  };
  for (const { row, event } of reports) {
    const attempt = event.token ? byToken.get(event.token) : byRef.get(event.ref);
    if (!attempt) {
      plan.problems.set(row.id, 'no_attempt_of_ours');
      continue;
    }
    planReport(plan, row.id, attempt, event);
  }
  return plan;
}

/** What one report does; the copy of the attempt moves along, so that later reports of the batch meet it as it will be. */
function planReport(
  plan: ReturnType<typeof planMerge>,
  eventId: number,
  attempt: AttemptRow,
  event: TextStatusEvent,
): void {
  const providerStatus = attempt.providerStatus as TextStatusEvent['status'] | null;
  const step = stepTextStatus({ ...attempt, providerStatus }, event);
  const { id } = attempt;
  if (step.kind === 'anomaly') {
    plan.problems.set(eventId, step.problem);
    return;
  }
  if (event.price || event.segments !== null) {
    const priceMicros = event.price ? microDollarsOf(event.price.amount) : null;
    plan.prices.push({
      id,
      priceMicros,
      priceCurrency: event.price?.currency ?? null,
      segments: event.segments,
    });
  }
  if (step.kind === 'advance') {
    plan.advances.set(id, { id, ref: event.ref, status: event.status });
    Object.assign(attempt, { state: 'in_progress', providerRef: event.ref, providerStatus: event.status });
  } else if (step.kind === 'end') {
    plan.endings.push(endingOf(id, step.outcome, event));
    Object.assign(attempt, { state: 'ended', outcome: step.outcome, providerRef: event.ref });
  } else if (step.kind === 'correct') {
    const { class: failureClass = null, code: failureCode = null } = event.refusal ?? {};
    const { ref: providerRef, status: providerStatus } = event;
    plan.corrections.push({
      id,
      outcome: step.outcome,
      providerRef,
      providerStatus,
      failureClass,
      failureCode,
    });
  } else if (step.kind === 'late') {
    plan.lates.push({ attempt: { ...attempt }, event });
    Object.assign(attempt, { outcome: 'sent', providerRef: event.ref, providerStatus: event.status });
  }
}

function endingOf(id: number, outcome: AttemptOutcome, event: TextStatusEvent): Ending {
  return { id, outcome, ref: event.ref, status: event.status, refusal: event.refusal };
}
