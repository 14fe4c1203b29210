import { and, count, desc, eq, gt, isNull, lt } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { campaigns, suppressions } from './schema.ts';

/** One entry of the do-not-call list with the name of the only campaign that it counts for, if there is one. */
export type ListedEntry = typeof suppressions.$inferSelect & { onlyCampaignName: string | null };

/** How many entries of single numbers are in force. */
export async function countSuppressions(executor: Executor, workspaceId: number): Promise<number> {
  const [row] = await executor.select({ entries: count() }).from(suppressions).where(inForce(workspaceId));
  return row?.entries ?? 0;
}

/** The newest entries in force before an id, or the newest of all. */
export async function newestSuppressions(
  executor: Executor,
  { workspaceId, beforeId, limit }: { workspaceId: number; beforeId: number | null; limit: number },
): Promise<ListedEntry[]> {
  const rows = await listed(executor)
    .where(and(inForce(workspaceId), beforeId === null ? undefined : lt(suppressions.id, beforeId)))
    .orderBy(desc(suppressions.id))
    .limit(limit);
  return rows.map(({ entry, onlyCampaignName }) => ({ ...entry, onlyCampaignName }));
}

/** The next entries in force behind an id, oldest first, for a file of all of them. */
export async function nextSuppressions(
  executor: Executor,
  { workspaceId, afterId, limit }: { workspaceId: number; afterId: number; limit: number },
): Promise<ListedEntry[]> {
  const rows = await listed(executor)
    .where(and(inForce(workspaceId), gt(suppressions.id, afterId)))
    .orderBy(suppressions.id)
    .limit(limit);
  return rows.map(({ entry, onlyCampaignName }) => ({ ...entry, onlyCampaignName }));
}

function listed(executor: Executor) {
  return executor
    .select({ entry: suppressions, onlyCampaignName: campaigns.name })
    .from(suppressions)
    .leftJoin(campaigns, eq(campaigns.id, suppressions.onlyCampaignId));
}

function inForce(workspaceId: number) {
  return and(eq(suppressions.workspaceId, workspaceId), isNull(suppressions.liftedAt));
}
