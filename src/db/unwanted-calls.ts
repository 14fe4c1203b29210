import { and, asc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm/sql';
import { calls } from './call-schema.ts';
import type { Executor } from './client.ts';
import { isListed } from './listed.ts';
import { attempts, campaigns } from './schema.ts';

/**
 * Calls of a campaign that nobody may want any more, of those that nobody has answered as far as we know. Queued ones while
 * the campaign does not run; ringing ones too once it is cancelled, and in any case those to a number on the list.
 */
export async function unwantedCalls(executor: Executor, campaignId: number) {
  const isQueued = and(
    eq(attempts.providerStatus, 'queued'),
    eq(attempts.purpose, 'campaign'),
    ne(campaigns.status, 'running'),
  );
  const rows = await executor
    .select({ id: attempts.id, ref: attempts.providerRef })
    .from(attempts)
    .innerJoin(calls, eq(calls.attemptId, attempts.id))
    .innerJoin(campaigns, eq(campaigns.id, attempts.campaignId))
    .where(
      and(
        eq(attempts.campaignId, campaignId),
        eq(attempts.channel, 'call'),
        eq(attempts.state, 'ringing'),
        isNull(calls.answeredAt),
        or(isQueued, eq(campaigns.status, 'cancelled'), IS_SUPPRESSED),
      ),
    )
    .orderBy(asc(attempts.id));
  return rows.flatMap(({ id, ref }) => (ref === null ? [] : [{ id, ref }]));
}

const IS_SUPPRESSED = isListed('attempts');

/** Whether one of these attempts is to a number that is not to be called any more. */
export async function hasSuppressed(executor: Executor, attemptIds: number[]): Promise<boolean> {
  const rows = await executor
    .select({ id: attempts.id })
    .from(attempts)
    .where(and(inArray(attempts.id, attemptIds), IS_SUPPRESSED))
    .limit(1);
  return rows.length > 0;
}

/** Campaigns whose calls to one of these numbers the provider may have queued. */
export async function campaignsCalling(
  executor: Executor,
  workspaceId: number,
  phoneNumbers: readonly string[],
): Promise<number[]> {
  const rows = await executor.execute<{ campaign_id: number }>(sql`
    select distinct campaign_id from attempts
    where workspace_id = ${workspaceId} and channel = 'call' and state = 'ringing' and phone_number in (
      select jsonb_array_elements_text(${JSON.stringify(phoneNumbers)}::text::jsonb))`);
  return rows.map((row) => row.campaign_id);
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
