import { and, eq, inArray, isNull, lte, or } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { imports } from './import-schema.ts';
import { campaigns } from './schema.ts';

export type ImportRow = typeof imports.$inferSelect;

/** Asks for an import; the one that the same request made before when there is one. */
export async function insertImport(
  executor: Executor,
  row: typeof imports.$inferInsert,
): Promise<{ id: number; isNew: boolean }> {
  const [made] = await executor
    .insert(imports)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: imports.id });
  if (made) return { id: made.id, isNew: true };
  const [known] = await executor
    .select({ id: imports.id })
    .from(imports)
    .where(eq(imports.requestKey, row.requestKey ?? ''));
  if (!known) throw new Error('an import was neither made nor found');
  return { id: known.id, isNew: false };
}

/** An import with the campaign it loads into, or null. */
export async function readImportWithCampaign(executor: Executor, importId: number) {
  const [row] = await executor
    .select({ import: imports, campaignName: campaigns.name })
    .from(imports)
    .innerJoin(campaigns, eq(campaigns.id, imports.campaignId))
    .where(eq(imports.id, importId));
  return row ?? null;
}

export async function changeImport(
  executor: Executor,
  importId: number,
  change: Partial<ImportRow>,
): Promise<void> {
  await executor.update(imports).set(change).where(eq(imports.id, importId));
}

/** Takes the right to show an import's progress now; false when it was shown less than the interval ago. */
export async function takeShowing(
  executor: Executor,
  importId: number,
  now: Date,
  notSince: Date,
): Promise<boolean> {
  const rows = await executor
    .update(imports)
    .set({ progressAt: now })
    .where(and(eq(imports.id, importId), or(isNull(imports.progressAt), lte(imports.progressAt, notSince))))
    .returning({ id: imports.id });
  return rows.length > 0;
}

/** Imports whose end nobody has been told yet. */
export async function untoldImportIds(executor: Executor): Promise<number[]> {
  const rows = await executor
    .select({ id: imports.id })
    .from(imports)
    .where(and(inArray(imports.status, ['completed', 'failed']), isNull(imports.toldAt)));
  return rows.map((row) => row.id);
}
