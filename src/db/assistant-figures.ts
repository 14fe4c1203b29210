import { sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';

/** What the calls of one assistant came to so far: made or taken, held with a person, and the seconds of those together. */
export type AssistantFigures = {
  assistantId: number;
  calls: number;
  answeredCalls: number;
  answeredSeconds: number;
};

/** The figures of these assistants of a workspace; none for those that never called. */
export async function readAssistantFigures(
  executor: Executor,
  workspaceId: number,
  assistantIds: number[],
): Promise<AssistantFigures[]> {
  if (assistantIds.length === 0) return [];
  const rows = await executor.execute<AssistantFigures>(sql`
    select c.assistant_id as "assistantId", count(*)::int as calls,
      (count(*) filter (where c.spoke_at is not null))::int as "answeredCalls",
      coalesce(sum(c.duration_seconds) filter (where c.spoke_at is not null), 0)::int as "answeredSeconds"
    from calls c
    where c.workspace_id = ${workspaceId} and c.provider_ref is not null
      and c.assistant_id in (select jsonb_array_elements_text(${JSON.stringify(assistantIds)}::text::jsonb)::int)
    group by c.assistant_id`);
  return [...rows];
}
