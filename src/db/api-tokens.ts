import { and, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm/sql';
import { apiTokens } from './api-schema.ts';
import type { Executor, Transaction } from './client.ts';

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

/**
 * The same, and the first token of its family (itself when nobody's token made it), locked until the transaction ends
 * against whoever takes requests of them, revokes them or makes others by them.
 */
export async function lockTokenByHash(
  tx: Transaction,
  tokenHash: string,
): Promise<{ token: ApiTokenRow; root: ApiTokenRow } | null> {
  const rows = await tx
    .select()
    .from(apiTokens)
    .where(
      inArray(
        apiTokens.id,
        sql`(select unnest(array[own.id, own.root_id]) from api_tokens own where own.token_hash = ${tokenHash})`,
      ),
    )
    // A token has a greater number than whoever made it: makers are locked first here, as where they are revoked.
    .orderBy(apiTokens.id)
    .for('no key update');
  const [root, token = root] = rows;
  return root && token ? { token, root } : null;
}

/** A token of the workspace, locked in the same way. */
export async function lockToken(
  tx: Transaction,
  { workspaceId, tokenId }: { workspaceId: number; tokenId: number },
): Promise<ApiTokenRow | null> {
  const [row] = await tx
    .select()
    .from(apiTokens)
    .where(and(eq(apiTokens.id, tokenId), eq(apiTokens.workspaceId, workspaceId)))
    .for('no key update');
  return row ?? null;
}

/** Keeps what was taken of a token's requests, or that it was used. */
export async function keepUse(
  executor: Executor,
  tokenId: number,
  use: Partial<Pick<ApiTokenRow, 'recentRequests' | 'lastUsedAt'>>,
): Promise<void> {
  await executor.update(apiTokens).set(use).where(eq(apiTokens.id, tokenId));
}

/** Tokens of a workspace that nobody has revoked, newest first; of a token itself and those made by it where one is given. */
export async function readTokens(
  executor: Executor,
  { workspaceId, madeBy, limit }: { workspaceId: number; madeBy: number | null; limit: number },
): Promise<ApiTokenRow[]> {
  return executor
    .select()
    .from(apiTokens)
    .where(
      and(
        eq(apiTokens.workspaceId, workspaceId),
        isNull(apiTokens.revokedAt),
        madeBy === null ? undefined : inArray(apiTokens.id, familyOf(madeBy)),
      ),
    )
    .orderBy(desc(apiTokens.id))
    .limit(limit);
}

export async function countTokensInForce(
  executor: Executor,
  { workspaceId, now }: { workspaceId: number; now: Date },
): Promise<number> {
  return executor.$count(
    apiTokens,
    and(
      eq(apiTokens.workspaceId, workspaceId),
      isNull(apiTokens.revokedAt),
      or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, now)),
    ),
  );
}

/** Whether one token is another or was made by it, directly or through others. */
export async function isInFamily(
  executor: Executor,
  { tokenId, of }: { tokenId: number; of: number },
): Promise<boolean> {
  const rows = await executor
    .select({ id: apiTokens.id })
    .from(apiTokens)
    .where(and(eq(apiTokens.id, tokenId), inArray(apiTokens.id, familyOf(of))));
  return rows.length > 0;
}

/** Ends a token and all that were made by it; returns those that were in force until then, in the order of their ids. */
export async function endTokens(
  tx: Transaction,
  { tokenId, revokedAt, revokedBy }: { tokenId: number; revokedAt: Date; revokedBy: string },
): Promise<number[]> {
  const ended = await tx
    .update(apiTokens)
    .set({ revokedAt, revokedBy })
    .where(and(inArray(apiTokens.id, familyOf(tokenId)), isNull(apiTokens.revokedAt)))
    .returning({ id: apiTokens.id });
  return ended.map(({ id }) => id).sort((a, b) => a - b);
}

/** Who made a token, directly or through others, as rows name an actor; any other actor stands for themselves. */
export async function personBehind(executor: Executor, actor: string): Promise<string> {
  const tokenId = /^token:(\d+)$/.exec(actor)?.[1];
  if (tokenId === undefined) return actor;
  const [first] = await executor.execute<{ by: string }>(sql`
    with recursive line as (
      select parent_id, created_by from api_tokens where id = ${tokenId}::int
      union all select t.parent_id, t.created_by from api_tokens t join line on t.id = line.parent_id
    ) select created_by as by from line where parent_id is null`);
  return first?.by ?? actor;
}

function familyOf(tokenId: number) {
  return sql`(
    with recursive family as (
      select id from api_tokens where id = ${tokenId}
      union select child.id from api_tokens child join family on child.parent_id = family.id
    ) select id from family)`;
}
