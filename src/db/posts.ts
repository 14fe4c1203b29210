import { alias } from 'drizzle-orm/pg-core';
import { and, asc, eq, inArray, lt, lte, notExists, or, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { posts } from './slack-schema.ts';

export type PostRow = typeof posts.$inferSelect;

/** Stores a message to post; null when one with this key exists already. */
export async function insertPost(executor: Executor, row: typeof posts.$inferInsert): Promise<number | null> {
  const [made] = await executor.insert(posts).values(row).onConflictDoNothing().returning({ id: posts.id });
  return made?.id ?? null;
}

const OPEN = ['pending', 'sending'] as const;

/** What fails so often for no known reason holds up nobody any longer: what was written after it goes first. */
const TRIES_IN_FRONT = 5;

/**
 * Takes a message to post it: one that waits, or one whose sender died. From the second try on it may have been posted
 * already. Null when it is posted, given up, or being sent by somebody else, and while an earlier one of its thread is
 * still to be posted; whoever settles that one has this one sent.
 */
export async function takePost(
  executor: Executor,
  id: number,
  now: Date,
  leaseUntil: Date,
): Promise<PostRow | null> {
  const earlier = alias(posts, 'earlier');
  const [row] = await executor
    .update(posts)
    .set({ state: 'sending', leaseUntil, triedAt: now, tries: sql`${posts.tries} + 1` })
    .where(
      and(
        eq(posts.id, id),
        or(eq(posts.state, 'pending'), and(eq(posts.state, 'sending'), lte(posts.leaseUntil, now))),
        notExists(
          executor
            .select({ id: earlier.id })
            .from(earlier)
            .where(
              and(
                eq(earlier.threadKey, posts.threadKey),
                lt(earlier.id, posts.id),
                inArray(earlier.state, OPEN),
                lte(earlier.tries, TRIES_IN_FRONT),
              ),
            ),
        ),
      ),
    )
    .returning();
  return row ?? null;
}

/** The first message of a thread that waits; null when none does. */
export async function firstWaitingPostId(executor: Executor, threadKey: string): Promise<number | null> {
  const [row] = await executor
    .select({ id: posts.id })
    .from(posts)
    .where(and(eq(posts.threadKey, threadKey), eq(posts.state, 'pending')))
    .orderBy(asc(posts.id))
    .limit(1);
  return row?.id ?? null;
}

/** The thread under a campaign's card, wherever that stands; as the migration spells it. */
export function threadKeyOf(campaignId: number): string {
  return `campaign ${campaignId}`;
}

export async function changePost(executor: Executor, id: number, change: Partial<PostRow>): Promise<void> {
  await executor.update(posts).set(change).where(eq(posts.id, id));
}

/** Messages that wait or whose sender died, for the reaper. */
export async function openPostIds(executor: Executor, now: Date): Promise<number[]> {
  const rows = await executor
    .select({ id: posts.id })
    .from(posts)
    .where(and(inArray(posts.state, OPEN), or(eq(posts.state, 'pending'), lte(posts.leaseUntil, now))))
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
        or p.content ->> 'kind' = 'approval_note' and exists (
          select from approvals o
          where o.id = (p.content ->> 'approvalId')::int and o.decided_at is null and o.voided_at is null)
        or p.content ->> 'kind' = 'review_note' and exists (
          select from attempts a
          where a.id = (p.content ->> 'attemptId')::bigint and a.state = 'needs_review'))`);
}
