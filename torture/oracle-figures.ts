import type postgres from 'postgres';

/** What is kept of runs and hours against the rows that it is kept of; empty when they agree to the last one. */
export async function findBrokenFigures(
  sql: postgres.Sql,
  campaignIds: readonly number[],
): Promise<string[]> {
  const ids = [...campaignIds];
  const runs = await sql<Disagreement[]>`
    with kept as (
      select campaign_id, run_number, calls_placed, calls_answered, answered_seconds, voicemails from campaign_figures
      where campaign_id = any(${ids}) and calls_placed > 0
    ), counted as (
      select a.campaign_id, a.run_number, count(*)::int, count(*) filter (where a.outcome = 'answered')::int,
        coalesce(sum(k.duration_seconds) filter (where a.outcome = 'answered'), 0)::bigint,
        count(*) filter (where a.outcome = 'voicemail')::int
      from attempts a left join calls k on k.attempt_id = a.id
      where a.campaign_id = any(${ids}) and a.channel = 'call' and a.provider_ref is not null
        and (a.outcome is null or a.outcome <> all(${TAKEN_BACK}))
      group by a.campaign_id, a.run_number
    )
    select 'kept' as side, to_json(d)::text as row from (table kept except table counted) d
    union all select 'counted', to_json(d)::text from (table counted except table kept) d`;
  const hours = await sql<Disagreement[]>`
    with kept as (
      select campaign_id, hour, completed, failed from campaign_hours
      where campaign_id = any(${ids}) and (completed <> 0 or failed <> 0)
    ), counted as (
      select campaign_id, date_trunc('hour', coalesce(last_attempt_at, created_at), 'UTC')::timestamptz(3),
        count(*) filter (where status = 'completed')::int, count(*) filter (where status <> 'completed')::int
      from contacts
      where campaign_id = any(${ids}) and status in ('completed', 'failed', 'no_answer', 'busy', 'voicemail')
      group by 1, 2
    )
    select 'kept' as side, to_json(d)::text as row from (table kept except table counted) d
    union all select 'counted', to_json(d)::text from (table counted except table kept) d`;
  return [...runs, ...hours].map(({ side, row }) => `FIGURES: ${side} alone is ${row}`);
}

type Disagreement = { side: 'kept' | 'counted'; row: string };

const TAKEN_BACK = ['canceled', 'withdrawn', 'not_placed', 'throttled', 'rejected'];
