import { and, eq, isNull } from 'drizzle-orm/sql';
import { apiRequests } from './api-schema.ts';
import type { Executor, Transaction } from './client.ts';

export type ApiRequestRow = typeof apiRequests.$inferSelect;
/** A request is known by its token and its Idempotency-Key. */
export type RequestRef = Pick<ApiRequestRow, 'tokenId' | 'idempotencyKey'>;

/** Writes a request down; false when its key is known already. */
export async function insertRequest(
  executor: Executor,
  row: typeof apiRequests.$inferInsert,
): Promise<boolean> {
  const made = await executor
    .insert(apiRequests)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: apiRequests.tokenId });
  return made.length > 0;
}

/** A request that is known, locked until the transaction ends. */
export async function lockRequest(tx: Transaction, ref: RequestRef): Promise<ApiRequestRow | null> {
  const [row] = await tx.select().from(apiRequests).where(isThat(ref)).for('update');
  return row ?? null;
}

export async function changeRequest(
  executor: Executor,
  ref: RequestRef,
  change: Partial<Omit<ApiRequestRow, keyof RequestRef>>,
): Promise<void> {
  await executor.update(apiRequests).set(change).where(isThat(ref));
}

/** The same, unless it has its answer by now. */
export async function changeUnanswered(
  executor: Executor,
  ref: RequestRef,
  change: Partial<Omit<ApiRequestRow, keyof RequestRef>>,
): Promise<void> {
  await executor
    .update(apiRequests)
    .set(change)
    .where(and(isThat(ref), isNull(apiRequests.status)));
}

function isThat({ tokenId, idempotencyKey }: RequestRef) {
  return and(eq(apiRequests.tokenId, tokenId), eq(apiRequests.idempotencyKey, idempotencyKey));
}
