import { and, asc, eq, gt, inArray, isNull, lte, ne, or, sql } from 'drizzle-orm/sql';
import { assistants, calls, recordings } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';

export type RecordingRow = typeof recordings.$inferSelect;

/** A kept recording with the call it belongs to. */
export type RecordingOfCall = { recording: RecordingRow; call: typeof calls.$inferSelect };

/** The call a report on a recording is about, by its token or else the provider's id, and how long recordings of it are kept. */
export async function recordedCall(
  executor: Executor,
  { provider, token, ref }: { provider: string; token: string | null; ref: string },
) {
  const byRef = and(eq(calls.provider, provider), eq(calls.providerRef, ref));
  const [row] = await executor
    .select({
      callId: calls.id,
      isRecording: sql<boolean>`(${calls.script} ->> 'isRecording')::boolean`,
      recordingDays: assistants.recordingDays,
    })
    .from(calls)
    .leftJoin(assistants, eq(assistants.id, calls.assistantId))
    .where(token ? or(eq(calls.token, token), byRef) : byRef)
    .orderBy(asc(calls.id))
    .limit(1);
  return row ?? null;
}

/**
 * Keeps what is known of a recording. Its status only moves forward: one that ended does not begin again, and one that
 * was deleted stays so. False when it was deleted before.
 */
export async function upsertRecording(
  tx: Transaction,
  row: typeof recordings.$inferInsert,
): Promise<boolean> {
  const rows = await tx
    .insert(recordings)
    .values(row)
    .onConflictDoUpdate({
      target: [recordings.provider, recordings.providerRef],
      set: {
        status: sql`case when ${recordings.status} = 'in_progress' then excluded.status else ${recordings.status} end`,
        durationSeconds: sql`coalesce(excluded.duration_seconds, ${recordings.durationSeconds})`,
        channels: sql`coalesce(excluded.channels, ${recordings.channels})`,
      },
      setWhere: ne(recordings.status, 'deleted'),
    })
    .returning({ id: recordings.id });
  return rows.length > 0;
}

/** Recordings whose time has come, in the order of their ids and after one of them, with the provider's id of their call. */
export async function recordingsToDelete(
  executor: Executor,
  { now, afterId, limit }: { now: Date; afterId: number; limit: number },
): Promise<(RecordingRow & { callRef: string | null })[]> {
  const rows = await executor
    .select({ recording: recordings, callRef: calls.providerRef })
    .from(recordings)
    .innerJoin(calls, eq(calls.id, recordings.callId))
    .where(and(isNull(recordings.deletedAt), lte(recordings.deleteAfter, now), gt(recordings.id, afterId)))
    .orderBy(asc(recordings.id))
    .limit(limit);
  return rows.map(({ recording, callRef }) => ({ ...recording, callRef }));
}

/** Marks a recording as gone at the provider. */
export async function markRecordingDeleted(executor: Executor, id: number, now: Date): Promise<void> {
  await executor.update(recordings).set({ status: 'deleted', deletedAt: now }).where(eq(recordings.id, id));
}

/**
 * Nobody may keep a recording of this call: what there is of it is due for deletion at once, and what is still reported
 * of it later will be.
 */
export async function refuseRecordings(tx: Transaction, callId: number, now: Date): Promise<void> {
  await tx
    .update(calls)
    .set({ script: sql`jsonb_set(${calls.script}, '{isRecording}', 'false')` })
    .where(eq(calls.id, callId));
  await tx
    .update(recordings)
    .set({ deleteAfter: now })
    .where(and(eq(recordings.callId, callId), isNull(recordings.deletedAt)));
}

/** One recording with its call, or null. */
export async function readRecording(executor: Executor, id: number): Promise<RecordingOfCall | null> {
  const [row] = await executor
    .select({ recording: recordings, call: calls })
    .from(recordings)
    .innerJoin(calls, eq(calls.id, recordings.callId))
    .where(eq(recordings.id, id));
  return row ?? null;
}

/** The recordings of some calls, oldest first. */
export async function recordingsOfCalls(executor: Executor, callIds: number[]): Promise<RecordingRow[]> {
  if (callIds.length === 0) return [];
  return executor
    .select()
    .from(recordings)
    .where(inArray(recordings.callId, callIds))
    .orderBy(asc(recordings.id));
}
