import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm/sql';
import type { ProviderEvent } from '#ports/telephony.ts';
import type { Executor, Transaction } from './client.ts';
import { providerEvents } from './schema.ts';

export type NewProviderEvent = {
  provider: string;
  dedupeKey: string;
  event: ProviderEvent;
  raw: Record<string, unknown>;
};

/** Stores what a provider told us, each once; returns those that were new. */
export async function insertProviderEvents(
  tx: Transaction,
  events: NewProviderEvent[],
  now: Date,
): Promise<{ dedupeKey: string; event: ProviderEvent }[]> {
  const rows = await tx.execute<{ dedupe_key: string; event: ProviderEvent }>(sql`
    insert into provider_events (provider, dedupe_key, event, raw, received_at)
    select d.provider, d."dedupeKey", d.event, d.raw, ${now.toISOString()}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb)
      as d(provider text, "dedupeKey" text, event jsonb, raw jsonb)
    on conflict (provider, dedupe_key) do nothing
    returning dedupe_key, event`);
  return rows.map((row) => ({ dedupeKey: row.dedupe_key, event: row.event }));
}

/** The next events to merge, in order of arrival, locked; other processes pass over them. */
export async function takeUnmergedEvents(tx: Transaction, limit: number) {
  return tx
    .select({ id: providerEvents.id, provider: providerEvents.provider, event: providerEvents.event })
    .from(providerEvents)
    .where(isNull(providerEvents.mergedAt))
    .orderBy(asc(providerEvents.id))
    .limit(limit)
    .for('update', { skipLocked: true });
}
export type UnmergedEvent = Awaited<ReturnType<typeof takeUnmergedEvents>>[number];

/** Marks events as merged, with what was odd about some of them. */
export async function markMerged(
  tx: Transaction,
  ids: number[],
  problems: Map<number, string>,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return;
  await tx.update(providerEvents).set({ mergedAt: now }).where(inArray(providerEvents.id, ids));
  for (const [id, problem] of problems) {
    await tx.update(providerEvents).set({ problem }).where(eq(providerEvents.id, id));
  }
}

/** Marks events as merged that were acted on while they were stored. */
export async function markMergedByKey(
  tx: Transaction,
  provider: string,
  dedupeKeys: string[],
  now: Date,
): Promise<void> {
  if (dedupeKeys.length === 0) return;
  await tx
    .update(providerEvents)
    .set({ mergedAt: now })
    .where(and(eq(providerEvents.provider, provider), inArray(providerEvents.dedupeKey, dedupeKeys)));
}

/** Sets the next waiting report aside as one that cannot be merged; its id, or null when none waits. */
export async function setAsideNext(executor: Executor, now: Date): Promise<number | null> {
  const next = executor
    .select({ id: providerEvents.id })
    .from(providerEvents)
    .where(isNull(providerEvents.mergedAt))
    .orderBy(asc(providerEvents.id))
    .limit(1)
    .for('update', { skipLocked: true });
  const [row] = await executor
    .update(providerEvents)
    .set({ mergedAt: now, problem: 'cannot_be_merged' })
    .where(inArray(providerEvents.id, next))
    .returning({ id: providerEvents.id });
  return row?.id ?? null;
}
