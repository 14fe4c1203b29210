import { and, eq } from 'drizzle-orm/sql';
import type { Actor } from '#domain/actor.ts';
import type { Executor } from './client.ts';
import { formDrafts } from './slack-schema.ts';

/*
 * Somebody whose erasure is asked for and not done yet. It is kept where their number stood when it was looked up, so that
 * nothing else carries it, and goes with the last step.
 */

/** What the form drafts are that are erasures: however old, they are not abandoned. */
export const ERASURE_KIND = 'erasure';

export type Erasure = {
  id: string;
  workspaceId: number;
  phoneNumber: string;
  actor: Actor;
  /** Where its end is told. */
  channelId: string;
};

/** The number that a look-up keeps, or null once it is gone. */
export async function lookedUpNumber(
  executor: Executor,
  { id, workspaceId }: Pick<Erasure, 'id' | 'workspaceId'>,
): Promise<string | null> {
  const [row] = await executor
    .select({ data: formDrafts.data })
    .from(formDrafts)
    .where(and(eq(formDrafts.id, id), eq(formDrafts.workspaceId, workspaceId)));
  const { phone } = (row?.data ?? {}) as { phone?: unknown };
  return typeof phone === 'string' ? phone : null;
}

/** Keeps that what was looked up is to be erased. */
export async function beginErasure(
  executor: Executor,
  { id, ...erasure }: Erasure,
  now: Date,
): Promise<void> {
  const { phoneNumber: phone, actor, channelId } = erasure;
  await executor
    .update(formDrafts)
    .set({ kind: ERASURE_KIND, data: { phone, actor, channelId }, updatedAt: now })
    .where(eq(formDrafts.id, id));
}

/** An erasure that is asked for; null when it is done. */
export async function readErasure(executor: Executor, id: string): Promise<Erasure | null> {
  const [row] = await executor
    .select()
    .from(formDrafts)
    .where(and(eq(formDrafts.id, id), eq(formDrafts.kind, ERASURE_KIND)));
  if (!row) return null;
  const { phone, actor, channelId } = row.data as { phone: string; actor: Actor; channelId: string };
  return { id, workspaceId: row.workspaceId, phoneNumber: phone, actor, channelId };
}

/** Erasures that are not done. */
export async function waitingErasureIds(executor: Executor): Promise<string[]> {
  const rows = await executor
    .select({ id: formDrafts.id })
    .from(formDrafts)
    .where(eq(formDrafts.kind, ERASURE_KIND));
  return rows.map(({ id }) => id);
}

/** Forgets an erasure with the number: it is done. */
export async function endErasure(executor: Executor, id: string): Promise<void> {
  await executor.delete(formDrafts).where(and(eq(formDrafts.id, id), eq(formDrafts.kind, ERASURE_KIND)));
}
