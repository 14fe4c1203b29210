import { and, asc, eq } from 'drizzle-orm/sql';
import type { OwnRate, PricedChannel } from '#domain/rates.ts';
import type { Executor } from './client.ts';
import { rates } from './policy-schema.ts';

/** The rates that a workspace has set itself, with who did. */
export async function readOwnRates(
  executor: Executor,
  workspaceId: number,
): Promise<(OwnRate & { changedBy: string })[]> {
  return executor
    .select({
      channel: rates.channel,
      country: rates.country,
      lowMicros: rates.lowMicros,
      highMicros: rates.highMicros,
      source: rates.source,
      changedAt: rates.changedAt,
      changedBy: rates.changedBy,
    })
    .from(rates)
    .where(eq(rates.workspaceId, workspaceId))
    .orderBy(asc(rates.channel), asc(rates.country));
}

/** Keeps a rate of a workspace in the place of the one it had. */
export async function keepRate(
  executor: Executor,
  row: OwnRate & { workspaceId: number; changedBy: string },
): Promise<void> {
  const { lowMicros, highMicros, source, changedAt, changedBy } = row;
  await executor
    .insert(rates)
    .values(row)
    .onConflictDoUpdate({
      target: [rates.workspaceId, rates.channel, rates.country],
      set: { lowMicros, highMicros, source, changedAt, changedBy },
    });
}

/** Takes a rate of a workspace away; false when it had none. */
export async function removeRate(
  executor: Executor,
  { workspaceId, channel, country }: { workspaceId: number; channel: PricedChannel; country: string },
): Promise<boolean> {
  const gone = await executor
    .delete(rates)
    .where(and(eq(rates.workspaceId, workspaceId), eq(rates.channel, channel), eq(rates.country, country)))
    .returning({ country: rates.country });
  return gone.length > 0;
}
