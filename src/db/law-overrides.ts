import { and, asc, eq, isNull } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { lawOverrides } from './policy-schema.ts';

export type LawOverrideRow = typeof lawOverrides.$inferSelect;

/** The overrides of a workspace that are in force, by the row they take the place of. */
export async function overridesInForce(executor: Executor, workspaceId: number): Promise<LawOverrideRow[]> {
  return executor
    .select()
    .from(lawOverrides)
    .where(and(eq(lawOverrides.workspaceId, workspaceId), isNull(lawOverrides.revokedAt)))
    .orderBy(asc(lawOverrides.ruleKey));
}

/** Revokes the override of a row that is in force; null when there is none, because somebody was faster. */
export async function revokeInForce(
  tx: Transaction,
  {
    workspaceId,
    ruleKey,
    ...revoked
  }: { workspaceId: number; ruleKey: string; revokedAt: Date; revokedBy: string },
): Promise<LawOverrideRow | null> {
  const [row] = await tx
    .update(lawOverrides)
    .set(revoked)
    .where(
      and(
        eq(lawOverrides.workspaceId, workspaceId),
        eq(lawOverrides.ruleKey, ruleKey),
        isNull(lawOverrides.revokedAt),
      ),
    )
    .returning();
  return row ?? null;
}

/** Keeps an override; null when another one was put in force at this very moment. */
export async function insertOverride(
  tx: Transaction,
  override: typeof lawOverrides.$inferInsert,
): Promise<LawOverrideRow | null> {
  const [row] = await tx.insert(lawOverrides).values(override).onConflictDoNothing().returning();
  return row ?? null;
}
