import { eq } from 'drizzle-orm/sql';
import { apiTokens } from './api-schema.ts';
import type { Executor } from './client.ts';

export type ApiTokenRow = typeof apiTokens.$inferSelect;

export async function insertToken(
  executor: Executor,
  row: typeof apiTokens.$inferInsert,
): Promise<ApiTokenRow> {
  const [made] = await executor.insert(apiTokens).values(row).returning();
  if (!made) throw new Error('a token was not made');
  return made;
}

/** The token with this hash, also one that is revoked or over; null for none. */
export async function readTokenByHash(executor: Executor, tokenHash: string): Promise<ApiTokenRow | null> {
  const [row] = await executor.select().from(apiTokens).where(eq(apiTokens.tokenHash, tokenHash));
  return row ?? null;
}
