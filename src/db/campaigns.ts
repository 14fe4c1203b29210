import { and, asc, count, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm/sql';
import type { Hold } from '#domain/hold.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import type { ClaimCursor } from './claims.ts';
import type { Executor, Transaction } from './client.ts';
import { isKept } from './kept.ts';
import { keptStatement } from './kept-statements.ts';
import {
  attempts,
  campaignCounts,
  campaignEvents,
  campaigns,
  contactHolds,
  inboundTexts,
  suppressions,
  workspaces,
} from './schema.ts';

export type CampaignRow = typeof campaigns.$inferSelect;

/** A campaign with its workspace and counts, or null. */
export async function readCampaign(executor: Executor, campaignId: number) {
  const statement = keptStatement(executor, 'campaign', (name) =>
    executor
      .select({ campaign: campaigns, workspace: workspaces, counts: campaignCounts })
      .from(campaigns)
      .innerJoin(workspaces, eq(workspaces.id, campaigns.workspaceId))
      .innerJoin(campaignCounts, eq(campaignCounts.campaignId, campaigns.id))
      .where(and(eq(campaigns.id, sql.placeholder('campaignId')), isKept))
      .prepare(name),
  );
  const [row] = await statement.execute({ campaignId });
  return row ?? null;
}
export type CampaignWithCounts = NonNullable<Awaited<ReturnType<typeof readCampaign>>>;

/** Inserts a campaign and its row of counts; the one that already has this creation key when there is one. */
export async function insertCampaign(tx: Transaction, row: typeof campaigns.$inferInsert) {
  const [made] = await tx.insert(campaigns).values(row).onConflictDoNothing().returning({ id: campaigns.id });
  if (made) {
    await tx.insert(campaignCounts).values({ campaignId: made.id });
    return { id: made.id, isNew: true };
  }
  const [known] = await tx
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(eq(campaigns.creationKey, row.creationKey ?? ''));
  return known ? { id: known.id, isNew: false } : null;
}

/** Changes columns of a campaign that is in one of these statuses; its version rises. Null: it is in none of them. */
export async function changeCampaign(
  executor: Executor,
  campaignId: number,
  from: CampaignStatus[],
  changes: Partial<CampaignRow>,
): Promise<CampaignRow | null> {
  const [row] = await executor
    .update(campaigns)
    .set({ ...changes, version: sql`${campaigns.version} + 1` })
    .where(and(eq(campaigns.id, campaignId), inArray(campaigns.status, from)))
    .returning();
  return row ?? null;
}

/** Keeps why nothing is being placed; true when that changed. */
export async function setHold(executor: Executor, campaignId: number, hold: Hold | null): Promise<boolean> {
  const rows = await executor
    .update(campaigns)
    .set({ hold })
    .where(
      and(
        eq(campaigns.id, campaignId),
        sql`${campaigns.hold} is distinct from ${hold ? JSON.stringify(hold) : null}::text::jsonb`,
      ),
    )
    .returning({ id: campaigns.id });
  return rows.length > 0;
}

/** Where the next claim goes on from. */
export async function keepClaimCursor(
  tx: Transaction,
  campaignId: number,
  cursor: ClaimCursor | null,
): Promise<void> {
  await tx
    .update(campaigns)
    .set({ claimAfterAt: cursor?.at ?? null, claimAfterId: cursor?.id ?? null })
    .where(eq(campaigns.id, campaignId));
}

/** Ids of the campaigns of a workspace in these states, in the order in which they are locked. */
export async function campaignIdsIn(
  executor: Executor,
  workspaceId: number,
  statuses: readonly CampaignStatus[],
): Promise<number[]> {
  const rows = await executor
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(and(eq(campaigns.workspaceId, workspaceId), inArray(campaigns.status, statuses), isKept))
    .orderBy(asc(campaigns.id));
  return rows.map((row) => row.id);
}

/** A campaign that is in none of these is over. */
export const LIVE: readonly CampaignStatus[] = ['draft', 'scheduled', 'running', 'paused', 'failed'];

/** Ids of every running campaign, for the reaper that wakes them. */
export async function runningCampaignIds(executor: Executor): Promise<number[]> {
  const rows = await executor
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(eq(campaigns.status, 'running'));
  return rows.map((row) => row.id);
}

/** Ids of campaigns that the product paused, of which nobody is left and no other run follows: the reaper has them end. */
export async function doneWhilePausedIds(executor: Executor): Promise<number[]> {
  const rows = await executor
    .select({ id: campaigns.id })
    .from(campaigns)
    .innerJoin(campaignCounts, eq(campaignCounts.campaignId, campaigns.id))
    .where(
      and(
        eq(campaigns.status, 'paused'),
        isNotNull(campaigns.hold),
        isNull(campaigns.nextRunAt),
        eq(campaignCounts.pending, 0),
        eq(campaignCounts.in_progress, 0),
      ),
    );
  return rows.map((row) => row.id);
}

/** How many campaigns run, in every workspace together. */
export async function countRunning(executor: Executor): Promise<number> {
  return executor.$count(campaigns, eq(campaigns.status, 'running'));
}

/** Writes down who did what. */
export async function recordCampaignEvent(
  executor: Executor,
  event: typeof campaignEvents.$inferInsert,
): Promise<void> {
  await executor.insert(campaignEvents).values(event);
}

/** What the card tells besides the counts: answers, opt-outs, and what waits for somebody's decision. */
export async function readSideCounts(executor: Executor, campaignId: number) {
  const [texts] = await executor
    .select({
      replies: sql<number>`(count(*) filter (where ${inboundTexts.verdict} <> 'stop'))::int`,
    })
    .from(inboundTexts)
    .where(eq(inboundTexts.campaignId, campaignId));
  const [reviews] = await executor
    .select({ total: count() })
    .from(attempts)
    .where(and(eq(attempts.campaignId, campaignId), eq(attempts.state, 'needs_review')));
  const [held] = await executor
    .select({ total: count() })
    .from(contactHolds)
    .where(and(eq(contactHolds.campaignId, campaignId), sql`${contactHolds.decidedAt} is null`));
  return {
    replies: texts?.replies ?? 0,
    optOuts: await executor.$count(
      suppressions,
      and(eq(suppressions.campaignId, campaignId), isNull(suppressions.liftedAt)),
    ),
    needsReview: (reviews?.total ?? 0) + (held?.total ?? 0),
  };
}

/** Keeps why a running campaign rests; one that was stopped meanwhile keeps the reason of that. */
export async function holdRunning(executor: Executor, campaignId: number, hold: Hold): Promise<void> {
  await executor
    .update(campaigns)
    .set({ hold })
    .where(and(eq(campaigns.id, campaignId), eq(campaigns.status, 'running')));
}

/** Keeps since when the results file of a campaign is to be posted; null once it is, or cannot be. */
export async function keepResultsDue(
  executor: Executor,
  campaignId: number,
  since: Date | null,
): Promise<void> {
  await executor.update(campaigns).set({ resultsDueAt: since }).where(eq(campaigns.id, campaignId));
}

/** Campaigns whose results file is still to be posted. */
export async function resultsDueIds(executor: Executor): Promise<number[]> {
  const rows = await executor
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(isNotNull(campaigns.resultsDueAt));
  return rows.map((row) => row.id);
}
