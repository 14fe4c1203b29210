import { asc, inArray } from 'drizzle-orm/sql';
import type { RateBucket } from '#domain/pacing.ts';
import type { Transaction } from './client.ts';
import { rateBuckets } from './schema.ts';

/** The buckets of these scopes, locked in one order so that two claims cannot wait for each other; missing ones are made. */
export async function lockBuckets(
  tx: Transaction,
  scopes: string[],
  fresh: RateBucket,
): Promise<Map<string, RateBucket>> {
  const rows = [...scopes].sort().map((scope) => ({ scope, ...fresh }));
  await tx.insert(rateBuckets).values(rows).onConflictDoNothing();
  const locked = await tx
    .select()
    .from(rateBuckets)
    .where(inArray(rateBuckets.scope, scopes))
    .orderBy(asc(rateBuckets.scope))
    .for('update');
  return new Map(locked.map((row) => [row.scope, { tokens: row.tokens, refilledAt: row.refilledAt }]));
}

/** Keeps what is left in the buckets. */
export async function saveBuckets(tx: Transaction, buckets: Map<string, RateBucket>): Promise<void> {
  for (const [scope, bucket] of buckets) {
    await tx
      .insert(rateBuckets)
      .values({ scope, ...bucket })
      .onConflictDoUpdate({ target: rateBuckets.scope, set: bucket });
  }
}
