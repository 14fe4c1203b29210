import { and, count, desc, eq, ilike, or } from 'drizzle-orm/sql';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import { assistants } from './call-schema.ts';
import type { CampaignRow } from './campaigns.ts';
import type { Executor } from './client.ts';
import { isKept } from './kept.ts';
import { campaignCounts, campaigns } from './schema.ts';

/** Which campaigns of a workspace: `search` looks into name and description, capitals aside. */
export type RecordFilter = {
  workspaceId: number;
  status?: CampaignStatus | undefined;
  campaignType?: CampaignRow['campaignType'] | undefined;
  assistantId?: number | undefined;
  search?: string | undefined;
};

const columns = { campaign: campaigns, counts: campaignCounts, assistantName: assistants.name };

/** A campaign with its counts and the name of its assistant; null when the workspace has none with this id. */
export async function readCampaignRecord(executor: Executor, workspaceId: number, campaignId: number) {
  const [row] = await select(executor).where(
    and(eq(campaigns.id, campaignId), eq(campaigns.workspaceId, workspaceId), isKept),
  );
  return row ?? null;
}
export type CampaignRecord = NonNullable<Awaited<ReturnType<typeof readCampaignRecord>>>;

/** A page of campaigns, newest first, and how many there are in all. */
export async function listCampaignRecords(
  executor: Executor,
  filter: RecordFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ records: CampaignRecord[]; total: number }> {
  const where = whereOf(filter);
  const [records, [all]] = await Promise.all([
    select(executor).where(where).orderBy(desc(campaigns.id)).limit(limit).offset(offset),
    executor.select({ total: count() }).from(campaigns).where(where),
  ]);
  return { records, total: all?.total ?? 0 };
}

function select(executor: Executor) {
  return executor
    .select(columns)
    .from(campaigns)
    .innerJoin(campaignCounts, eq(campaignCounts.campaignId, campaigns.id))
    .leftJoin(assistants, eq(assistants.id, campaigns.assistantId))
    .$dynamic();
}

function whereOf({ workspaceId, status, campaignType, assistantId, search }: RecordFilter) {
  const like = search?.trim() ? `%${search.trim().replace(/[\\%_]/g, '\\$&')}%` : null;
  return and(
    eq(campaigns.workspaceId, workspaceId),
    isKept,
    status ? eq(campaigns.status, status) : undefined,
    campaignType ? eq(campaigns.campaignType, campaignType) : undefined,
    assistantId ? eq(campaigns.assistantId, assistantId) : undefined,
    like ? or(ilike(campaigns.name, like), ilike(campaigns.description, like)) : undefined,
  );
}
