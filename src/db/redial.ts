import { and, eq, ne, sql } from 'drizzle-orm/sql';
import type { Counts } from '#domain/metrics.ts';
import { ERASED } from '#domain/person-marks.ts';
import { changeCampaign } from './campaigns.ts';
import { readCounts } from './claims.ts';
import type { Executor, Transaction } from './client.ts';
import { attempts, type campaigns } from './schema.ts';

/** Which contacts are reached once more: all, those with these statuses, or these. */
export type Chosen = { statuses: readonly (keyof Counts)[] | 'all' } | { ids: readonly number[] };

/** Calls and texts of a campaign that are not over yet; answers to replies are nobody's turn. */
export async function countOpenAttempts(executor: Executor, campaignId: number): Promise<number> {
  return executor.$count(
    attempts,
    and(eq(attempts.campaignId, campaignId), ne(attempts.state, 'ended'), eq(attempts.purpose, 'campaign')),
  );
}

/**
 * Lets the chosen contacts wait from `now` on, as if nobody had tried them, and leaves all others out. Whoever is on the
 * do-not-call list for one of `channels`, by a number or a range of numbers, for the workspace or this campaign alone, is
 * left out for that reason, chosen or not, and so is whoever was erased, or replaced by a newer file: that reason stays above
 * all others, because it is known from nowhere else. Returns how many wait.
 */
export async function resetContacts(
  tx: Transaction,
  input: { campaignId: number; workspaceId: number; channels: readonly string[]; chosen: Chosen; now: Date },
): Promise<number> {
  const isInForce = sql`lifted_at is null
            and channel in (select jsonb_array_elements_text(${JSON.stringify(input.channels)}::text::jsonb))`;
  await tx.execute(sql`
    update contacts c set
      status = case when d.is_chosen then 'pending' else 'skipped' end,
      skip_reason = case when d.is_chosen then null when d.listed_by = 'opt_out' then 'opted_out'
        when d.listed_by in ('erased', 'replaced') then d.listed_by
        when d.listed_by is not null then 'do_not_call' else 'not_selected' end,
      attempts = case when d.is_chosen then 0 else c.attempts end,
      channel_attempts = 0, next_channel = null, first_status = null, callbacks = 0, wait_reason = null,
      next_attempt_at = case when d.is_chosen then ${input.now.toISOString()}::timestamptz end
    from (
      select chosen.id, s.source as listed_by, s.source is null and ${isChosen(input.chosen)} as is_chosen
      from contacts chosen left join lateral (
        select source from (
          select source from suppressions
          where workspace_id = ${input.workspaceId} and phone_number = chosen.phone_number
            and only_campaign_id is null and ${isInForce}
          union all
          select source from suppressions
          where only_campaign_id = ${input.campaignId} and phone_number = chosen.phone_number and ${isInForce}
          union all
          select source from suppression_prefixes
          where workspace_id = ${input.workspaceId} and starts_with(chosen.phone_number, prefix)
            and (only_campaign_id is null or only_campaign_id = ${input.campaignId}) and ${isInForce}
          union all
          select 'erased' where starts_with(chosen.phone_number, ${ERASED}::text)
          union all
          select 'replaced' where chosen.status = 'skipped' and chosen.skip_reason = 'replaced') listed
        order by (source = 'replaced') desc, (source = 'opt_out') desc limit 1) s on true
      where chosen.campaign_id = ${input.campaignId}) d
    where c.id = d.id
      and not (c.status = 'skipped' and c.skip_reason = 'not_selected' and not d.is_chosen and d.listed_by is null)`);
  return (await readCounts(tx, input.campaignId))?.pending ?? 0;
}

/** Begins another run of a campaign: its number rises, and nothing of the last one's times stands any more. */
export async function beginRun(tx: Transaction, campaign: typeof campaigns.$inferSelect): Promise<void> {
  await changeCampaign(tx, campaign.id, [campaign.status], {
    runNumber: campaign.runNumber + 1,
    claimAfterAt: null,
    claimAfterId: null,
    startedAt: null,
    resumedAt: null,
    completedAt: null,
  });
}

function isChosen(chosen: Chosen) {
  if ('ids' in chosen) {
    const ids = JSON.stringify(chosen.ids);
    return sql`chosen.id in (select jsonb_array_elements_text(${ids}::text::jsonb)::bigint)`;
  }
  if (chosen.statuses === 'all') return sql`true`;
  const statuses = JSON.stringify(chosen.statuses);
  return sql`chosen.status in (select jsonb_array_elements_text(${statuses}::text::jsonb))`;
}
