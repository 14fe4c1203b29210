import { and, asc, desc, eq, inArray, isNotNull, isNull, or } from 'drizzle-orm/sql';
import { assistants, calls } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import { isKept } from './kept.ts';
import { attempts, campaigns } from './schema.ts';

/** A call with what people need to know of it: its attempt's state and outcome, its campaign, and who speaks. */
function knownCalls(executor: Executor) {
  return executor
    .select({
      call: calls,
      attempt: { state: attempts.state, outcome: attempts.outcome },
      campaign: { id: campaigns.id, name: campaigns.name, channelId: campaigns.channelId },
      assistant: { name: assistants.name, transferTargets: assistants.transferTargets },
    })
    .from(calls)
    .leftJoin(attempts, eq(attempts.id, calls.attemptId))
    .leftJoin(campaigns, eq(campaigns.id, calls.campaignId))
    .leftJoin(assistants, eq(assistants.id, calls.assistantId))
    .$dynamic();
}
export type KnownCall = Awaited<ReturnType<typeof knownCalls>>[number];

/** One call of a workspace, or null; those of a deleted campaign are there for nobody. */
export async function readKnownCall(
  executor: Executor,
  workspaceId: number,
  callId: number,
): Promise<KnownCall | null> {
  const [row] = await knownCalls(executor).where(
    and(eq(calls.id, callId), eq(calls.workspaceId, workspaceId), isKept),
  );
  return row ?? null;
}

/** The calls of a campaign that ring or are held now: those answered first, the longest before the others. */
export async function callsOnTheLine(
  executor: Executor,
  workspaceId: number,
  campaignId: number,
  limit: number,
): Promise<KnownCall[]> {
  return knownCalls(executor)
    .where(
      and(
        eq(calls.workspaceId, workspaceId),
        eq(calls.campaignId, campaignId),
        isNull(calls.endedAt),
        isNotNull(calls.providerRef),
        or(isNull(calls.attemptId), inArray(attempts.state, ['ringing', 'in_progress'])),
      ),
    )
    .orderBy(asc(calls.answeredAt), asc(calls.id))
    .limit(limit);
}

/** Of these numbers, those that are on the phone with us because they called. */
export async function callersOnTheLine(executor: Executor, workspaceId: number, phoneNumbers: string[]) {
  return executor
    .select({ phoneNumber: calls.contactNumber })
    .from(calls)
    .where(
      and(
        eq(calls.direction, 'inbound'),
        isNull(calls.endedAt),
        eq(calls.workspaceId, workspaceId),
        inArray(calls.contactNumber, phoneNumbers),
      ),
    );
}

/** The newest calls with a number, in either direction. */
export async function callsWithNumber(
  executor: Executor,
  workspaceId: number,
  phoneNumber: string,
  limit: number,
): Promise<KnownCall[]> {
  return knownCalls(executor)
    .where(and(eq(calls.workspaceId, workspaceId), eq(calls.contactNumber, phoneNumber), isKept))
    .orderBy(desc(calls.id))
    .limit(limit);
}

/** Takes a call that is held now to change it; null when it has ended meanwhile. */
export async function lockHeldCall(tx: Transaction, callId: number) {
  const [row] = await tx
    .select()
    .from(calls)
    .where(and(eq(calls.id, callId), isNull(calls.endedAt)))
    .for('no key update');
  return row ?? null;
}

/** Keeps to whom a call goes, as long as it goes where it went. */
export async function changeTransferKey(
  executor: Executor,
  callId: number,
  from: string | null,
  to: string | null,
): Promise<void> {
  const stands = from === null ? isNull(calls.transferKey) : eq(calls.transferKey, from);
  await executor
    .update(calls)
    .set({ transferKey: to })
    .where(and(eq(calls.id, callId), stands));
}
