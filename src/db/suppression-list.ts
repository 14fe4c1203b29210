import { and, count, desc, eq, gt, inArray, isNull, lt, sql } from 'drizzle-orm/sql';
import type { ListSearch } from '#domain/do-not-call.ts';
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

/** Which entries in force are meant; `campaignId` is the only campaign that they count for. */
export type ListChoice = {
  workspaceId: number;
  search: ListSearch | null;
  channel: ListedEntry['channel'] | null;
  campaignId: number | null;
};

/** How many entries in force fit a choice. */
export async function countChosen(executor: Executor, choice: ListChoice): Promise<number> {
  return executor.$count(suppressions, fits(choice));
}

/** A page of the entries in force that fit a choice, the newest first; pages before it are walked over in the index alone. */
export async function pageOfSuppressions(
  executor: Executor,
  { offset, limit, ...choice }: ListChoice & { offset: number; limit: number },
): Promise<ListedEntry[]> {
  const page = executor
    .select({ id: suppressions.id })
    .from(suppressions)
    .where(fits(choice))
    .orderBy(desc(suppressions.id))
    .limit(limit)
    .offset(offset);
  const rows = await listed(executor).where(inArray(suppressions.id, page)).orderBy(desc(suppressions.id));
  return rows.map(({ entry, onlyCampaignName }) => ({ ...entry, onlyCampaignName }));
}

/** One entry of a workspace that is in force, or null. */
export async function readSuppression(
  executor: Executor,
  workspaceId: number,
  id: number,
): Promise<ListedEntry | null> {
  const [row] = await listed(executor).where(and(inForce(workspaceId), eq(suppressions.id, id)));
  return row ? { ...row.entry, onlyCampaignName: row.onlyCampaignName } : null;
}

function fits({ workspaceId, search, channel, campaignId }: ListChoice) {
  return and(
    inForce(workspaceId),
    channel === null ? undefined : eq(suppressions.channel, channel),
    campaignId === null ? undefined : eq(suppressions.onlyCampaignId, campaignId),
    search ? searched(search) : undefined,
  );
}

function searched(search: ListSearch) {
  return 'digits' in search
    ? sql`position(${search.digits}::text in ${suppressions.phoneNumber}) > 0`
    : sql`position(lower(${search.words}::text) in lower(${suppressions.reason})) > 0`;
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
