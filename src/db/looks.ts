import { and, asc, eq, inArray, isNotNull, lte, ne, sql } from 'drizzle-orm/sql';
import { calls } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import type { AttemptRow } from './ledger.ts';
import { attempts } from './schema.ts';

/** Attempts whose holder died: never asked for, or asked for and without an answer. */
export async function takeExpiredLeases(tx: Transaction, now: Date, limit: number): Promise<AttemptRow[]> {
  return tx
    .select()
    .from(attempts)
    .where(and(eq(attempts.state, 'dialing'), lte(attempts.leaseUntil, now)))
    .orderBy(asc(attempts.leaseUntil))
    .limit(limit)
    .for('update', { skipLocked: true });
}

/** When the next lease runs out, or null. */
export async function nextLeaseEndAt(executor: Executor): Promise<Date | null> {
  const [row] = await executor
    .select({ at: attempts.leaseUntil })
    .from(attempts)
    .where(and(eq(attempts.state, 'dialing'), isNotNull(attempts.leaseUntil)))
    .orderBy(asc(attempts.leaseUntil))
    .limit(1);
  return row?.at ?? null;
}

/** Lost answers first, then missing reports, then prices: a backlog of the last must not keep the first waiting. */
const LOOK_ORDER = ['unknown', 'ringing', 'in_progress', 'ended'] as const;

/** Attempts to look up at the provider, put off until `until` so that no other process takes them meanwhile. */
export async function takeLooks(
  executor: Executor,
  now: Date,
  until: Date,
  limit: number,
): Promise<AttemptRow[]> {
  const taken: AttemptRow[] = [];
  for (const state of LOOK_ORDER) {
    if (taken.length === limit) break;
    const due = executor
      .select({ id: attempts.id })
      .from(attempts)
      .where(and(eq(attempts.state, state), lte(attempts.lookAt, now)))
      .orderBy(asc(attempts.lookAt))
      .limit(limit - taken.length)
      .for('update', { skipLocked: true });
    taken.push(
      ...(await executor
        .update(attempts)
        .set({ lookAt: until })
        .where(inArray(attempts.id, due))
        .returning()),
    );
  }
  return taken;
}

export async function nextLookAt(executor: Executor): Promise<Date | null> {
  const [row] = await executor
    .select({ at: attempts.lookAt })
    .from(attempts)
    .where(isNotNull(attempts.lookAt))
    .orderBy(asc(attempts.lookAt))
    .limit(1);
  return row?.at ?? null;
}

/** Sets when to look again and how many looks were empty; only while the attempt is in the state it was looked at in. */
export async function scheduleLook(
  executor: Executor,
  attempt: Pick<AttemptRow, 'id' | 'state'>,
  change: { lookAt: Date | null; emptyLooks?: number; state?: 'needs_review' },
): Promise<boolean> {
  const rows = await executor
    .update(attempts)
    .set(change)
    .where(and(eq(attempts.id, attempt.id), eq(attempts.state, attempt.state)))
    .returning({ id: attempts.id });
  return rows.length > 0;
}

/** Has an attempt that is under way looked at from an instant on, unless it is to be looked at before. */
export async function bringLookForward(executor: Executor, id: number, lookAt: Date): Promise<void> {
  await executor
    .update(attempts)
    .set({ lookAt: sql`least(${attempts.lookAt}, ${lookAt.toISOString()}::timestamptz)` })
    .where(and(eq(attempts.id, id), ne(attempts.state, 'ended')));
}

/** Which of these provider ids already belong to an attempt or a call. */
export async function ownedRefs(executor: Executor, provider: string, refs: string[]): Promise<Set<string>> {
  if (refs.length === 0) return new Set();
  const rows = await executor
    .select({ ref: attempts.providerRef })
    .from(attempts)
    .where(and(eq(attempts.provider, provider), inArray(attempts.providerRef, refs)));
  const ofCalls = await executor
    .select({ ref: calls.providerRef })
    .from(calls)
    .where(and(eq(calls.provider, provider), inArray(calls.providerRef, refs)));
  return new Set([...rows, ...ofCalls].flatMap((row) => (row.ref === null ? [] : [row.ref])));
}
