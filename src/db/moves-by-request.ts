import { and, desc, eq, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { campaignEvents } from './schema.ts';

/** What is kept with the move that a request of a client made of a campaign; null where it made none. */
export async function readMoveOf(
  executor: Executor,
  campaignId: number,
  requestKey: string,
): Promise<Record<string, unknown> | null> {
  const [row] = await executor
    .select({ details: campaignEvents.details })
    .from(campaignEvents)
    .where(
      and(
        eq(campaignEvents.campaignId, campaignId),
        sql`${campaignEvents.details} ->> 'requestKey' = ${requestKey}`,
      ),
    )
    .orderBy(desc(campaignEvents.id))
    .limit(1);
  return row?.details ?? null;
}
