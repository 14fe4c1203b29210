import { and, eq, isNotNull, sql } from 'drizzle-orm/sql';
import type { CampaignRow } from './campaigns.ts';
import type { Executor, Transaction } from './client.ts';
import { campaigns } from './schema.ts';

/** Keeps that so many of the first attempts of a run have begun; the caller holds the campaign's lock. */
export async function countDownCanary(tx: Transaction, campaignId: number, begun: number): Promise<void> {
  if (begun === 0) return;
  await tx
    .update(campaigns)
    .set({ canaryLeft: sql`greatest(0, ${campaigns.canaryLeft} - ${begun}::int)` })
    .where(and(eq(campaigns.id, campaignId), isNotNull(campaigns.canaryLeft)));
}

/** Keeps that so many of the first attempts of a run are still to be made. */
export async function setCanaryLeft(tx: Transaction, campaignId: number, left: number): Promise<void> {
  await tx.update(campaigns).set({ canaryLeft: left }).where(eq(campaigns.id, campaignId));
}

/** How the attempts of a campaign's present run stand; those that a person must decide about count as not reached. */
export async function countRunResults(
  executor: Executor,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
) {
  const [row] = await executor.execute<{ open: number; reached: number; missed: number; failed: number }>(sql`
    select (count(*) filter (where a.state in ('dialing', 'ringing', 'in_progress', 'unknown')))::int as open,
      (count(*) filter (where a.outcome in ('delivered', 'sent', 'assumed_done', 'answered')))::int as reached,
      (count(*) filter (where a.state = 'needs_review'
        or a.outcome in ('voicemail', 'machine', 'hung_up', 'busy', 'no_answer', 'canceled')))::int as missed,
      (count(*) filter (where a.outcome in ('undelivered', 'failed', 'rejected', 'invalid', 'carrier_failed')))::int
        as failed
    from attempts a where a.campaign_id = ${id} and a.run_number = ${runNumber} and a.purpose = 'campaign'`);
  return row ?? { open: 0, reached: 0, missed: 0, failed: 0 };
}
