import { and, asc, eq, inArray, isNull, lte, or, sql } from 'drizzle-orm/sql';
import { apiTokens } from './api-schema.ts';
import type { Executor, Transaction } from './client.ts';
import { campaigns } from './schema.ts';
import { webhooks } from './webhook-schema.ts';

export type WebhookRow = typeof webhooks.$inferSelect;

/** Keeps a webhook; the one that already has this creation key when there is one. */
export async function insertWebhook(
  tx: Transaction,
  row: typeof webhooks.$inferInsert & { creationKey: string },
): Promise<{ webhook: WebhookRow; isNew: boolean }> {
  const [made] = await tx.insert(webhooks).values(row).onConflictDoNothing().returning();
  if (made) return { webhook: made, isNew: true };
  const [known] = await tx.select().from(webhooks).where(eq(webhooks.creationKey, row.creationKey));
  if (!known) throw new Error('a webhook that could not be made twice was not there either');
  return { webhook: known, isNew: false };
}

/** A webhook of a workspace; null for none, and for one of another workspace. */
export async function readWebhook(
  executor: Executor,
  { workspaceId, webhookId }: { workspaceId: number; webhookId: number },
): Promise<WebhookRow | null> {
  const [row] = await executor.select().from(webhooks).where(ownedBy(workspaceId, webhookId));
  return row ?? null;
}

/** The same, locked until the transaction ends against others who change it. */
export async function lockWebhook(
  tx: Transaction,
  { workspaceId, webhookId }: { workspaceId: number; webhookId: number },
): Promise<WebhookRow | null> {
  const [row] = await tx.select().from(webhooks).where(ownedBy(workspaceId, webhookId)).for('no key update');
  return row ?? null;
}

/** The webhooks of a workspace in the order in which they were made, with the names of their campaigns. */
export async function listWebhookRows(
  executor: Executor,
  filter: { workspaceId: number; campaignId?: number | undefined },
  page: { limit: number; offset: number },
): Promise<{ rows: { webhook: WebhookRow; campaignName: string | null }[]; total: number }> {
  const where = and(
    eq(webhooks.workspaceId, filter.workspaceId),
    filter.campaignId === undefined ? undefined : eq(webhooks.campaignId, filter.campaignId),
  );
  const rows = await executor
    .select({ webhook: webhooks, campaignName: campaigns.name })
    .from(webhooks)
    .leftJoin(campaigns, eq(campaigns.id, webhooks.campaignId))
    .where(where)
    .orderBy(asc(webhooks.id))
    .limit(page.limit)
    .offset(page.offset);
  return { rows, total: await executor.$count(webhooks, where) };
}

/** Those that are on and that one of these made, as rows name an actor; in the order of their numbers. */
export async function readWebhooksMadeBy(
  executor: Executor,
  { workspaceId, makers }: { workspaceId: number; makers: string[] },
): Promise<number[]> {
  const rows = await executor
    .select({ id: webhooks.id })
    .from(webhooks)
    .where(
      and(
        eq(webhooks.workspaceId, workspaceId),
        eq(webhooks.isActive, true),
        inArray(webhooks.createdBy, makers),
      ),
    )
    .orderBy(webhooks.id);
  return rows.map(({ id }) => id);
}

export async function countWebhooks(executor: Executor, workspaceId: number): Promise<number> {
  return executor.$count(webhooks, eq(webhooks.workspaceId, workspaceId));
}

export async function changeWebhook(
  executor: Executor,
  webhookId: number,
  change: Partial<WebhookRow>,
): Promise<WebhookRow | null> {
  const [row] = await executor.update(webhooks).set(change).where(eq(webhooks.id, webhookId)).returning();
  return row ?? null;
}

export async function deleteWebhookRow(executor: Executor, webhookId: number): Promise<void> {
  await executor.delete(webhooks).where(eq(webhooks.id, webhookId));
}

/**
 * Takes a webhook to send to it, alone until the lease ends. Otherwise the webhook as it stands, which somebody else sends
 * to, or which rests; null when it is gone or switched off.
 */
export async function takeWebhook(
  executor: Executor,
  webhookId: number,
  { now, leaseUntil }: { now: Date; leaseUntil: Date },
): Promise<{ isTaken: boolean; webhook: WebhookRow } | null> {
  const mayBeSentTo = and(eq(webhooks.id, webhookId), eq(webhooks.isActive, true));
  const [taken] = await executor
    .update(webhooks)
    .set({ leaseUntil })
    .where(
      and(
        mayBeSentTo,
        or(isNull(webhooks.leaseUntil), lte(webhooks.leaseUntil, now)),
        or(isNull(webhooks.restUntil), lte(webhooks.restUntil, now)),
      ),
    )
    .returning();
  if (taken) return { isTaken: true, webhook: taken };
  const [known] = await executor.select().from(webhooks).where(mayBeSentTo);
  return known ? { isTaken: false, webhook: known } : null;
}

/** Lets others send to it again; one that was lost to somebody else meanwhile stays theirs. */
export async function releaseWebhook(executor: Executor, { id, leaseUntil }: WebhookRow): Promise<void> {
  if (leaseUntil === null) return;
  await executor
    .update(webhooks)
    .set({ leaseUntil: null })
    .where(and(eq(webhooks.id, id), eq(webhooks.leaseUntil, leaseUntil)));
}

/**
 * The person behind a webhook, who is told when it is switched off: whoever made it, or the token that did; null where no
 * person of Slack is known.
 */
export async function makerOf(executor: Executor, { createdBy }: WebhookRow): Promise<string | null> {
  const [kind, id] = createdBy.split(':');
  if (kind === 'slack') return id ?? null;
  if (kind !== 'token') return null;
  const rows = await executor.execute<{ created_by: string }>(sql`
    with recursive line as (
      select ${apiTokens.parentId} as parent_id, ${apiTokens.createdBy} as created_by from ${apiTokens}
      where ${apiTokens.id} = ${Number(id)}
      union all
      select t.parent_id, t.created_by from ${apiTokens} t join line on t.id = line.parent_id
    ) select created_by from line where created_by like 'slack:%' limit 1`);
  return rows[0]?.created_by.slice('slack:'.length) ?? null;
}

function ownedBy(workspaceId: number, webhookId: number) {
  return and(eq(webhooks.id, webhookId), eq(webhooks.workspaceId, workspaceId));
}
