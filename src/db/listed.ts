import { sql } from 'drizzle-orm/sql';

/**
 * Whether an entry of the do-not-call list that is in force keeps an attempt from its number: one of the workspace, one of
 * its campaign alone, or a range of numbers. Three looks, because the first two have an index each. `attempt` is the
 * name under which the statement knows the attempt's row.
 */
export function isListed(attempt: 'a' | 'attempts') {
  const a = sql.raw(attempt);
  const isOfChannel = sql`in ('all', case ${a}.channel when 'sms' then 'sms' else 'voice' end)`;
  return sql<boolean>`(exists (
      select from suppressions s
      where s.workspace_id = ${a}.workspace_id and s.phone_number = ${a}.phone_number and s.channel ${isOfChannel}
        and s.lifted_at is null and s.only_campaign_id is null)
    or exists (
      select from suppressions s
      where s.only_campaign_id = ${a}.campaign_id and s.phone_number = ${a}.phone_number and s.channel ${isOfChannel}
        and s.lifted_at is null)
    or exists (
      select from suppression_prefixes p
      where p.workspace_id = ${a}.workspace_id and starts_with(${a}.phone_number, p.prefix)
        and p.channel ${isOfChannel} and p.lifted_at is null
        and (p.only_campaign_id is null or p.only_campaign_id = ${a}.campaign_id)))`;
}

/**
 * Whether somebody was contacted by an attempt, or may have been: the provider was asked, and has not said that it never
 * took it. Only those count against caps. A call that was cancelled may have rung; a text that was, never left.
 */
export function hasContacted(attempt: 'a' | 'attempts' | 'o') {
  const a = sql.raw(attempt);
  return sql<boolean>`(${a}.asked_at is not null and ${a}.purpose = 'campaign'
    and (${a}.outcome is null or ${a}.outcome not in ('withdrawn', 'not_placed', 'throttled', 'rejected', 'canceled')
      or ${a}.outcome = 'canceled' and ${a}.channel = 'call'))`;
}
