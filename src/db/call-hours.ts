import { sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';

/** Newest calls that are looked at; more would not change what they say. */
const MOST_CALLS = 100_000;

/**
 * Calls of a workspace's campaigns, or of one of them, since an instant by the quarter of an hour in which they were
 * asked for and the zone in which they were judged: how many rang, and how many a person took. Zones differ by quarters of
 * an hour at least.
 */
export async function readCallHours(
  executor: Executor,
  { workspaceId, campaignId, since }: { workspaceId: number; campaignId: number | null; since: Date },
) {
  const rows = await executor.execute<{ zone: string; quarter: string; calls: number; answered: number }>(sql`
    select a.gate -> 'zones' ->> 0 as zone, floor(extract(epoch from a.asked_at) / 900)::bigint as quarter,
      count(*)::int as calls, (count(*) filter (where a.outcome in ('answered', 'hung_up')))::int as answered
    from (
      select gate, asked_at, outcome from attempts
      where workspace_id = ${workspaceId} ${campaignId === null ? sql`` : sql`and campaign_id = ${campaignId}`}
        and channel = 'call' and purpose = 'campaign' and state = 'ended'
        and outcome in ('answered', 'hung_up', 'voicemail', 'machine', 'no_answer', 'busy')
        and asked_at >= ${since.toISOString()}::timestamptz
      order by id desc limit ${MOST_CALLS}) a
    where a.gate -> 'zones' ->> 0 is not null
    group by 1, 2`);
  return rows.map(({ zone, quarter, calls, answered }) => ({
    zone,
    at: new Date(Number(quarter) * 900_000),
    calls,
    answered,
  }));
}
