import { asc, eq, sql } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { workspaces } from './schema.ts';

export type WorkspaceRow = typeof workspaces.$inferSelect;

/** The workspace of a Slack team, made when it is met for the first time; what is given anew replaces what was known. */
export async function upsertWorkspace(
  executor: Executor,
  row: { slackTeamId: string; name: string | null; botUserId: string | null; createdAt: Date },
): Promise<WorkspaceRow> {
  const [known] = await executor.select().from(workspaces).where(eq(workspaces.slackTeamId, row.slackTeamId));
  const isKnown =
    known?.isConnected &&
    (!row.name || known.name === row.name) &&
    (!row.botUserId || known.botUserId === row.botUserId);
  if (known && isKnown) return known;
  const [made] = await executor
    .insert(workspaces)
    .values({ ...row, name: row.name ?? row.slackTeamId })
    .onConflictDoUpdate({
      target: workspaces.slackTeamId,
      set: {
        name: row.name ?? sql`${workspaces.name}`,
        botUserId: row.botUserId ?? sql`${workspaces.botUserId}`,
        isConnected: true,
      },
    })
    .returning();
  if (!made) throw new Error('the workspace could not be written');
  return made;
}

export async function readWorkspace(executor: Executor, id: number): Promise<WorkspaceRow | null> {
  const [row] = await executor.select().from(workspaces).where(eq(workspaces.id, id));
  return row ?? null;
}

/** All workspaces, in the order in which they were met. */
export async function readWorkspaces(executor: Executor): Promise<WorkspaceRow[]> {
  return executor.select().from(workspaces).orderBy(asc(workspaces.id));
}

/** A workspace, locked until the transaction ends against others who change it. */
export async function lockWorkspace(tx: Transaction, id: number): Promise<WorkspaceRow | null> {
  const [row] = await tx.select().from(workspaces).where(eq(workspaces.id, id)).for('no key update');
  return row ?? null;
}

export async function changeWorkspace(
  executor: Executor,
  id: number,
  change: Partial<WorkspaceRow>,
): Promise<void> {
  await executor.update(workspaces).set(change).where(eq(workspaces.id, id));
}
