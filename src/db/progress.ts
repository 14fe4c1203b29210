import { and, eq, sql } from 'drizzle-orm/sql';
import { TEST_RUN } from '#domain/attempt.ts';
import type { Executor } from './client.ts';
import { campaignFigures } from './figure-schema.ts';
import { isKept } from './kept.ts';
import { keptStatement } from './kept-statements.ts';
import { campaignSpend } from './policy-schema.ts';
import { type attempts, campaignCounts, campaigns } from './schema.ts';

type NewestAttempt = Pick<
  typeof attempts.$inferSelect,
  'id' | 'phoneNumber' | 'channel' | 'outcome' | 'providerRef'
> & { executedAt: Date };

/**
 * How far these campaigns are, each by the keys of its own rows, whatever their size, with so many of its `newest`
 * attempts, newest first; nobody's trials on themselves, and no answers to replies. Those that do not exist are left out.
 * One statement, because no other is asked as often.
 */
export async function readProgressRows(
  executor: Executor,
  { campaignIds, newest }: { campaignIds: readonly number[]; newest: number },
) {
  const statement = keptStatement(executor, `progress ${newest}`, (name) =>
    selectProgress(executor, newest).prepare(name),
  );
  return statement.execute({ campaignIds: `{${campaignIds.join(',')}}` });
}

/**
 * Whom the present run of a campaign had reached and failed to reach at the end of each hour that changed this, from an
 * instant on, oldest first.
 */
export async function readHistory(executor: Executor, campaignId: number, from: Date) {
  const rows = await executor.execute<{ hour: string; completed: number; failed: number }>(sql`
    select hour, completed, failed from (
      select hour, (sum(completed) over until_then)::int as completed, (sum(failed) over until_then)::int as failed
      from campaign_hours where campaign_id = ${campaignId} and (completed <> 0 or failed <> 0)
      window until_then as (order by hour)) sums
    where hour >= ${from.toISOString()}::timestamptz or hour = (
      select max(hour) from campaign_hours
      where campaign_id = ${campaignId} and (completed <> 0 or failed <> 0) and hour < ${from.toISOString()}::timestamptz)
    order by hour`);
  return rows.map(({ hour, ...reached }) => ({ hour: new Date(hour), ...reached }));
}

/** A limit stands in the text: with one that is put in, the server plans the statement anew each time it is asked. */
function selectProgress(executor: Executor, newest: number) {
  return executor
    .select({
      campaignId: campaigns.id,
      workspaceId: campaigns.workspaceId,
      runNumber: campaigns.runNumber,
      status: campaigns.status,
      hold: campaigns.hold,
      timeZone: campaigns.timeZone,
      startedAt: campaigns.startedAt,
      completedAt: campaigns.completedAt,
      counts: {
        pending: campaignCounts.pending,
        in_progress: campaignCounts.in_progress,
        completed: campaignCounts.completed,
        failed: campaignCounts.failed,
        no_answer: campaignCounts.no_answer,
        busy: campaignCounts.busy,
        voicemail: campaignCounts.voicemail,
        skipped: campaignCounts.skipped,
      },
      activity: {
        callsPlaced: sql<number>`coalesce(${campaignFigures.callsPlaced}, 0)`,
        callsAnswered: sql<number>`coalesce(${campaignFigures.callsAnswered}, 0)`,
        answeredSeconds: sql<number>`coalesce(${campaignFigures.answeredSeconds}, 0)`.mapWith(Number),
      },
      cost: {
        settledMicros: sql<number>`coalesce(${campaignSpend.settledMicros}, 0)`.mapWith(Number),
        reservedMicros: sql<number>`coalesce(${campaignSpend.reservedMicros}, 0)`.mapWith(Number),
      },
      newest: sql`(
        select coalesce(json_agg(newest), '[]') from (
          select id, phone_number as "phoneNumber", channel, outcome, provider_ref as "providerRef",
            coalesce(asked_at, created_at) as "executedAt"
          from attempts a where a.campaign_id = ${campaigns.id} and run_number <> ${sql.raw(String(TEST_RUN))}
            and purpose = 'campaign'
          order by id desc limit ${sql.raw(String(newest))}) newest)`.mapWith(datedAttempts),
    })
    .from(campaigns)
    .innerJoin(campaignCounts, eq(campaignCounts.campaignId, campaigns.id))
    .leftJoin(
      campaignFigures,
      and(eq(campaignFigures.campaignId, campaigns.id), eq(campaignFigures.runNumber, campaigns.runNumber)),
    )
    .leftJoin(
      campaignSpend,
      and(eq(campaignSpend.campaignId, campaigns.id), eq(campaignSpend.runNumber, campaigns.runNumber)),
    )
    .where(and(sql`${campaigns.id} = any(${sql.placeholder('campaignIds')}::int[])`, isKept));
}

/** JSON has instants as text. */
function datedAttempts(
  found: (Omit<NewestAttempt, 'executedAt'> & { executedAt: string })[],
): NewestAttempt[] {
  return found.map((attempt) => ({ ...attempt, executedAt: new Date(attempt.executedAt) }));
}
