import { and, asc, eq, isNotNull, lt, sql } from 'drizzle-orm/sql';
import type { RememberedColumn } from '#domain/contact-import/mapping.ts';
import type { Executor } from './client.ts';
import { columnMappings, importRejects, imports } from './import-schema.ts';
import { campaigns, workspaces } from './schema.ts';

export type ImportRow = typeof imports.$inferSelect;

/** Takes a waiting import to run it; null when it runs, ended, or never was. */
export async function takeImport(
  executor: Executor,
  importId: number,
  startedAt: Date,
  leaseUntil: Date,
): Promise<ImportRow | null> {
  const [row] = await executor
    .update(imports)
    .set({ status: 'processing', startedAt, leaseUntil })
    .where(and(eq(imports.id, importId), eq(imports.status, 'pending')))
    .returning();
  return row ?? null;
}

/** What an import needs to know about where its contacts go. */
export async function readImportTarget(executor: Executor, campaignId: number) {
  const [row] = await executor
    .select({
      campaignType: campaigns.campaignType,
      status: campaigns.status,
      workspaceId: campaigns.workspaceId,
      defaultCountry: workspaces.defaultCountry,
    })
    .from(campaigns)
    .innerJoin(workspaces, eq(workspaces.id, campaigns.workspaceId))
    .where(eq(campaigns.id, campaignId));
  return row ?? null;
}

/** Which run of an import speaks: only the one that took it may change it. */
export type ImportRun = { importId: number; startedAt: Date };

/** Writes how far an import is and renews its lease; false when it was given up elsewhere. */
export async function keepImport(
  executor: Executor,
  run: ImportRun,
  change: Partial<Pick<ImportRow, (typeof COUNTS)[number]>> & { leaseUntil: Date },
): Promise<boolean> {
  const rows = await executor.update(imports).set(change).where(isRun(run)).returning({ id: imports.id });
  return rows.length > 0;
}

/** Ends an import of which nothing was loaded; false when it had ended already. */
export async function failImport(
  executor: Executor,
  run: ImportRun,
  failure: { problem: string; completedAt: Date },
): Promise<boolean> {
  const rows = await executor
    .update(imports)
    .set({ ...failure, ...NOTHING_COUNTED, status: 'failed', leaseUntil: null })
    .where(isRun(run))
    .returning({ id: imports.id });
  return rows.length > 0;
}

/** Puts an import back to be run again from the start. */
export async function releaseImport(executor: Executor, run: ImportRun): Promise<void> {
  await executor
    .update(imports)
    .set({ ...NOTHING_COUNTED, status: 'pending', startedAt: null, leaseUntil: null })
    .where(isRun(run));
}

/**
 * Puts back the imports whose process died, to be run again from their start: their transaction died with it. One that
 * brought it down as often as `most` says has ended. Returns them as they are now.
 */
export async function takeUpAbandoned(
  executor: Executor,
  { now, most, problem }: { now: Date; most: number; problem: string },
): Promise<ImportRow[]> {
  const isLast = sql`${imports.interruptions} + 1 >= ${most}`;
  return executor
    .update(imports)
    .set({
      ...NOTHING_COUNTED,
      interruptions: sql`${imports.interruptions} + 1`,
      status: sql`case when ${isLast} then 'failed' else 'pending' end`,
      startedAt: sql`case when ${isLast} then ${imports.startedAt} end`,
      problem: sql`case when ${isLast} then ${problem}::text end`,
      completedAt: sql`case when ${isLast} then ${now.toISOString()}::timestamptz end`,
      leaseUntil: null,
    })
    .where(and(eq(imports.status, 'processing'), lt(imports.leaseUntil, now)))
    .returning();
}

/** When the next lease of an import runs out, or null. */
export async function nextImportLeaseEndAt(executor: Executor): Promise<Date | null> {
  const [row] = await executor
    .select({ at: imports.leaseUntil })
    .from(imports)
    .where(and(eq(imports.status, 'processing'), isNotNull(imports.leaseUntil)))
    .orderBy(asc(imports.leaseUntil))
    .limit(1);
  return row?.at ?? null;
}

/** Imports that wait for a worker. */
export async function waitingImportIds(executor: Executor): Promise<number[]> {
  const rows = await executor.select({ id: imports.id }).from(imports).where(eq(imports.status, 'pending'));
  return rows.map((row) => row.id);
}

export async function readImport(executor: Executor, importId: number): Promise<ImportRow | null> {
  const [row] = await executor.select().from(imports).where(eq(imports.id, importId));
  return row ?? null;
}

/** The file of rejected rows, piece by piece; empty when every row was loaded. */
export async function* readRejects(executor: Executor, importId: number): AsyncGenerator<string> {
  for (let seq = 0; ; seq += 1) {
    const [piece] = await executor
      .select({ csv: importRejects.csv })
      .from(importRejects)
      .where(and(eq(importRejects.importId, importId), eq(importRejects.seq, seq)));
    if (!piece) return;
    yield piece.csv;
  }
}

/** The mapping confirmed last for these headers, or null. */
export async function readColumnMapping(
  executor: Executor,
  workspaceId: number,
  fingerprint: string,
): Promise<RememberedColumn[] | null> {
  const [row] = await executor
    .select({ mapping: columnMappings.mapping })
    .from(columnMappings)
    .where(and(eq(columnMappings.workspaceId, workspaceId), eq(columnMappings.fingerprint, fingerprint)));
  return (row?.mapping as RememberedColumn[] | undefined) ?? null;
}

/** Keeps the mapping that a person confirmed, to be offered again for the same headers. */
export async function saveColumnMapping(
  executor: Executor,
  row: {
    workspaceId: number;
    fingerprint: string;
    mapping: RememberedColumn[];
    updatedBy: string;
    updatedAt: Date;
  },
): Promise<void> {
  const { mapping, updatedBy, updatedAt } = row;
  await executor
    .insert(columnMappings)
    .values(row)
    .onConflictDoUpdate({
      target: [columnMappings.workspaceId, columnMappings.fingerprint],
      set: { mapping, updatedBy, updatedAt },
    });
}

const COUNTS = [
  'rowCount',
  'importedCount',
  'duplicateCount',
  'existingCount',
  'invalidCount',
  'suppressedCount',
] as const;

// What had been counted of a file that was not loaded in the end would be taken for what was.
const NOTHING_COUNTED = {
  rowCount: 0,
  importedCount: 0,
  duplicateCount: 0,
  existingCount: 0,
  invalidCount: 0,
  suppressedCount: 0,
};

function isRun({ importId, startedAt }: ImportRun) {
  return and(eq(imports.id, importId), eq(imports.status, 'processing'), eq(imports.startedAt, startedAt));
}
