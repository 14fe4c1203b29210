import { and, desc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm/sql';
import { assistants, calls, callTurns } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import { contacts } from './schema.ts';
import { posts } from './slack-schema.ts';

export type CallTurnRow = typeof callTurns.$inferSelect;

/** Whether a message in the thread follows this call: somebody listens in, or a contact calls us. */
export async function isFollowed(executor: Executor, callId: number): Promise<boolean> {
  const isCallToUs = and(eq(calls.direction, 'inbound'), isNotNull(calls.campaignId));
  const rows = await executor
    .select({ id: calls.id })
    .from(calls)
    .where(and(eq(calls.id, callId), or(isNotNull(calls.listenPostId), isCallToUs)));
  return rows.length > 0;
}

/** The message that told of a call while it ran, or null. */
export async function readPostByKey(executor: Executor, postKey: string) {
  const [row] = await executor.select().from(posts).where(eq(posts.postKey, postKey));
  return row ?? null;
}

/** A call with the people on it, its thread's message, its last turns (oldest first), and how many there are in all. */
export async function readTranscript(executor: Executor, callId: number, lastTurns: number) {
  const [row] = await executor
    .select({
      call: calls,
      post: posts,
      assistantName: assistants.name,
      contactValues: contacts.variableValues,
    })
    .from(calls)
    .leftJoin(assistants, eq(assistants.id, calls.assistantId))
    .leftJoin(contacts, eq(contacts.id, calls.contactId))
    .leftJoin(posts, eq(posts.id, calls.listenPostId))
    .where(eq(calls.id, callId));
  if (!row) return null;
  const spoken = and(eq(callTurns.callId, callId), inArray(callTurns.role, ['assistant', 'contact', 'note']));
  const turns = await executor
    .select()
    .from(callTurns)
    .where(spoken)
    .orderBy(desc(callTurns.createdAt), desc(sql`abs(${callTurns.seq})`))
    .limit(lastTurns);
  const total = await executor.$count(callTurns, spoken);
  return { ...row, turns: turns.reverse(), total };
}
export type Transcript = NonNullable<Awaited<ReturnType<typeof readTranscript>>>;

/** Every turn of some calls, in order. */
export async function turnsOfCalls(executor: Executor, callIds: number[]): Promise<CallTurnRow[]> {
  if (callIds.length === 0) return [];
  return executor
    .select()
    .from(callTurns)
    .where(inArray(callTurns.callId, callIds))
    .orderBy(callTurns.callId, callTurns.createdAt, sql`abs(${callTurns.seq})`);
}

/** The last thing said on each of some calls; none for those on which nobody has spoken yet. */
export async function lastTurnsOfCalls(executor: Executor, callIds: number[]): Promise<CallTurnRow[]> {
  if (callIds.length === 0) return [];
  return executor
    .selectDistinctOn([callTurns.callId])
    .from(callTurns)
    .where(and(inArray(callTurns.callId, callIds), inArray(callTurns.role, ['assistant', 'contact'])))
    .orderBy(callTurns.callId, desc(callTurns.seq));
}

/**
 * Adds what happened on a call, beside what was said, to its transcript. Sessions number their turns upwards from zero while
 * they run; notes have the numbers below it, and the instants put both in order.
 */
export async function insertNoteTurn(
  tx: Transaction,
  { callId, text, createdAt }: { callId: number; text: string; createdAt: Date },
): Promise<void> {
  await tx.select({ id: calls.id }).from(calls).where(eq(calls.id, callId)).for('no key update');
  await tx.execute(sql`
    insert into call_turns (call_id, seq, role, text, created_at)
    select ${callId}, coalesce(min(seq), 0) - 1, 'note', ${text}, ${createdAt.toISOString()}::timestamptz
    from call_turns where call_id = ${callId} and seq < 0`);
}

/** Keeps which message shows the conversation. */
export async function keepListenPost(tx: Transaction, callId: number, postId: number): Promise<void> {
  await tx.update(calls).set({ listenPostId: postId }).where(eq(calls.id, callId));
}

/** Forgets a message that somebody deleted, so that what it showed may be shown anew. */
export async function forgetPost(executor: Executor, postId: number): Promise<void> {
  await executor.delete(posts).where(eq(posts.id, postId));
}

/** Changes what a message will say that is still to be posted; false when it is posted or being posted. */
export async function rewriteWaitingPost(
  executor: Executor,
  postId: number,
  content: (typeof posts.$inferInsert)['content'],
): Promise<boolean> {
  const rows = await executor
    .update(posts)
    .set({ content })
    .where(and(eq(posts.id, postId), eq(posts.state, 'pending')))
    .returning({ id: posts.id });
  return rows.length > 0;
}
