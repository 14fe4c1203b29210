import type { CampaignRow } from '#db/campaigns.ts';
import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { readOwnRates } from '#db/rates.ts';
import { changeSpend, readSpend } from '#db/spend.ts';
import { ratesWith } from '#domain/rates.ts';
import { type Planned, reserveFor } from '#domain/reserve.ts';

/**
 * What a run may still spend: `leftMicros` of its campaign’s budget less what is spent and what is reserved for attempts whose
 * price is not known; null when there is no budget. `reserveOf` is what one more attempt must have free.
 */
export type Budget = { leftMicros: number | null; reserveOf(one: Omit<Planned, 'isDetecting'>): number };

/**
 * Reads the budget of a campaign whose row the caller has locked, so that nobody else reserves before it has committed.
 * What settles meanwhile only frees money, as long as prices stay within what was reserved for them.
 */
export async function readBudget(tx: Transaction, { campaign, workspace }: LockedCampaign): Promise<Budget> {
  const rates = ratesWith(await readOwnRates(tx, workspace.id));
  const isDetecting = campaign.enableVoicemailDetection;
  return {
    leftMicros: await leftOf(tx, campaign),
    reserveOf: (one) => reserveFor(rates, { ...one, isDetecting }),
  };
}

/**
 * Keeps what was reserved for attempts that were just written with the same `reserved_micros`; the caller holds the
 * campaign's lock and touches contacts and counts no more after it.
 */
export async function keepReserved(
  tx: Transaction,
  { id, runNumber }: Pick<CampaignRow, 'id' | 'runNumber'>,
  micros: number,
): Promise<void> {
  await changeSpend(tx, [
    {
      campaignId: id,
      runNumber,
      reservedMicros: micros,
      settledMicros: 0,
      settledAttempts: 0,
      settledReserveMicros: 0,
    },
  ]);
}

async function leftOf(tx: Transaction, campaign: CampaignRow): Promise<number | null> {
  if (campaign.budgetLimitMicros === null) return null;
  const { reservedMicros, settledMicros } = await readSpend(tx, campaign);
  return campaign.budgetLimitMicros - reservedMicros - settledMicros;
}
