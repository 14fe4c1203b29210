import { and, eq, inArray, lte, or, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { posts } from './slack-schema.ts';

export type PostRow = typeof posts.$inferSelect;

/** Stores a message to post; null when one with this key exists already. */
export async function insertPost(executor: Executor, row: typeof posts.$inferInsert): Promise<number | null> {
  const [made] = await executor.insert(posts).values(row).onConflictDoNothing().returning({ id: posts.id });
  return made?.id ?? null;
}

/**
 * Takes a message to post it: one that waits, or one whose sender died. `wasSending` says that it may have been posted
 * already. Null when it is posted, given up, or being sent by somebody else.
 */
export async function takePost(executor: Executor, id: number, now: Date, leaseUntil: Date) {
  const [before] = await executor.select().from(posts).where(eq(posts.id, id));
  if (!before) return null;
  const [row] = await executor
    .update(posts)
    .set({ state: 'sending', leaseUntil, triedAt: now, tries: sql`${posts.tries} + 1` })
    .where(
      and(
        eq(posts.id, id),
        or(eq(posts.state, 'pending'), and(eq(posts.state, 'sending'), lte(posts.leaseUntil, now))),
      ),
    )
    .returning();
  return row ? { ...row, wasSending: before.state === 'sending' } : null;
}

export async function changePost(executor: Executor, id: number, change: Partial<PostRow>): Promise<void> {
  await executor.update(posts).set(change).where(eq(posts.id, id));
}

/** Messages that wait or whose sender died, for the reaper. */
export async function openPostIds(executor: Executor, now: Date): Promise<number[]> {
  const rows = await executor
    .select({ id: posts.id })
    .from(posts)
    .where(
      and(
        inArray(posts.state, ['pending', 'sending']),
        or(eq(posts.state, 'pending'), lte(posts.leaseUntil, now)),
      ),
    )
    .limit(500);
  return rows.map((row) => row.id);
}

/**
 * Lets messages that ask for a decision wait to be posted again, as long as nobody has decided: one that was given up
 * would leave somebody's question unanswered for good. Not before `triedBefore`.
 */
export async function reviveUndecided(executor: Executor, triedBefore: Date): Promise<void> {
  await executor.execute(sql`
    update posts p set state = 'pending', tries = 0
    where p.state in ('unknown', 'abandoned') and p.tried_at <= ${triedBefore.toISOString()}::timestamptz
      and (p.content ->> 'kind' = 'reply_note' and exists (
          select from contact_holds h
          where h.id = (p.content ->> 'contactHoldId')::int and h.decided_at is null)
        or p.content ->> 'kind' = 'review_note' and exists (
          select from attempts a
          where a.id = (p.content ->> 'attemptId')::bigint and a.state = 'needs_review'))`);
}
