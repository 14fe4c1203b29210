import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm/sql';
import { calls } from './call-schema.ts';
import type { Executor } from './client.ts';
import { attempts, campaigns } from './schema.ts';

/** Calls of a campaign that the provider has queued as far as we know, and whether their number is not to be called any more. */
export async function queuedCalls(executor: Executor, campaignId: number) {
  const rows = await executor
    .select({ id: attempts.id, ref: attempts.providerRef, isSuppressed: IS_SUPPRESSED })
    .from(attempts)
    .innerJoin(calls, eq(calls.attemptId, attempts.id))
    .where(
      and(
        eq(attempts.campaignId, campaignId),
        eq(attempts.channel, 'call'),
        eq(attempts.state, 'ringing'),
        eq(attempts.providerStatus, 'queued'),
        isNull(calls.answeredAt),
      ),
    )
    .orderBy(asc(attempts.id));
  return rows.flatMap(({ id, ref, isSuppressed }) => (ref === null ? [] : [{ id, ref, isSuppressed }]));
}

const IS_SUPPRESSED = sql<boolean>`exists (
  select from suppressions s where s.workspace_id = ${attempts.workspaceId}
    and s.phone_number = ${attempts.phoneNumber} and s.lifted_at is null and s.channel in ('all', 'voice'))`;

/** Whether one of these attempts is to a number that is not to be called any more. */
export async function hasSuppressed(executor: Executor, attemptIds: number[]): Promise<boolean> {
  const rows = await executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(inArray(attempts.id, attemptIds), IS_SUPPRESSED))
    .limit(1);
  return rows.length > 0;
}

/** Campaigns whose calls to this number the provider may have queued. */
export async function campaignsCalling(executor: Executor, workspaceId: number, phoneNumber: string) {
  const rows = await executor
    .select({ campaignId: attempts.campaignId })
    .from(attempts)
    .where(
      and(
        eq(attempts.workspaceId, workspaceId),
        eq(attempts.channel, 'call'),
        eq(attempts.state, 'ringing'),
        eq(attempts.phoneNumber, phoneNumber),
      ),
    );
  return rows.map(({ campaignId }) => campaignId);
}

/** Whether nothing more may be said to the person of a running call: they are on the list, or its campaign is cancelled. */
export async function isUnwanted(executor: Executor, callId: number): Promise<boolean> {
  const [row] = await executor
    .select({ status: campaigns.status, isSuppressed: IS_SUPPRESSED })
    .from(calls)
    .innerJoin(attempts, eq(attempts.id, calls.attemptId))
    .innerJoin(campaigns, eq(campaigns.id, attempts.campaignId))
    .where(eq(calls.id, callId));
  return row !== undefined && (row.isSuppressed || row.status === 'cancelled');
}
