import { and, eq, inArray, isNotNull, lte } from 'drizzle-orm/sql';
import type { Executor, Transaction } from './client.ts';
import { attempts, campaigns } from './schema.ts';

/** Campaigns whose next run has fallen due, for the reaper: they are to start, or to skip it because one still goes on. */
export async function dueCampaignIds(executor: Executor, now: Date): Promise<number[]> {
  const rows = await executor
    .select({ id: campaigns.id })
    .from(campaigns)
    .where(
      and(
        isNotNull(campaigns.nextRunAt),
        lte(campaigns.nextRunAt, now),
        inArray(campaigns.status, ['scheduled', 'running', 'paused']),
      ),
    );
  return rows.map((row) => row.id);
}

/** Keeps when the next run falls due; what people see of the campaign stays as it is, so its version does. */
export async function keepNextRun(tx: Transaction, campaignId: number, at: Date | null): Promise<void> {
  await tx.update(campaigns).set({ nextRunAt: at }).where(eq(campaigns.id, campaignId));
}

/** Calls and texts that a run of a campaign has begun, whatever became of them. */
export async function countRunAttempts(
  executor: Executor,
  { id, runNumber }: { id: number; runNumber: number },
): Promise<number> {
  return executor.$count(
    attempts,
    and(eq(attempts.campaignId, id), eq(attempts.runNumber, runNumber), eq(attempts.purpose, 'campaign')),
  );
}
