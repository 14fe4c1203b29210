import { and, desc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm/sql';
import { LIVE } from './campaigns.ts';
import type { Executor, Transaction } from './client.ts';
import { approvals } from './policy-schema.ts';
import { campaigns } from './schema.ts';
import { posts } from './slack-schema.ts';

export type ApprovalRow = typeof approvals.$inferSelect;

/** An approval of a workspace's campaign; null when it has none with this id. */
export async function readApproval(
  executor: Executor,
  workspaceId: number,
  approvalId: number,
): Promise<ApprovalRow | null> {
  const [row] = await executor
    .select({ approval: approvals })
    .from(approvals)
    .innerJoin(campaigns, eq(campaigns.id, approvals.campaignId))
    .where(and(eq(approvals.id, approvalId), eq(campaigns.workspaceId, workspaceId)));
  return row?.approval ?? null;
}

/** The newest request of a campaign, whatever became of it. */
export async function newestApproval(executor: Executor, campaignId: number): Promise<ApprovalRow | null> {
  const [row] = await executor
    .select()
    .from(approvals)
    .where(eq(approvals.campaignId, campaignId))
    .orderBy(desc(approvals.id))
    .limit(1);
  return row ?? null;
}

/** What was approved last before a request, also when it stands no longer: what the next one is compared with. */
export async function lastApproved(
  executor: Executor,
  campaignId: number,
  beforeId?: number,
): Promise<ApprovalRow | null> {
  const [row] = await executor
    .select()
    .from(approvals)
    .where(
      and(
        eq(approvals.campaignId, campaignId),
        eq(approvals.decision, 'approved'),
        beforeId === undefined ? undefined : sql`${approvals.id} < ${beforeId}`,
      ),
    )
    .orderBy(desc(approvals.id))
    .limit(1);
  return row ?? null;
}

/** Requests of a workspace that nobody has decided, but for those that one person asked, oldest first. */
export async function openApprovals(
  executor: Executor,
  { workspaceId, notOf, limit }: { workspaceId: number; notOf: string; limit: number },
) {
  return executor
    .select({ approval: approvals, name: campaigns.name })
    .from(approvals)
    .innerJoin(campaigns, eq(campaigns.id, approvals.campaignId))
    .where(
      and(
        eq(campaigns.workspaceId, workspaceId),
        ne(approvals.requestedBy, notOf),
        isNull(approvals.decidedAt),
        isNull(approvals.voidedAt),
      ),
    )
    .orderBy(approvals.id)
    .limit(limit);
}

/** Inserts a request; null when another one is open. */
export async function insertApproval(
  tx: Transaction,
  row: typeof approvals.$inferInsert,
): Promise<ApprovalRow | null> {
  const [made] = await tx.insert(approvals).values(row).onConflictDoNothing().returning();
  return made ?? null;
}

/** Keeps a decision; false when somebody was faster, or an edit was. */
export async function keepDecision(
  tx: Transaction,
  approvalId: number,
  decided: Pick<ApprovalRow, 'decision' | 'decidedBy' | 'decidedAt' | 'reason'>,
): Promise<boolean> {
  const rows = await tx
    .update(approvals)
    .set(decided)
    .where(and(eq(approvals.id, approvalId), isNull(approvals.decidedAt), isNull(approvals.voidedAt)))
    .returning({ id: approvals.id });
  return rows.length > 0;
}

/** Ends what stands or is asked of a campaign; returns those it ended. */
export async function endApprovals(
  tx: Transaction,
  campaignId: number,
  ended: { voidedAt: Date; voidedBy: string },
): Promise<ApprovalRow[]> {
  return tx
    .update(approvals)
    .set(ended)
    .where(
      and(
        eq(approvals.campaignId, campaignId),
        isNull(approvals.voidedAt),
        or(isNull(approvals.decision), eq(approvals.decision, 'approved')),
      ),
    )
    .returning();
}

/** Keeps which approval stands, without a new version: what people see of the campaign is what it was. */
export async function keepApproval(
  tx: Transaction,
  campaignId: number,
  standing: { approvalId: number | null } | { attestedBy: string | null; attestedAt: Date | null },
): Promise<void> {
  await tx.update(campaigns).set(standing).where(eq(campaigns.id, campaignId));
}

/**
 * How many people a campaign is for, and a digest of who they are, what is said to them and where they are. It does not
 * depend on their order nor on how far the campaign is with them.
 */
export async function digestAudience(
  executor: Executor,
  campaignId: number,
): Promise<{ contacts: number; digest: string }> {
  const [row] = await executor.execute<{ contacts: number; digest: string | null }>(sql`
    select count(*)::int as contacts, encode(sha256(string_agg(one, ''::bytea order by one)), 'hex') as digest
    from (
      select sha256(convert_to(jsonb_build_array(phone_number, variable_values, custom_fields, own_zones, own_region)::text,
        'UTF8')) as one
      from contacts where campaign_id = ${campaignId}) people`);
  return { contacts: row?.contacts ?? 0, digest: row?.digest ?? '' };
}

/** Who last changed what a campaign does or whom it is for; null when only the product did. */
export async function lastEditor(
  executor: Executor,
  campaign: { id: number; workspaceId: number; assistantId: number | null },
  kinds: readonly string[],
): Promise<string | null> {
  const ofCampaign = sql`(campaign_id = ${campaign.id} and kind = any (array[${sql.join(
    kinds.map((kind) => sql`${kind}`),
    sql`, `,
  )}]::text[]))`;
  const ofAssistant = sql`(kind = 'assistant_updated' and details ->> 'assistantId' = ${String(campaign.assistantId ?? 0)})`;
  const [row] = await executor.execute<{ actor: string }>(sql`
    select actor from campaign_events
    where workspace_id = ${campaign.workspaceId} and actor <> 'system' and (${ofCampaign} or ${ofAssistant})
    order by id desc limit 1`);
  return row?.actor ?? null;
}

/**
 * Campaigns whose approval or request rests on an assistant, or on what a whole workspace says, to be ended when that
 * changes; by id, as they are locked.
 */
export async function campaignsApprovedWith(
  executor: Executor,
  changed: { assistantId: number } | { workspaceId: number },
): Promise<number[]> {
  const rows = await executor
    .selectDistinct({ id: campaigns.id })
    .from(campaigns)
    .innerJoin(approvals, eq(approvals.campaignId, campaigns.id))
    .where(
      and(
        'assistantId' in changed
          ? eq(campaigns.assistantId, changed.assistantId)
          : eq(campaigns.workspaceId, changed.workspaceId),
        inArray(campaigns.status, LIVE),
        isNull(approvals.voidedAt),
        or(isNull(approvals.decision), eq(approvals.decision, 'approved')),
      ),
    )
    .orderBy(campaigns.id);
  return rows.map(({ id }) => id);
}

/** A request with the message that asks for it and the campaign's name; null when it was never to be posted. */
export async function approvalPost(executor: Executor, approvalId: number) {
  const [row] = await executor
    .select({ approval: approvals, post: posts, name: campaigns.name })
    .from(approvals)
    .innerJoin(campaigns, eq(campaigns.id, approvals.campaignId))
    .innerJoin(posts, eq(posts.postKey, `approval:${approvalId}`))
    .where(eq(approvals.id, approvalId));
  return row ?? null;
}
