import { and, asc, eq, inArray, type SQL, sql } from 'drizzle-orm/sql';
import { assistants } from './call-schema.ts';
import type { Executor, Transaction } from './client.ts';
import { campaigns } from './schema.ts';

export type AssistantRow = typeof assistants.$inferSelect;

/** An assistant of a workspace, retired ones too; null when it has none with this id. */
export async function readAssistant(
  executor: Executor,
  workspaceId: number,
  assistantId: number,
): Promise<AssistantRow | null> {
  const [row] = await executor
    .select()
    .from(assistants)
    .where(and(eq(assistants.id, assistantId), eq(assistants.workspaceId, workspaceId)));
  return row ?? null;
}

/** The active assistants of a workspace, oldest first: the first one is taken where nobody chose. */
export async function activeAssistants(executor: Executor, workspaceId: number): Promise<AssistantRow[]> {
  return assistantsOf(executor, and(eq(assistants.workspaceId, workspaceId), eq(assistants.isActive, true)));
}

/** Every assistant that a workspace ever had, those retired too, oldest first. */
export async function allAssistants(executor: Executor, workspaceId: number): Promise<AssistantRow[]> {
  return assistantsOf(executor, eq(assistants.workspaceId, workspaceId));
}

function assistantsOf(executor: Executor, which: SQL | undefined): Promise<AssistantRow[]> {
  return executor.select().from(assistants).where(which).orderBy(asc(assistants.id));
}

/** How many assistants a workspace ever had. */
export async function countAssistants(executor: Executor, workspaceId: number): Promise<number> {
  return executor.$count(assistants, eq(assistants.workspaceId, workspaceId));
}

/** Inserts an assistant; null when its creation key or, among active ones, its name is taken. */
export async function insertAssistant(
  executor: Executor,
  row: typeof assistants.$inferInsert,
): Promise<AssistantRow | null> {
  const [made] = await executor.insert(assistants).values(row).onConflictDoNothing().returning();
  return made ?? null;
}

/** The assistant that was made with this key, or null. */
export async function assistantByCreationKey(executor: Executor, creationKey: string) {
  const [row] = await executor.select().from(assistants).where(eq(assistants.creationKey, creationKey));
  return row ?? null;
}

/** The id of the active assistant that is called like this, capitals aside, or null. */
export async function assistantIdByName(
  executor: Executor,
  workspaceId: number,
  name: string,
): Promise<number | null> {
  const [row] = await executor
    .select({ id: assistants.id })
    .from(assistants)
    .where(
      and(
        eq(assistants.workspaceId, workspaceId),
        eq(assistants.isActive, true),
        sql`lower(${assistants.name}) = lower(${name})`,
      ),
    );
  return row?.id ?? null;
}

/** An active assistant, locked; null when it is retired or another workspace’s. */
export async function lockAssistant(
  tx: Transaction,
  workspaceId: number,
  assistantId: number,
): Promise<AssistantRow | null> {
  const [row] = await tx
    .select()
    .from(assistants)
    .where(
      and(
        eq(assistants.id, assistantId),
        eq(assistants.workspaceId, workspaceId),
        eq(assistants.isActive, true),
      ),
    )
    .for('no key update');
  return row ?? null;
}

/** Changes columns of an assistant; its version rises. */
export async function changeAssistant(
  tx: Transaction,
  assistantId: number,
  changes: Partial<AssistantRow>,
): Promise<void> {
  await tx
    .update(assistants)
    .set({ ...changes, version: sql`${assistants.version} + 1` })
    .where(eq(assistants.id, assistantId));
}

/** Campaigns that call with an assistant now or are about to, by name. */
export async function campaignsUsing(executor: Executor, assistantId: number) {
  return executor
    .select({ id: campaigns.id, name: campaigns.name })
    .from(campaigns)
    .where(and(eq(campaigns.assistantId, assistantId), inArray(campaigns.status, ['running', 'scheduled'])))
    .orderBy(asc(campaigns.id));
}
