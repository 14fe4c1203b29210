import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm/sql';
import type { AnsweredBy, CallScript, CallStatusName } from '#domain/call.ts';
import { calls } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import type { AttemptRow } from './ledger.ts';
import { attempts, campaigns } from './schema.ts';

export type CallRow = typeof calls.$inferSelect;

/** Writes what is known of calls that are about to be made, in the transaction of their attempts. */
export async function insertCalls(
  tx: Transaction,
  rows: {
    token: string;
    attemptId: number;
    workspaceId: number;
    campaignId: number | null;
    contactId: number | null;
    assistantId: number | null;
    direction: 'outbound';
    provider: string;
    contactNumber: string;
    ourNumber: string;
    script: CallScript;
    createdAt: Date;
  }[],
): Promise<void> {
  if (rows.length > 0) await tx.insert(calls).values(rows);
}

/** Calls of these attempts, or with these tokens or ids of the provider, locked. */
export async function lockCalls(
  tx: Transaction,
  provider: string,
  by: { attemptIds: number[]; tokens: string[]; refs: string[] },
): Promise<CallRow[]> {
  const any = [
    by.attemptIds.length > 0 ? inArray(calls.attemptId, by.attemptIds) : undefined,
    by.tokens.length > 0 ? inArray(calls.token, by.tokens) : undefined,
    by.refs.length > 0 ? and(eq(calls.provider, provider), inArray(calls.providerRef, by.refs)) : undefined,
  ].filter((condition) => condition !== undefined);
  if (any.length === 0) return [];
  return tx
    .select()
    .from(calls)
    .where(or(...any))
    .orderBy(asc(calls.id))
    .for('update');
}

/**
 * Keeps the provider's ids of accepted calls: they ring from now on. A call whose report or request came before the answer
 * keeps its state. Returns which id belongs to each, so that a second call for one attempt is seen.
 */
export async function keepAcceptedCalls(
  tx: Transaction,
  accepted: { id: number; ref: string; lookAt: Date }[],
): Promise<{ id: number; providerRef: string }[]> {
  if (accepted.length === 0) return [];
  const given = JSON.stringify(accepted);
  await tx.execute(sql`
    update calls c set provider_ref = coalesce(c.provider_ref, d.ref)
    from jsonb_to_recordset(${given}::text::jsonb) as d(id bigint, ref text) where c.attempt_id = d.id`);
  const rows = await tx.execute<{ id: string; provider_ref: string }>(sql`
    update attempts a set
      provider_ref = coalesce(a.provider_ref, c.provider_ref),
      provider_status = case when a.state in ('dialing', 'unknown', 'needs_review') then 'queued'
        else a.provider_status end,
      state = case when a.state in ('dialing', 'unknown', 'needs_review') then 'ringing' else a.state end,
      lease_until = null,
      look_at = case when a.state in ('dialing', 'unknown', 'needs_review') then d."lookAt" else a.look_at end
    from jsonb_to_recordset(${given}::text::jsonb) as d(id bigint, "lookAt" timestamptz)
    join calls c on c.attempt_id = d.id
    where a.id = d.id
    returning a.id, a.provider_ref`);
  return rows.map((row) => ({ id: Number(row.id), providerRef: row.provider_ref }));
}

/** Keeps how far calls are that the provider has. */
export async function advanceCalls(
  tx: Transaction,
  steps: {
    id: number;
    ref: string;
    state: 'ringing' | 'in_progress';
    status: CallStatusName;
    lookAt: Date;
  }[],
): Promise<void> {
  if (steps.length === 0) return;
  await tx.execute(sql`
    update attempts a set state = d.state, provider_ref = coalesce(a.provider_ref, d.ref),
      provider_status = d.status, lease_until = null,
      look_at = case when a.state = d.state then coalesce(a.look_at, d."lookAt") else d."lookAt" end
    from jsonb_to_recordset(${JSON.stringify(steps)}::text::jsonb) as d(
      id bigint, ref text, state text, status text, "lookAt" timestamptz)
    where a.id = d.id and a.state <> 'ended'`);
}

/** What reports tell of calls; the rows are locked. */
export type CallFacts = Pick<
  CallRow,
  | 'id'
  | 'providerRef'
  | 'answeredBy'
  | 'answeredByAt'
  | 'answeredAt'
  | 'endedAt'
  | 'durationSeconds'
  | 'sipCode'
>;

export async function keepCallFacts(tx: Transaction, facts: CallFacts[]): Promise<void> {
  if (facts.length === 0) return;
  await tx.execute(sql`
    update calls c set provider_ref = coalesce(c.provider_ref, d."providerRef"), answered_by = d."answeredBy",
      answered_by_at = d."answeredByAt", answered_at = d."answeredAt", ended_at = coalesce(c.ended_at, d."endedAt"),
      duration_seconds = d."durationSeconds", sip_code = d."sipCode"
    from jsonb_to_recordset(${JSON.stringify(facts)}::text::jsonb) as d(
      id bigint, "providerRef" text, "answeredBy" text, "answeredByAt" timestamptz, "answeredAt" timestamptz,
      "endedAt" timestamptz, "durationSeconds" integer, "sipCode" smallint)
    where c.id = d.id`);
}

/** Ends the calls of attempts that ended. One that nobody, and nothing, picked up has no end to work up. */
export async function endCalls(tx: Transaction, attemptIds: number[], now: Date): Promise<CallRow[]> {
  if (attemptIds.length === 0) return [];
  const at = now.toISOString();
  return tx
    .update(calls)
    .set({
      endedAt: sql`coalesce(${calls.endedAt}, ${at}::timestamptz)`,
      finishedAt: sql`case when ${calls.answeredAt} is null then ${at}::timestamptz else ${calls.finishedAt} end`,
    })
    .where(inArray(calls.attemptId, attemptIds))
    .returning();
}

/**
 * Takes back an attempt that was given up although the provider has its call: its contact is in progress again. False when
 * the contact has gone on meanwhile, or its number is in flight elsewhere; then two calls may be under way.
 */
export async function reopenAttempt(tx: Transaction, attempt: AttemptRow): Promise<boolean> {
  const moved = await tx.execute(sql`
    update contacts c set status = 'in_progress', next_attempt_at = null, wait_reason = null, skip_reason = null,
      attempts = c.attempts + 1, channel_attempts = c.channel_attempts + 1
    where c.id = ${attempt.contactId} and c.last_n = ${attempt.n}
      and (c.status = 'pending' or c.status = 'skipped' and c.skip_reason = 'campaign_stopped')
      and not exists (
        select from attempts o where o.workspace_id = ${attempt.workspaceId}
          and o.phone_number = ${attempt.phoneNumber} and o.state <> 'ended' and o.purpose = 'campaign')`);
  if (moved.count === 0) return false;
  await tx
    .update(attempts)
    .set({ state: 'unknown', outcome: null, endedAt: null, failureClass: null, failureCode: null })
    .where(eq(attempts.id, attempt.id));
  await tx.update(calls).set({ endedAt: null, finishedAt: null }).where(eq(calls.attemptId, attempt.id));
  return true;
}

/** The call of an attempt, or null. */
export async function readCallOf(executor: Executor, attemptId: number): Promise<CallRow | null> {
  const [row] = await executor.select().from(calls).where(eq(calls.attemptId, attemptId));
  return row ?? null;
}

/** A call, or null. */
export async function readCall(executor: Executor, callId: number): Promise<CallRow | null> {
  const [row] = await executor.select().from(calls).where(eq(calls.id, callId));
  return row ?? null;
}

const ACTED_ON: AnsweredBy[] = ['machine', 'machine_ready', 'fax'];

/**
 * Marks that a machine's verdict is acted on now; null when it was before, when somebody has spoken or when the call is
 * over. Whoever gets the row asks the provider, once.
 */
export async function markVerdictActed(
  executor: Executor,
  callId: number,
  now: Date,
): Promise<CallRow | null> {
  const [row] = await executor
    .update(calls)
    .set({ verdictActedAt: now })
    .where(
      and(
        eq(calls.id, callId),
        inArray(calls.answeredBy, ACTED_ON),
        isNull(calls.verdictActedAt),
        isNull(calls.spokeAt),
        isNull(calls.endedAt),
      ),
    )
    .returning();
  return row ?? null;
}

/** Keeps that a message was left on a machine. */
export async function keepVoicemailLeft(executor: Executor, callId: number, now: Date): Promise<void> {
  await executor
    .update(calls)
    .set({ voicemailLeftAt: now })
    .where(and(eq(calls.id, callId), isNull(calls.voicemailLeftAt)));
}

/** Whether the campaign of an attempt runs. */
export async function isCampaignRunning(executor: Executor, campaignId: number): Promise<boolean> {
  const [row] = await executor
    .select({ status: campaigns.status })
    .from(campaigns)
    .where(eq(campaigns.id, campaignId));
  return row?.status === 'running';
}

/** Calls whose end waits to be worked up, and verdicts that wait to be acted on. */
export async function waitingCallIds(
  executor: Executor,
): Promise<{ unfinished: number[]; verdicts: number[] }> {
  const unfinished = await executor
    .select({ id: calls.id })
    .from(calls)
    .where(and(sql`${calls.endedAt} is not null`, isNull(calls.finishedAt)))
    .orderBy(asc(calls.id))
    .limit(MOST_WAITING);
  const verdicts = await executor
    .select({ id: calls.id })
    .from(calls)
    .where(and(inArray(calls.answeredBy, ACTED_ON), isNull(calls.verdictActedAt), isNull(calls.endedAt)))
    .limit(MOST_WAITING);
  return { unfinished: unfinished.map(({ id }) => id), verdicts: verdicts.map(({ id }) => id) };
}
const MOST_WAITING = 500;

/** Calls that somebody made to us so long ago that they must be over, without a report of their end. */
export async function overdueInboundCalls(executor: Executor, before: Date): Promise<CallRow[]> {
  return executor
    .select()
    .from(calls)
    .where(and(eq(calls.direction, 'inbound'), isNull(calls.endedAt), lte(calls.createdAt, before)))
    .orderBy(asc(calls.createdAt))
    .limit(MOST_WAITING);
}
