import { and, desc, eq, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { imports } from './import-schema.ts';

export type ImportRow = typeof imports.$inferSelect;

export type ImportWithRejects = { row: ImportRow; hasRejects: boolean };

/** The imports of a campaign, newest first, and how many there are. */
export async function readImportsOf(
  executor: Executor,
  campaignId: number,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: ImportWithRejects[]; total: number }> {
  const rows = await executor
    .select(WITH_REJECTS)
    .from(imports)
    .where(eq(imports.campaignId, campaignId))
    .orderBy(desc(imports.id))
    .limit(limit)
    .offset(offset);
  const total = await executor.$count(imports, eq(imports.campaignId, campaignId));
  return { rows, total };
}

/** An import of a campaign, or null. */
export async function readImportOf(
  executor: Executor,
  campaignId: number,
  importId: number,
): Promise<ImportWithRejects | null> {
  const [found] = await executor
    .select(WITH_REJECTS)
    .from(imports)
    .where(and(eq(imports.id, importId), eq(imports.campaignId, campaignId)));
  return found ?? null;
}

const WITH_REJECTS = {
  row: imports,
  hasRejects: sql<boolean>`exists (select from import_rejects r where r.import_id = ${imports.id})`,
};
