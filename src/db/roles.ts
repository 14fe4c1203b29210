import { and, asc, eq } from 'drizzle-orm/sql';
import type { RoleSubject } from '#domain/rights.ts';
import type { Executor, Transaction } from './client.ts';
import { roleGrants } from './policy-schema.ts';

export type RoleGrant = typeof roleGrants.$inferSelect;

/** The roles that were given in a workspace, oldest first. */
export async function readGrants(executor: Executor, workspaceId: number): Promise<RoleGrant[]> {
  return executor
    .select()
    .from(roleGrants)
    .where(eq(roleGrants.workspaceId, workspaceId))
    .orderBy(asc(roleGrants.grantedAt), asc(roleGrants.subjectId));
}

/** Gives a role in place of the one that the person or group had; returns that one, or null. */
export async function keepGrant(tx: Transaction, grant: RoleGrant): Promise<RoleGrant['role'] | null> {
  const before = await lockGrant(tx, grant.workspaceId, grant);
  const { role, grantedBy, grantedAt } = grant;
  await tx
    .insert(roleGrants)
    .values(grant)
    .onConflictDoUpdate({
      target: [roleGrants.workspaceId, roleGrants.subjectKind, roleGrants.subjectId],
      set: { role, grantedBy, grantedAt },
    });
  return before;
}

/** Takes a role back; returns it, or null when there was none. */
export async function deleteGrant(
  tx: Transaction,
  workspaceId: number,
  subject: RoleSubject,
): Promise<RoleGrant['role'] | null> {
  const [gone] = await tx
    .delete(roleGrants)
    .where(isGrantOf(workspaceId, subject))
    .returning({ role: roleGrants.role });
  return gone?.role ?? null;
}

async function lockGrant(
  tx: Transaction,
  workspaceId: number,
  subject: RoleSubject,
): Promise<RoleGrant['role'] | null> {
  const [row] = await tx
    .select({ role: roleGrants.role })
    .from(roleGrants)
    .where(isGrantOf(workspaceId, subject))
    .for('update');
  return row?.role ?? null;
}

function isGrantOf(workspaceId: number, { subjectKind, subjectId }: RoleSubject) {
  return and(
    eq(roleGrants.workspaceId, workspaceId),
    eq(roleGrants.subjectKind, subjectKind),
    eq(roleGrants.subjectId, subjectId),
  );
}
