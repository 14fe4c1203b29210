import { and, count, eq, gte, sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';
import { campaignEvents } from './schema.ts';

/** How many calls of a campaign were abandoned since an instant: somebody picked up and did not hear what they were called for. */
export async function countAbandoned(executor: Executor, campaignId: number, since: Date): Promise<number> {
  const [row] = await executor
    .select({ calls: count() })
    .from(campaignEvents)
    .where(
      and(
        eq(campaignEvents.campaignId, campaignId),
        eq(campaignEvents.kind, 'call_abandoned'),
        gte(campaignEvents.createdAt, since),
      ),
    );
  return row?.calls ?? 0;
}

/** How many calls of a campaign were picked up since an instant by somebody who is not known to be a machine. */
export async function countPickedUp(executor: Executor, campaignId: number, since: Date): Promise<number> {
  const [row] = await executor.execute<{ calls: number }>(sql`
    select count(*)::int as calls from calls
    where campaign_id = ${campaignId} and direction = 'outbound' and answered_at >= ${since.toISOString()}::timestamptz
      and coalesce(answered_by, 'human') not in ('machine', 'machine_ready', 'fax')`);
  return row?.calls ?? 0;
}
