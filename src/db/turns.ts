import { and, asc, eq, gt, inArray, isNotNull, isNull, sql } from 'drizzle-orm/sql';
import { calls } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';

/** Something said or done on a call, at its place in the conversation. */
export type Turn = {
  callId: number;
  seq: number;
  role: 'assistant' | 'contact' | 'tool' | 'note';
  text: string;
  heardText: string | null;
  isInterrupted: boolean;
  tool: string | null;
  createdAt: Date;
};

/**
 * Takes several calls in the order of their ids before something is written of each, as those do who merge reports on them:
 * taken as they come, the two would wait for each other.
 */
export async function takeInOrder(tx: Transaction, callIds: number[]): Promise<void> {
  if (callIds.length < 2) return;
  await tx
    .select({ id: calls.id })
    .from(calls)
    .where(inArray(calls.id, callIds))
    .orderBy(asc(calls.id))
    .for('key share');
}

/** Keeps turns; one that is there already is what it has become since, because somebody cut in. */
export async function upsertTurns(tx: Transaction, turns: Turn[]): Promise<void> {
  if (turns.length === 0) return;
  await tx.execute(sql`
    insert into call_turns (call_id, seq, role, text, heard_text, is_interrupted, tool, created_at)
    select d."callId", d.seq, d.role, d.text, d."heardText", d."isInterrupted", d.tool, d."createdAt"
    from jsonb_to_recordset(${JSON.stringify(turns)}::text::jsonb) as d(
      "callId" bigint, seq int, role text, text text, "heardText" text, "isInterrupted" boolean, tool text,
      "createdAt" timestamptz)
    on conflict (call_id, seq) do update
      set text = excluded.text, heard_text = excluded.heard_text, is_interrupted = excluded.is_interrupted`);
}

/**
 * Notes on these calls that a person has spoken, and returns those on which one has: a machine’s verdict that was there
 * before stands, and a verdict that comes later changes nothing (telephony.md §2). The row decides which was first.
 */
export async function markSpoken(executor: Executor, callIds: number[], now: Date): Promise<Set<number>> {
  if (callIds.length === 0) return new Set();
  const rows = await executor.execute<{ id: string }>(sql`
    update calls set spoke_at = coalesce(spoke_at, ${now.toISOString()}::timestamptz)
    where id in (select jsonb_array_elements_text(${JSON.stringify(callIds)}::text::jsonb)::bigint)
      and (spoke_at is not null or answered_by is null or answered_by in ('human', 'unknown'))
    returning id`);
  return new Set(rows.map((row) => Number(row.id)));
}

/** Which of these calls somebody listens in to. */
export async function listenedTo(executor: Executor, callIds: number[]): Promise<number[]> {
  if (callIds.length === 0) return [];
  const rows = await executor
    .select({ id: calls.id })
    .from(calls)
    .where(and(inArray(calls.id, callIds), isNotNull(calls.listenPostId)));
  return rows.map(({ id }) => id);
}

/**
 * Begins the session that a nonce allows: once, in time, on the very call of the provider’s it was made for. Null for
 * everybody else, and when the call is over.
 */
export async function claimSession(
  executor: Executor,
  session: { provider: string; nonce: string; ref: string; sessionRef: string; now: Date },
) {
  const [row] = await executor
    .update(calls)
    .set({
      sessionNonce: null,
      sessionNonceUntil: null,
      sessionRef: session.sessionRef,
      sessions: sql`${calls.sessions} + 1`,
      answeredAt: sql`coalesce(${calls.answeredAt}, ${session.now.toISOString()}::timestamptz)`,
    })
    .where(
      and(
        eq(calls.sessionNonce, session.nonce),
        gt(calls.sessionNonceUntil, session.now),
        eq(calls.provider, session.provider),
        eq(calls.providerRef, session.ref),
        isNull(calls.endedAt),
      ),
    )
    .returning();
  return row ?? null;
}
