import { asc, eq } from 'drizzle-orm/sql';
import type { OwnRate } from '#domain/rates.ts';
import type { Executor } from './client.ts';
import { rates } from './policy-schema.ts';

/** The rates that a workspace has set itself. */
export async function readOwnRates(executor: Executor, workspaceId: number): Promise<OwnRate[]> {
  return executor
    .select({
      channel: rates.channel,
      country: rates.country,
      lowMicros: rates.lowMicros,
      highMicros: rates.highMicros,
      source: rates.source,
      changedAt: rates.changedAt,
    })
    .from(rates)
    .where(eq(rates.workspaceId, workspaceId))
    .orderBy(asc(rates.channel), asc(rates.country));
}
