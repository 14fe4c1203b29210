import {
  and,
  asc,
  count,
  desc,
  eq,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  min,
  notExists,
  or,
  sql,
} from 'drizzle-orm/sql';
import { getTableColumns } from 'drizzle-orm/utils';
import type { Executor } from './client.ts';
import { webhookDeliveries as deliveries, webhooks } from './webhook-schema.ts';

export type DeliveryRow = typeof deliveries.$inferSelect;

/**
 * Has deliveries that were just written down wait to be sent, oldest first, at most `limit`; returns the webhooks they are
 * for and how many there were. The instant becomes theirs where their cause has none of its own.
 */
export async function noticeDeliveries(
  executor: Executor,
  now: Date,
  limit: number,
): Promise<{ webhookIds: number[]; noticed: number }> {
  const rows = await executor.execute<{ webhook_id: number; noticed: number }>(sql`
    with fresh as (
      select webhook_id, id from webhook_deliveries where next_try_at is null and state = 'waiting'
      order by id limit ${limit} for update skip locked
    ), noticed as (
      update webhook_deliveries d set next_try_at = ${now.toISOString()}::timestamptz,
        created_at = coalesce(d.created_at, ${now.toISOString()}::timestamptz)
      from fresh where d.webhook_id = fresh.webhook_id and d.id = fresh.id returning d.webhook_id
    ) select webhook_id, count(*)::int as noticed from noticed group by webhook_id order by webhook_id`);
  return {
    webhookIds: rows.map((row) => row.webhook_id),
    noticed: rows.reduce((sum, row) => sum + row.noticed, 0),
  };
}

/** Writes a delivery down that no trigger did; its id. */
export async function insertDelivery(
  executor: Executor,
  row: typeof deliveries.$inferInsert,
): Promise<number> {
  const [made] = await executor.insert(deliveries).values(row).returning({ id: deliveries.id });
  if (!made) throw new Error('a delivery was not written down');
  return made.id;
}

/** A delivery that somebody sends, and when it was due before they took it. */
export type TakenDelivery = DeliveryRow & { dueAt: Date | null };

/**
 * Takes the oldest due deliveries of a webhook to send them; each counts as tried. Whoever takes them and dies has them
 * due again at `leaseUntil`.
 */
export async function takeDeliveries(
  executor: Executor,
  { webhookId, now, leaseUntil, limit }: { webhookId: number; now: Date; leaseUntil: Date; limit: number },
): Promise<TakenDelivery[]> {
  const dueBefore = sql<Date | null>`${deliveries.nextTryAt}`.mapWith(deliveries.nextTryAt);
  const due = executor.$with('due').as(
    executor
      .select({ id: sql<number>`${deliveries.id}`.as('due_id'), dueAt: dueBefore.as('due_at') })
      .from(deliveries)
      .where(and(waitingFor(webhookId), lte(deliveries.nextTryAt, now)))
      .orderBy(asc(deliveries.nextTryAt), asc(deliveries.id))
      .limit(limit)
      .for('update', { skipLocked: true }),
  );
  const rows = await executor
    .with(due)
    .update(deliveries)
    .set({ tries: sql`${deliveries.tries} + 1`, triedAt: now, nextTryAt: leaseUntil })
    .from(due)
    .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.id, due.id)))
    .returning({ ...getTableColumns(deliveries), dueAt: due.dueAt });
  return rows.sort((a, b) => a.id - b.id);
}

/** What came of a try that was taken as `tries`. */
export type Settlement = { id: number; tries: number } & Pick<
  DeliveryRow,
  'state' | 'nextTryAt' | 'deliveredAt' | 'responseStatus' | 'responseMs' | 'responseBody' | 'problem'
>;

/** Keeps what came of a batch; a delivery that was taken again meanwhile belongs to whoever took it. */
export async function settleDeliveries(
  executor: Executor,
  webhookId: number,
  settlements: Settlement[],
): Promise<void> {
  await executor.execute(sql`
    update webhook_deliveries d set state = s.state, next_try_at = s."nextTryAt", delivered_at = s."deliveredAt",
      response_status = s."responseStatus", response_ms = s."responseMs", response_body = s."responseBody",
      problem = s.problem
    from jsonb_to_recordset(${JSON.stringify(settlements)}::text::jsonb) as s(
      id bigint, tries smallint, state text, "nextTryAt" timestamptz, "deliveredAt" timestamptz,
      "responseStatus" smallint, "responseMs" int, "responseBody" text, problem text)
    where d.webhook_id = ${webhookId} and d.id = s.id and d.tries = s.tries and d.state = 'waiting'`);
}

/** Gives deliveries back that were taken and not tried; each keeps its place among what waits. */
export async function handBack(executor: Executor, webhookId: number, rows: TakenDelivery[]): Promise<void> {
  if (rows.length === 0) return;
  const given = rows.map(({ id, tries, dueAt }) => ({ id, tries, dueAt }));
  await executor.execute(sql`
    update webhook_deliveries d set tries = d.tries - 1, next_try_at = g."dueAt"
    from jsonb_to_recordset(${JSON.stringify(given)}::text::jsonb) as g(id bigint, tries smallint, "dueAt" timestamptz)
    where d.webhook_id = ${webhookId} and d.id = g.id and d.tries = g.tries and d.state = 'waiting'`);
}

/** When something is to be sent to a webhook next; null when nothing waits. */
export async function nextDeliveryAt(executor: Executor, webhookId: number): Promise<Date | null> {
  const [row] = await executor
    .select({ at: min(deliveries.nextTryAt) })
    .from(deliveries)
    .where(waitingFor(webhookId));
  return row?.at ?? null;
}

/** What was noticed and is still to be sent to a webhook. */
function waitingFor(webhookId: number) {
  return and(
    eq(deliveries.webhookId, webhookId),
    eq(deliveries.state, 'waiting'),
    isNotNull(deliveries.nextTryAt),
  );
}

export type DeliveryFilter = { webhookId: number; state?: DeliveryRow['state'] | undefined };

/** What was told to a webhook, newest first. */
export async function listDeliveryRows(
  executor: Executor,
  { webhookId, state }: DeliveryFilter,
  page: { limit: number; offset: number },
): Promise<{ rows: DeliveryRow[]; total: number }> {
  const where = and(
    eq(deliveries.webhookId, webhookId),
    isNotNull(deliveries.createdAt),
    state ? eq(deliveries.state, state) : undefined,
  );
  const rows = await executor
    .select()
    .from(deliveries)
    .where(where)
    .orderBy(desc(deliveries.id))
    .limit(page.limit)
    .offset(page.offset);
  return { rows, total: await executor.$count(deliveries, where) };
}

export async function readDelivery(
  executor: Executor,
  { webhookId, deliveryId }: { webhookId: number; deliveryId: number },
): Promise<DeliveryRow | null> {
  const [row] = await executor
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.id, deliveryId)));
  return row ?? null;
}

/** Has a delivery sent again as if it had never been tried, whatever came of it. */
export async function waitAgain(
  executor: Executor,
  { webhookId, deliveryId, dueAt }: { webhookId: number; deliveryId: number; dueAt: Date },
): Promise<void> {
  await executor
    .update(deliveries)
    .set({ state: 'waiting', tries: 0, nextTryAt: dueAt })
    .where(and(eq(deliveries.webhookId, webhookId), eq(deliveries.id, deliveryId)));
}

/** How many wait for each of these webhooks; those that nothing waits for are not among them. */
export async function countWaiting(executor: Executor, webhookIds: number[]): Promise<Map<number, number>> {
  if (webhookIds.length === 0) return new Map();
  const rows = await executor
    .select({ id: deliveries.webhookId, waiting: count() })
    .from(deliveries)
    .where(and(inArray(deliveries.webhookId, webhookIds), eq(deliveries.state, 'waiting')))
    .groupBy(deliveries.webhookId);
  return new Map(rows.map(({ id, waiting }) => [id, waiting]));
}

/** Webhooks that something is due for and that may be sent to; those that nobody sends to now, for the reaper. */
export async function webhooksWithDue(executor: Executor, now: Date): Promise<number[]> {
  const rows = await executor
    .selectDistinct({ id: deliveries.webhookId })
    .from(deliveries)
    .innerJoin(webhooks, eq(webhooks.id, deliveries.webhookId))
    .where(
      and(
        eq(webhooks.isActive, true),
        or(isNull(webhooks.leaseUntil), lte(webhooks.leaseUntil, now)),
        or(isNull(webhooks.restUntil), lte(webhooks.restUntil, now)),
        eq(deliveries.state, 'waiting'),
        lte(deliveries.nextTryAt, now),
      ),
    );
  return rows.map(({ id }) => id);
}

/** Whether something was written down that nobody has noticed. */
export async function hasUnnoticed(executor: Executor): Promise<boolean> {
  const rows = await executor
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(isNull(deliveries.nextTryAt), eq(deliveries.state, 'waiting')))
    .limit(1);
  return rows.length > 0;
}

/** Forgets deliveries of before an instant, and those of webhooks that are gone. */
export async function purgeDeliveries(executor: Executor, before: Date): Promise<void> {
  await executor.delete(deliveries).where(lt(deliveries.createdAt, before));
  await executor
    .delete(deliveries)
    .where(
      notExists(
        executor.select({ id: webhooks.id }).from(webhooks).where(eq(webhooks.id, deliveries.webhookId)),
      ),
    );
}
