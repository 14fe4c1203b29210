import { and, count, desc, eq, or, sql } from 'drizzle-orm/sql';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import { assistants } from './call-schema.ts';
import type { CampaignRow } from './campaigns.ts';
import type { Executor } from './client.ts';
import { isKept } from './kept.ts';
import { keptStatement } from './kept-statements.ts';
import { campaignCounts, campaigns } from './schema.ts';

/** Which campaigns of a workspace: `search` looks into name and description, `named` into the name alone, capitals aside. */
export type RecordFilter = {
  workspaceId: number;
  status?: CampaignStatus | undefined;
  campaignType?: CampaignRow['campaignType'] | undefined;
  assistantId?: number | undefined;
  search?: string | undefined;
  named?: string | undefined;
};

const columns = { campaign: campaigns, counts: campaignCounts, assistantName: assistants.name };

/** A campaign with its counts and the name of its assistant; null when the workspace has none with this id. */
export async function readCampaignRecord(executor: Executor, workspaceId: number, campaignId: number) {
  const statement = keptStatement(executor, 'campaign record', (name) =>
    select(executor)
      .where(
        and(
          eq(campaigns.id, sql.placeholder('campaignId')),
          eq(campaigns.workspaceId, sql.placeholder('workspaceId')),
          isKept,
        ),
      )
      .prepare(name),
  );
  const [row] = await statement.execute({ campaignId, workspaceId });
  return row ?? null;
}
export type CampaignRecord = NonNullable<Awaited<ReturnType<typeof readCampaignRecord>>>;

/** A page of campaigns, newest first, and how many there are in all. */
export async function listCampaignRecords(
  executor: Executor,
  filter: RecordFilter,
  page: { limit: number; offset: number },
): Promise<{ records: CampaignRecord[]; total: number }> {
  const { search, named, ...plain } = filter;
  const values = { ...plain, search: patternOf(search), named: patternOf(named) };
  const names = Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : name));
  const records = keptStatement(executor, `campaign records by ${names}`, (name) =>
    select(executor)
      .where(whereOf(values))
      .orderBy(desc(campaigns.id))
      .limit(sql.placeholder('limit'))
      .offset(sql.placeholder('offset'))
      .prepare(name),
  );
  const all = keptStatement(executor, `campaign records counted by ${names}`, (name) =>
    executor.select({ total: count() }).from(campaigns).where(whereOf(values)).prepare(name),
  );
  const [found, [counted]] = await Promise.all([
    records.execute({ ...values, ...page }),
    all.execute(values),
  ]);
  return { records: found, total: counted?.total ?? 0 };
}

function select(executor: Executor) {
  return executor
    .select(columns)
    .from(campaigns)
    .innerJoin(campaignCounts, eq(campaignCounts.campaignId, campaigns.id))
    .leftJoin(assistants, eq(assistants.id, campaigns.assistantId))
    .$dynamic();
}

/** Which of these are given decides about the text of the condition; their values are put in when it is asked. */
function whereOf({ status, campaignType, assistantId, search, named }: RecordFilter) {
  const pattern = sql.placeholder('search');
  return and(
    eq(campaigns.workspaceId, sql.placeholder('workspaceId')),
    isKept,
    status ? eq(campaigns.status, sql.placeholder('status')) : undefined,
    campaignType ? eq(campaigns.campaignType, sql.placeholder('campaignType')) : undefined,
    assistantId === undefined ? undefined : eq(campaigns.assistantId, sql.placeholder('assistantId')),
    search
      ? or(sql`${campaigns.name} ilike ${pattern}`, sql`${campaigns.description} ilike ${pattern}`)
      : undefined,
    named ? sql`${campaigns.name} ilike ${sql.placeholder('named')}` : undefined,
  );
}

/** What these words stand anywhere in; nothing of them is a wildcard. */
function patternOf(words: string | undefined): string | undefined {
  return words?.trim() ? `%${words.trim().replace(/[\\%_]/g, '\\$&')}%` : undefined;
}
