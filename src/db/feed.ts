import { and, asc, desc, eq, gt, inArray, lt, sql } from 'drizzle-orm/sql';
import { apiTokens } from './api-schema.ts';
import { calls, callTurns } from './call-schema.ts';
import { LIVE } from './campaigns.ts';
import type { Executor } from './client.ts';
import { feedWatches } from './feed-schema.ts';
import { isKept } from './kept.ts';
import { campaigns } from './schema.ts';

export type Watch = { topic: string; sockets: number };

/**
 * Makes what a process watches be exactly this until its lease ends, and takes away what others have left behind. Rows
 * that another process is at are its own to take away.
 */
export async function replaceWatches(
  executor: Executor,
  processId: string,
  watches: Watch[],
  { leaseUntil, now }: { leaseUntil: Date; now: Date },
): Promise<void> {
  await executor.execute(sql`
    with wanted as (
      select topic, sockets from jsonb_to_recordset(${JSON.stringify(watches)}::text::jsonb) as w(topic text, sockets int)
    ), over as (
      select topic, process_id from feed_watches
      where (process_id = ${processId} and topic not in (select topic from wanted))
        or (process_id <> ${processId} and lease_until < ${now.toISOString()}::timestamptz)
      for update skip locked
    ), gone as (
      delete from feed_watches w using over where (w.topic, w.process_id) = (over.topic, over.process_id)
    )
    insert into feed_watches (topic, process_id, sockets, lease_until)
    select topic, ${processId}, sockets, ${leaseUntil.toISOString()}::timestamptz from wanted
    on conflict (topic, process_id) do update set sockets = excluded.sockets, lease_until = excluded.lease_until`);
}

/** Forgets what processes watched that died while nobody else watched anything. */
export async function deleteOldWatches(executor: Executor, before: Date): Promise<void> {
  await executor.delete(feedWatches).where(lt(feedWatches.leaseUntil, before));
}

/** How many sockets watch each of these topics, over all processes that still renew. */
export async function countSockets(
  executor: Executor,
  topics: string[],
  now: Date,
): Promise<Map<string, number>> {
  const rows = await executor
    .select({ topic: feedWatches.topic, sockets: sql<number>`sum(${feedWatches.sockets})::int` })
    .from(feedWatches)
    .where(and(inArray(feedWatches.topic, topics), gt(feedWatches.leaseUntil, now)))
    .groupBy(feedWatches.topic);
  return new Map(rows.map(({ topic, sockets }) => [topic, sockets]));
}

/** Campaigns of a workspace: those that are not over first, then the newest. */
export async function campaignIdsToWatch(
  executor: Executor,
  workspaceId: number,
  limit: number,
): Promise<number[]> {
  const rows = await executor
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.workspaceId, workspaceId), isKept))
    .orderBy(desc(inArray(campaigns.status, [...LIVE])), desc(campaigns.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** What says whether these tokens are in force. */
export async function readTokenEnds(executor: Executor, tokenIds: number[]) {
  return executor
    .select({ id: apiTokens.id, revokedAt: apiTokens.revokedAt, expiresAt: apiTokens.expiresAt })
    .from(apiTokens)
    .where(inArray(apiTokens.id, tokenIds));
}

/** A call of a workspace by its own id or by the provider's, or null; those of a deleted campaign are there for nobody. */
export async function findCallId(
  executor: Executor,
  workspaceId: number,
  wanted: { id: number } | { providerRef: string },
): Promise<number | null> {
  const is = 'id' in wanted ? eq(calls.id, wanted.id) : eq(calls.providerRef, wanted.providerRef);
  const [row] = await executor
    .select({ id: calls.id })
    .from(calls)
    .leftJoin(campaigns, eq(campaigns.id, calls.campaignId))
    .where(and(eq(calls.workspaceId, workspaceId), is, isKept));
  return row?.id ?? null;
}

/**
 * How these calls stand, and every word that was said on them by people and assistants, in order. Those whose campaign was
 * deleted meanwhile are left out.
 */
export async function readTalks(executor: Executor, callIds: number[]) {
  if (callIds.length === 0) return [];
  const found = await executor
    .select({
      id: calls.id,
      providerRef: calls.providerRef,
      assistantId: calls.assistantId,
      campaignId: calls.campaignId,
      answeredAt: calls.answeredAt,
      endedAt: calls.endedAt,
      durationSeconds: calls.durationSeconds,
      createdAt: calls.createdAt,
    })
    .from(calls)
    .leftJoin(campaigns, eq(campaigns.id, calls.campaignId))
    .where(and(inArray(calls.id, callIds), isKept));
  const turns = await executor
    .select()
    .from(callTurns)
    .where(and(inArray(callTurns.callId, callIds), inArray(callTurns.role, ['assistant', 'contact'])))
    .orderBy(asc(callTurns.createdAt), asc(sql`abs(${callTurns.seq})`));
  const turnsOf = Map.groupBy(turns, ({ callId }) => callId);
  return found.map((call) => ({ call, turns: turnsOf.get(call.id) ?? [] }));
}
export type TalkRow = Awaited<ReturnType<typeof readTalks>>[number];
