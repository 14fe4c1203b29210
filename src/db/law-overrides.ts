import { and, asc, eq, isNull } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { lawOverrides } from './policy-schema.ts';

/** The overrides of a workspace that are in force, by the row they take the place of. */
export async function overridesInForce(executor: Executor, workspaceId: number) {
  return executor
    .select()
    .from(lawOverrides)
    .where(and(eq(lawOverrides.workspaceId, workspaceId), isNull(lawOverrides.revokedAt)))
    .orderBy(asc(lawOverrides.ruleKey));
}
