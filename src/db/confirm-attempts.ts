import { sql } from 'drizzle-orm/sql';
import { TEST_RUN } from '#domain/attempt.ts';
import { CAP_MARGIN_MS } from '#domain/frequency-caps.ts';
import type { Executor } from './client.ts';
import { hasContacted, isListed } from './listed.ts';

/**
 * The last gate check, right before the provider is asked: of these attempts, marks and returns those that may still be
 * placed. One statement reads campaign, approval, undo window, do-not-call list, consent, holds, caps and what other
 * campaigns did as they are at this instant; whoever is not returned must not be contacted. From here on the provider
 * may have been asked.
 *
 * An open attempt keeps every other one to its number out, and its successor is written after it has ended. So the
 * earlier of two that were claimed within a second is counted here even when the claim of the later did not see it.
 */
export async function confirmAttempts(
  executor: Executor,
  ids: number[],
  now: Date,
  leaseUntil: Date,
): Promise<Set<number>> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = await executor.execute<{ id: string }>(sql`
    update attempts a set asked_at = ${at}, lease_until = ${leaseUntil.toISOString()}::timestamptz
    from campaigns c join workspaces w on w.id = c.workspace_id
    where a.id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb)::bigint)
      and a.state = 'dialing' and a.asked_at is null and c.id = a.campaign_id
      and (a.purpose = 'reply' or ${isItsTurn(at)})
      and ${isConsented}
      and not ${isListed('a')}
      and not exists (
        select from contact_holds h
        where h.workspace_id = a.workspace_id and h.phone_number = a.phone_number and h.decided_at is null)
    returning a.id`);
  return new Set(rows.map((row) => Number(row.id)));
}

type Instant = ReturnType<typeof sql>;

/**
 * Of the campaign's own attempts: whether it runs, as it was agreed to and as it was when they were written, since it may
 * have been paused, changed and resumed meanwhile; and whether it may contact this number once more.
 */
function isItsTurn(at: Instant) {
  return sql`(c.status = 'running'
    and coalesce((a.gate -> 'campaignVersion')::integer = c.version, true)
    and (not w.requires_approval or c.approval_id is not null)
    and (c.undo_until is null or c.undo_until <= ${at})
    and not exists (
      select from jsonb_to_recordset(coalesce(a.gate -> 'caps', '[]')) as cap("limit" integer, hours integer)
      where cap."limit" <= (
        select count(*) from attempts o
        where ${isEarlier} and o.asked_at > ${at} - cap.hours * interval '1 hour' - ${MARGIN}))
    and (c.exclude_contacted_days is null or a.gate -> 'isPromised' = 'true' or not exists (
      select from attempts o
      where ${isEarlier} and o.campaign_id <> a.campaign_id
        and o.asked_at > ${at} - c.exclude_contacted_days * interval '24 hours')))`;
}

const MARGIN = sql.raw(`interval '${CAP_MARGIN_MS} milliseconds'`);

/** Another attempt that reached the same number, or may have. */
const isEarlier = sql`o.workspace_id = a.workspace_id and o.phone_number = a.phone_number and o.id <> a.id
  and ${hasContacted('o')}`;

/** What consent it rested on still stands, and there is one where the workspace demands it; who tries it on themselves consents. */
const isConsented = sql`(
  a.run_number = ${TEST_RUN}
  or a.consent_id is null and not case a.channel when 'sms' then w.requires_text_consent else w.requires_call_consent end
  or exists (select from consents k where k.id = a.consent_id and k.withdrawn_at is null))`;
