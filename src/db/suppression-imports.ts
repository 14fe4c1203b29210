import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { suppressionImports } from './policy-schema.ts';
import { BY_THE_PERSON, type SuppressionRow } from './suppressions.ts';

export type SuppressionImportRow = typeof suppressionImports.$inferSelect;

/** Asks for a file to be loaded into the list; the id of the one that the same request asked for before when there is one. */
export async function insertSuppressionImport(
  executor: Executor,
  row: typeof suppressionImports.$inferInsert,
): Promise<{ id: number; isNew: boolean }> {
  const [made] = await executor
    .insert(suppressionImports)
    .values(row)
    .onConflictDoNothing()
    .returning({ id: suppressionImports.id });
  if (made) return { id: made.id, isNew: true };
  const [known] = await executor
    .select({ id: suppressionImports.id })
    .from(suppressionImports)
    .where(eq(suppressionImports.requestKey, row.requestKey ?? ''));
  if (!known) throw new Error('an import of the list was neither made nor found');
  return { id: known.id, isNew: false };
}

/** Takes a file to load it: one that waits, or one whose loader died. Null when somebody else has it, or it ended. */
export async function takeSuppressionImport(
  executor: Executor,
  { id, now, leaseUntil }: { id: number; now: Date; leaseUntil: Date },
): Promise<SuppressionImportRow | null> {
  const isFree = or(isNull(suppressionImports.leaseUntil), lt(suppressionImports.leaseUntil, now));
  const [row] = await executor
    .update(suppressionImports)
    .set({ status: 'processing', leaseUntil })
    .where(
      and(
        eq(suppressionImports.id, id),
        or(
          eq(suppressionImports.status, 'pending'),
          and(eq(suppressionImports.status, 'processing'), isFree),
        ),
      ),
    )
    .returning();
  return row ?? null;
}

/** A file that was handed in for the list of a workspace, or null. */
export async function readSuppressionImport(
  executor: Executor,
  workspaceId: number,
  id: number,
): Promise<SuppressionImportRow | null> {
  const [row] = await executor
    .select()
    .from(suppressionImports)
    .where(and(eq(suppressionImports.id, id), eq(suppressionImports.workspaceId, workspaceId)));
  return row ?? null;
}

/** Lets a file be taken again at once; what was loaded of it stays. */
export async function releaseSuppressionImport(executor: Executor, id: number): Promise<void> {
  await executor
    .update(suppressionImports)
    .set({ status: 'pending', leaseUntil: null })
    .where(and(eq(suppressionImports.id, id), eq(suppressionImports.status, 'processing')));
}

/** Files that wait for somebody to load them, also because their loader died. */
export async function waitingSuppressionImportIds(executor: Executor, now: Date): Promise<number[]> {
  const rows = await executor
    .select({ id: suppressionImports.id })
    .from(suppressionImports)
    .where(
      or(
        eq(suppressionImports.status, 'pending'),
        and(eq(suppressionImports.status, 'processing'), lt(suppressionImports.leaseUntil, now)),
      ),
    );
  return rows.map((row) => row.id);
}

/** Files of a workspace that are not loaded yet. */
export async function unfinishedSuppressionImports(
  executor: Executor,
  workspaceId: number,
): Promise<SuppressionImportRow[]> {
  return executor
    .select()
    .from(suppressionImports)
    .where(
      and(
        eq(suppressionImports.workspaceId, workspaceId),
        inArray(suppressionImports.status, ['pending', 'processing']),
      ),
    )
    .orderBy(suppressionImports.id);
}

/** How far a load is; what one step adds to it. `heldUntil` is the lease that this loader holds. */
export type LoadStep = { id: number; heldUntil: Date; leaseUntil: Date } & Record<Count, number>;
type Count = 'rows' | 'added' | 'known' | 'invalid';

/**
 * Counts one batch and renews the lease, in the transaction of the batch: whoever goes on after a crash begins exactly
 * behind it. Null when the lease is somebody else's by now, and the batch must not stand.
 */
export async function keepLoadStep(tx: Transaction, step: LoadStep): Promise<SuppressionImportRow | null> {
  const { rowCount, addedCount, knownCount, invalidCount } = suppressionImports;
  const [row] = await tx
    .update(suppressionImports)
    .set({
      rowCount: sql`${rowCount} + ${step.rows}`,
      addedCount: sql`${addedCount} + ${step.added}`,
      knownCount: sql`${knownCount} + ${step.known}`,
      invalidCount: sql`${invalidCount} + ${step.invalid}`,
      leaseUntil: step.leaseUntil,
    })
    .where(isHeld(step.id, step.heldUntil))
    .returning();
  return row ?? null;
}

/** Ends a load; null when somebody else has it by now. */
export async function endSuppressionImport(
  executor: Executor,
  {
    id,
    heldUntil,
    ...end
  }: { id: number; heldUntil: Date } & Pick<SuppressionImportRow, 'status' | 'problem' | 'completedAt'>,
): Promise<SuppressionImportRow | null> {
  const [row] = await executor
    .update(suppressionImports)
    .set({ ...end, leaseUntil: null })
    .where(isHeld(id, heldUntil))
    .returning();
  return row ?? null;
}

function isHeld(id: number, heldUntil: Date) {
  return and(
    eq(suppressionImports.id, id),
    eq(suppressionImports.status, 'processing'),
    eq(suppressionImports.leaseUntil, heldUntil),
  );
}

/** What is the same for all entries of one batch. */
export type BatchOrigin = Pick<SuppressionRow, 'workspaceId' | 'onlyCampaignId' | 'reason' | 'actor'> & {
  createdAt: Date;
};

/**
 * Puts different numbers on the list on every channel, in one statement. Like a single entry, each takes the place of one
 * that the person's own START would lift. Returns how many are new.
 */
export async function insertSuppressionBatch(
  tx: Transaction,
  { workspaceId, onlyCampaignId, reason, actor, createdAt }: BatchOrigin,
  phoneNumbers: readonly string[],
): Promise<number> {
  const target =
    onlyCampaignId === null
      ? sql`(workspace_id, phone_number, channel) where lifted_at is null and only_campaign_id is null`
      : sql`(only_campaign_id, phone_number, channel) where lifted_at is null and only_campaign_id is not null`;
  const byThePerson = sql.join(
    BY_THE_PERSON.map((source) => sql`${source}`),
    sql`, `,
  );
  const [row] = await tx.execute<{ added: number }>(sql`
    with written as (
      insert into suppressions as s
        (workspace_id, phone_number, channel, reason, source, actor, created_at, only_campaign_id)
      select ${workspaceId}::int, n, 'all', ${reason}::text, 'import', ${actor}::text,
        ${createdAt.toISOString()}::timestamptz, ${onlyCampaignId}::int
      from jsonb_array_elements_text(${JSON.stringify(phoneNumbers)}::text::jsonb) as given(n)
      order by n
      on conflict ${target} do update set source = excluded.source, reason = excluded.reason,
        actor = excluded.actor, created_at = excluded.created_at
        where s.source in (${byThePerson})
      returning xmax = 0 as is_new)
    select count(*) filter (where is_new)::int as added from written`);
  return row?.added ?? 0;
}

/**
 * Has the database look at what the list holds. One that knows nothing of it takes every entry for lifted, and reads the whole
 * list for each number that is looked up, until it gets round to that by itself.
 */
export async function analyzeSuppressions(executor: Executor): Promise<void> {
  await executor.execute(sql`analyze suppressions`);
}
