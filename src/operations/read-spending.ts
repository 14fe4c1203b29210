import type { CampaignRow } from '#db/campaigns.ts';
import type { Executor } from '#db/client.ts';
import { readOpenReserve, readSpend } from '#db/spend.ts';
import type { Spending } from '#domain/spending.ts';

/** What the present run of a campaign spends, against its budget and what it was expected to cost. */
export async function readSpending(executor: Executor, campaign: CampaignRow): Promise<Spending> {
  const spend = await readSpend(executor, campaign);
  const underWayMicros = await readOpenReserve(executor, campaign);
  const { estimateLowMicros: low, estimateHighMicros: high } = campaign;
  return {
    spentMicros: spend.settledMicros + spend.reservedMicros - underWayMicros,
    underWayMicros,
    limitMicros: campaign.budgetLimitMicros,
    estimate: low === null || high === null ? null : { low, high },
    settledAttempts: spend.settledAttempts,
    settledMicros: spend.settledMicros,
    settledReserveMicros: spend.settledReserveMicros,
  };
}
