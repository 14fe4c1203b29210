import { sql } from 'drizzle-orm/sql';
import type { CampaignRow } from './campaigns.ts';
import type { Executor } from './client.ts';

/**
 * What the calls of a campaign's present run came to: placed at the provider, answered by a person, their seconds together,
 * and those that a machine took. A call that was taken back before anybody's phone rang was not placed.
 */
export async function readCallFigures(
  executor: Executor,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
) {
  const [row] = await executor.execute<{
    callsPlaced: number;
    callsAnswered: number;
    answeredSeconds: number;
    voicemails: number;
  }>(sql`
    select count(*)::int as "callsPlaced",
      (count(*) filter (where a.outcome = 'answered'))::int as "callsAnswered",
      coalesce(sum(c.duration_seconds) filter (where a.outcome = 'answered'), 0)::int as "answeredSeconds",
      (count(*) filter (where a.outcome = 'voicemail'))::int as voicemails
    from attempts a left join calls c on c.attempt_id = a.id and a.outcome = 'answered'
    where a.campaign_id = ${id} and a.run_number = ${runNumber} and a.channel = 'call' and a.provider_ref is not null
      and coalesce(a.outcome, '') not in ('canceled', 'withdrawn', 'not_placed', 'throttled', 'rejected')`);
  return row ?? { callsPlaced: 0, callsAnswered: 0, answeredSeconds: 0, voicemails: 0 };
}

/** How many people of a campaign are on the line at this moment. */
export async function countLiveCalls(
  executor: Executor,
  { id, workspaceId }: Pick<CampaignRow, 'id' | 'workspaceId'>,
): Promise<number> {
  const [row] = await executor.execute<{ live: number }>(sql`
    select count(*)::int as live from attempts
    where workspace_id = ${workspaceId} and campaign_id = ${id} and channel = 'call' and state = 'in_progress'`);
  return row?.live ?? 0;
}
