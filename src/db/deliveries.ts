import { and, eq, isNull, lte, or, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { slackDeliveries } from './slack-schema.ts';

export type DeliveryRow = typeof slackDeliveries.$inferSelect;

/** Stores a delivery of Slack; null when one with this key is stored already. */
export async function insertDelivery(
  executor: Executor,
  row: typeof slackDeliveries.$inferInsert,
): Promise<number | null> {
  const [made] = await executor
    .insert(slackDeliveries)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: slackDeliveries.id });
  return made?.id ?? null;
}

/** Takes a delivery that nobody is handling; null when it is handled or being handled. */
export async function takeDelivery(
  executor: Executor,
  id: number,
  now: Date,
  leaseUntil: Date,
): Promise<DeliveryRow | null> {
  const [row] = await executor
    .update(slackDeliveries)
    .set({ leaseUntil, tries: sql`${slackDeliveries.tries} + 1` })
    .where(
      and(
        eq(slackDeliveries.id, id),
        isNull(slackDeliveries.handledAt),
        or(isNull(slackDeliveries.leaseUntil), lte(slackDeliveries.leaseUntil, now)),
      ),
    )
    .returning();
  return row ?? null;
}

export async function changeDelivery(
  executor: Executor,
  id: number,
  change: Partial<DeliveryRow>,
): Promise<void> {
  await executor.update(slackDeliveries).set(change).where(eq(slackDeliveries.id, id));
}

/** Deliveries that wait or whose handler died, for the reaper. */
export async function openDeliveryIds(executor: Executor, now: Date): Promise<number[]> {
  const rows = await executor
    .select({ id: slackDeliveries.id })
    .from(slackDeliveries)
    .where(
      and(
        isNull(slackDeliveries.handledAt),
        or(isNull(slackDeliveries.leaseUntil), lte(slackDeliveries.leaseUntil, now)),
      ),
    )
    .limit(500);
  return rows.map((row) => row.id);
}
