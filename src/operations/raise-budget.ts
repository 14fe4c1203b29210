import { readCampaign } from '#db/campaigns.ts';
import { readSpend } from '#db/spend.ts';
import type { Actor } from '#domain/actor.ts';
import { formatMicroDollars } from '#domain/money.ts';
import { Refusal } from '#domain/refusal.ts';
import { changeStatus } from './change-status.ts';
import type { Deps } from './deps.ts';
import { updateCampaign } from './update-campaign.ts';

export type RaisedBudget = { isResumed: boolean; problem: string | null };

/**
 * Gives a paused campaign a budget that it can go on with, in micro-dollars, and resumes it where the budget was what stopped
 * it. Throws `settings_invalid` for one that is spent or reserved already, and what changing a campaign refuses. When it
 * may not go on for another reason, `problem` says why, and the new budget stands.
 */
export async function raiseBudget(
  deps: Deps,
  { campaignId, micros, actor }: { campaignId: number; micros: number; actor: Actor },
): Promise<RaisedBudget> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  const { reservedMicros, settledMicros } = await readSpend(deps.db, row.campaign);
  const gone = reservedMicros + settledMicros;
  if (micros <= gone) throw tooLow(gone);
  await updateCampaign(deps, { campaignId, actor, changes: { settings: { budgetLimitMicros: micros } } });
  const { status, hold } = row.campaign;
  if (status !== 'paused' || hold?.code !== 'budget_reached') return { isResumed: false, problem: null };
  try {
    const { changed } = await changeStatus(deps, { campaignId, move: 'resume', actor });
    return { isResumed: changed, problem: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { isResumed: false, problem: error.message };
  }
}

function tooLow(goneMicros: number): Refusal {
  const sentence = `${formatMicroDollars(goneMicros)} are spent or reserved already. Give it more than that.`;
  const problems = [{ field: 'budget_limit', setting: 'budgetLimitMicros', sentence }];
  return new Refusal('settings_invalid', { problems });
}
