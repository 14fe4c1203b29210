import { sql } from 'drizzle-orm/sql';
import { LIVE } from './campaigns.ts';
import type { Executor } from './client.ts';
import { isKept } from './kept.ts';
import { campaigns } from './schema.ts';

/** A campaign that contacts people from a number; `total`: how many of the workspace do. */
export type NumberUser = { number: string; total: number; id: number; name: string; status: string };

/**
 * The campaigns of a workspace that are not over, by the number that they contact people from (campaign-api §7.2): of each
 * number the newest ones, `most` at most.
 */
export async function readNumberUsers(
  executor: Executor,
  asked: { workspaceId: number; caller: string | null; texter: string | null; most: number },
): Promise<NumberUser[]> {
  const { workspaceId, caller, texter, most } = asked;
  const live = sql.join(
    LIVE.map((status) => sql`${status}`),
    sql`, `,
  );
  return executor.execute<NumberUser>(sql`
    select number, total, id, name, status
    from (
      select used.number, used.id, used.name, used.status,
        (count(*) over (partition by used.number))::int as total,
        row_number() over (partition by used.number order by used.id desc) as place
      from (
        select distinct ${campaigns.id}, ${campaigns.name}, ${campaigns.status}, ways.number
        from ${campaigns}
        left join assistants on assistants.id = ${campaigns.assistantId}
        cross join lateral (values
          (case when ${campaigns.campaignType} <> 'sms'
            then coalesce(${campaigns.fromNumber}, assistants.phone_numbers[1], ${caller}::text) end),
          (case when ${campaigns.campaignType} <> 'call'
            then coalesce(${campaigns.fromNumber}, ${texter}::text) end)
        ) as ways(number)
        where ${campaigns.workspaceId} = ${workspaceId} and ${campaigns.status} in (${live}) and ${isKept}
      ) as used(id, name, status, number)
      where used.number is not null
    ) as listed
    where place <= ${most}
    order by number, id desc`);
}
