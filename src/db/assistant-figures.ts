import { sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';

/** What the calls of the campaigns that call with an assistant came to so far: made, answered by a person, and the seconds of those. */
export type AssistantFigures = {
  assistantId: number;
  calls: number;
  answeredCalls: number;
  answeredSeconds: number;
};

/** The figures of these assistants of a workspace; none for those that no campaign calls with. */
export async function readAssistantFigures(
  executor: Executor,
  workspaceId: number,
  assistantIds: number[],
): Promise<AssistantFigures[]> {
  if (assistantIds.length === 0) return [];
  const rows = await executor.execute<AssistantFigures>(sql`
    select c.assistant_id as "assistantId", sum(f.calls_placed)::int as calls,
      sum(f.calls_answered)::int as "answeredCalls", sum(f.answered_seconds)::int as "answeredSeconds"
    from campaigns c join campaign_figures f on f.campaign_id = c.id
    where c.workspace_id = ${workspaceId} and (c.hold ->> 'code') is distinct from 'deleted'
      and c.assistant_id in (select jsonb_array_elements_text(${JSON.stringify(assistantIds)}::text::jsonb)::int)
    group by c.assistant_id`);
  return [...rows];
}
