import {
  and,
  asc,
  count,
  desc,
  eq,
  gte,
  ilike,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  not,
  or,
  type SQL,
  sql,
} from 'drizzle-orm/sql';
import type { CallNotes } from '#domain/call-notes.ts';
import { assistants, calls, callTurns } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import { isDeleted } from './kept.ts';
import { attempts, campaigns } from './schema.ts';

/** How far a call is, or how it ended: picked up by somebody or something, or not. */
export type CallStage = 'ongoing' | 'completed' | 'failed';

/** Which calls are meant; whatever is null does not narrow them. Instants are of their beginning. */
export type CallChoice = {
  workspaceId: number;
  campaignId: number | null;
  assistantId: number | null;
  stage: CallStage | null;
  /** Digits of the person's number. */
  digits: string | null;
  since: Date | null;
  until: Date | null;
  minSeconds: number | null;
  maxSeconds: number | null;
};

/** A call as lists tell of it. A call is one from the moment the provider has it. */
function listedCalls(executor: Executor) {
  return executor
    .select({
      call: calls,
      attempt: {
        // Never null, and first: by it the driver tells that there is no attempt.
        runNumber: attempts.runNumber,
        outcome: attempts.outcome,
        priceMicros: attempts.priceMicros,
        priceCurrency: attempts.priceCurrency,
      },
      campaignName: campaigns.name,
      assistantName: assistants.name,
    })
    .from(calls)
    .leftJoin(attempts, eq(attempts.id, calls.attemptId))
    .leftJoin(campaigns, eq(campaigns.id, calls.campaignId))
    .leftJoin(assistants, eq(assistants.id, calls.assistantId))
    .$dynamic();
}
export type ListedCall = Awaited<ReturnType<typeof listedCalls>>[number];

/** How many calls fit a choice. */
export async function countCalls(executor: Executor, choice: CallChoice): Promise<number> {
  const [row] = await executor.select({ calls: count() }).from(calls).where(fits(choice));
  return row?.calls ?? 0;
}

/** Some of the calls that fit a choice, the newest first; those before them are walked over without their scripts. */
export async function pageOfCalls(
  executor: Executor,
  { offset, limit, beforeId, ...choice }: CallChoice & { offset: number; limit: number; beforeId?: number },
): Promise<ListedCall[]> {
  const page = executor
    .select({ id: calls.id })
    .from(calls)
    .where(and(fits(choice), beforeId === undefined ? undefined : lt(calls.id, beforeId)))
    .orderBy(desc(calls.id))
    .limit(limit)
    .offset(offset);
  return listedCalls(executor).where(inArray(calls.id, page)).orderBy(desc(calls.id));
}

/** One call of a workspace, by our id or by the one its provider gave it; null when there is none. */
export async function readListedCall(
  executor: Executor,
  workspaceId: number,
  which: { id: number } | { provider: string; ref: string },
): Promise<ListedCall | null> {
  const named: SQL | undefined =
    'id' in which
      ? eq(calls.id, which.id)
      : and(eq(calls.provider, which.provider), eq(calls.providerRef, which.ref));
  const [row] = await listedCalls(executor).where(and(isTold(workspaceId), named));
  return row ?? null;
}

/** What is kept with a call that the provider has, which is locked; null when there is none. */
export async function lockCallNotes(tx: Transaction, callId: number): Promise<CallNotes | null> {
  const [row] = await tx
    .select({ notes: calls.callMeta })
    .from(calls)
    .where(and(eq(calls.id, callId), isNotNull(calls.providerRef)))
    .for('no key update');
  return row?.notes ?? null;
}

/** Keeps this with a call, and says how many bytes it takes there: numbers stand in it digit by digit. */
export async function keepCallNotes(tx: Transaction, callId: number, callMeta: CallNotes): Promise<number> {
  const [row] = await tx
    .update(calls)
    .set({ callMeta })
    .where(eq(calls.id, callId))
    .returning({ bytes: sql<number>`octet_length(${calls.callMeta}::text)` });
  return row?.bytes ?? 0;
}

/** What the two on a call said to each other, in order. */
export async function spokenTurns(executor: Executor, callId: number) {
  return executor
    .select()
    .from(callTurns)
    .where(and(eq(callTurns.callId, callId), inArray(callTurns.role, ['assistant', 'contact'])))
    .orderBy(asc(callTurns.createdAt), asc(callTurns.seq));
}

const STAGES: Record<CallStage, SQL | undefined> = {
  ongoing: isNull(calls.endedAt),
  completed: and(isNotNull(calls.endedAt), isNotNull(calls.answeredAt)),
  failed: and(isNotNull(calls.endedAt), isNull(calls.answeredAt)),
};

/** Calls of a deleted campaign are there for nobody, though some wait for their recordings to be deleted. */
function isTold(workspaceId: number) {
  const ofDeleted = sql`${calls.campaignId} in (
    select ${campaigns.id} from ${campaigns} where ${campaigns.workspaceId} = ${workspaceId} and ${isDeleted})`;
  return and(
    eq(calls.workspaceId, workspaceId),
    isNotNull(calls.providerRef),
    or(isNull(calls.campaignId), not(ofDeleted)),
  );
}

function fits(choice: CallChoice) {
  const { campaignId, assistantId, stage, digits, since, until, minSeconds, maxSeconds } = choice;
  return and(
    isTold(choice.workspaceId),
    campaignId === null ? undefined : eq(calls.campaignId, campaignId),
    assistantId === null ? undefined : eq(calls.assistantId, assistantId),
    stage === null ? undefined : STAGES[stage],
    digits === null ? undefined : ilike(calls.contactNumber, `%${digits}%`),
    since === null ? undefined : gte(calls.createdAt, since),
    until === null ? undefined : lte(calls.createdAt, until),
    minSeconds === null ? undefined : gte(calls.durationSeconds, minSeconds),
    maxSeconds === null ? undefined : lte(calls.durationSeconds, maxSeconds),
  );
}
