import { and, desc, eq, gt, lt, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { campaignEvents, campaigns } from './schema.ts';

/** What is asked of the log: of one campaign, or of the whole workspace. */
export type AuditScope = { workspaceId: number; campaignId: number | null };

const columns = {
  id: campaignEvents.id,
  campaignId: campaignEvents.campaignId,
  campaignName: campaigns.name,
  actor: campaignEvents.actor,
  kind: campaignEvents.kind,
  details: campaignEvents.details,
  createdAt: campaignEvents.createdAt,
};

/** A page of what was done, newest first. */
export async function readEvents(
  executor: Executor,
  scope: AuditScope,
  { limit, offset }: { limit: number; offset: number },
) {
  return executor
    .select(columns)
    .from(campaignEvents)
    .leftJoin(campaigns, eq(campaigns.id, campaignEvents.campaignId))
    .where(inScope(scope))
    .orderBy(desc(campaignEvents.id))
    .limit(limit)
    .offset(offset);
}
export type EventRow = Awaited<ReturnType<typeof readEvents>>[number];

/** What was done before an event, newest first; from the newest on without one. */
export async function readEventsBefore(
  executor: Executor,
  scope: AuditScope,
  beforeId: number | null,
  limit: number,
): Promise<EventRow[]> {
  return executor
    .select(columns)
    .from(campaignEvents)
    .leftJoin(campaigns, eq(campaigns.id, campaignEvents.campaignId))
    .where(and(inScope(scope), beforeId === null ? undefined : lt(campaignEvents.id, beforeId)))
    .orderBy(desc(campaignEvents.id))
    .limit(limit);
}

const RECENT_EVENTS = 500;

/** Whether the same was done by the same since then, as far as that is among the newest deeds of the workspace. */
export async function hasRecentEvent(
  executor: Executor,
  { workspaceId, actor, kind, details }: typeof campaignEvents.$inferInsert,
  since: Date,
): Promise<boolean> {
  const recent = executor
    .select()
    .from(campaignEvents)
    .where(eq(campaignEvents.workspaceId, workspaceId))
    .orderBy(desc(campaignEvents.id))
    .limit(RECENT_EVENTS)
    .as('recent');
  const isSame = and(eq(recent.actor, actor), eq(recent.kind, kind), gt(recent.createdAt, since));
  const rows = await executor
    .select({ id: recent.id })
    .from(recent)
    .where(and(isSame, sql`${recent.details} = ${JSON.stringify(details)}::jsonb`))
    .limit(1);
  return rows.length > 0;
}

export async function countEvents(executor: Executor, scope: AuditScope): Promise<number> {
  const [row] = await executor
    .select({ total: sql<number>`count(*)::int` })
    .from(campaignEvents)
    .where(inScope(scope));
  return row?.total ?? 0;
}

function inScope({ workspaceId, campaignId }: AuditScope) {
  return and(
    eq(campaignEvents.workspaceId, workspaceId),
    campaignId === null ? undefined : eq(campaignEvents.campaignId, campaignId),
  );
}
