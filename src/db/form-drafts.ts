import { and, eq, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { formDrafts } from './slack-schema.ts';

export type FormDraftRow = typeof formDrafts.$inferSelect;

/** Keeps a draft, its version one higher than before; null when it belongs to somebody else. */
export async function upsertFormDraft(
  executor: Executor,
  row: Pick<FormDraftRow, 'id' | 'workspaceId' | 'userId' | 'kind' | 'data' | 'updatedAt'>,
): Promise<number | null> {
  const [kept] = await executor
    .insert(formDrafts)
    .values(row)
    .onConflictDoUpdate({
      target: formDrafts.id,
      set: {
        data: row.data,
        kind: row.kind,
        updatedAt: row.updatedAt,
        version: sql`${formDrafts.version} + 1`,
      },
      setWhere: eq(formDrafts.userId, row.userId),
    })
    .returning({ version: formDrafts.version });
  return kept?.version ?? null;
}

export async function readFormDraft(
  executor: Executor,
  id: string,
  userId: string,
): Promise<FormDraftRow | null> {
  const [row] = await executor
    .select()
    .from(formDrafts)
    .where(and(eq(formDrafts.id, id), eq(formDrafts.userId, userId)));
  return row ?? null;
}
