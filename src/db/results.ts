import { sql } from 'drizzle-orm/sql';
import type { Executor } from './client.ts';

/** One contact of a campaign with its last attempt, its last call and what it answered, as the results file shows it. */
export type ResultRow = {
  id: number;
  phoneNumber: string;
  variableValues: Record<string, string>;
  status: string;
  skipReason: string | null;
  attempts: number;
  channel: string | null;
  outcome: string | null;
  failureClass: string | null;
  failureCode: string | null;
  segments: number | null;
  priceMicros: number | null;
  providerRef: string | null;
  lastAttemptAt: string | null;
  endedAt: string | null;
  callOutcome: string | null;
  callSeconds: number | null;
  callResult: string | null;
  callSummary: string | null;
  callAnswers: Record<string, string> | null;
  callbackAt: string | null;
  lastReply: string | null;
  replyVerdict: string | null;
};

/**
 * The next contacts of a campaign behind an id, in import order, each with what came of it last; whoever waits anew in
 * another run has nothing yet. A price is one in dollars.
 */
export async function readResults(
  executor: Executor,
  campaignId: number,
  afterId: number,
  limit: number,
): Promise<ResultRow[]> {
  const rows = await executor.execute<ResultRow & { id: string; priceMicros: string | null }>(sql`
    select c.id, c.phone_number as "phoneNumber", c.variable_values as "variableValues", c.status,
      c.skip_reason as "skipReason", c.attempts, a.channel, a.outcome, a.failure_class as "failureClass",
      a.failure_code as "failureCode", a.segments,
      case when upper(a.price_currency) = 'USD' then a.price_micros end as "priceMicros", a.provider_ref as "providerRef",
      to_char(c.last_attempt_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "lastAttemptAt",
      to_char(a.ended_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "endedAt",
      l.outcome as "callOutcome", l.duration_seconds as "callSeconds", l.result as "callResult",
      l.summary as "callSummary", l.answers as "callAnswers",
      to_char(l.callback_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as "callbackAt",
      i.body as "lastReply", i.verdict as "replyVerdict"
    from contacts c join campaigns g on g.id = c.campaign_id
    left join lateral (
      select * from attempts where contact_id = c.id and purpose = 'campaign' and (c.attempts > 0 or run_number = g.run_number)
      order by id desc limit 1) a on true
    left join lateral (
      select t.outcome, k.duration_seconds, k.result, k.summary, k.answers, k.callback_at
      from calls k join attempts t on t.id = k.attempt_id
      where k.contact_id = c.id and (c.attempts > 0 or t.run_number = g.run_number)
      order by k.id desc limit 1) l on true
    left join lateral (select * from inbound_texts where contact_id = c.id order by id desc limit 1) i on true
    where c.campaign_id = ${campaignId} and c.id > ${afterId}
    order by c.id limit ${limit}`);
  return rows.map((row) => ({
    ...row,
    id: Number(row.id),
    priceMicros: row.priceMicros === null ? null : Number(row.priceMicros),
  }));
}
