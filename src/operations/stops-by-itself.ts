import { countAbandoned } from '#db/abandoned.ts';
import type { CampaignRow } from '#db/campaigns.ts';
import { countRunResults, setCanaryLeft } from '#db/canary.ts';
import type { Transaction } from '#db/client.ts';
import { lastEndings } from '#db/ledger.ts';
import { hasOpenCalls, readSpend } from '#db/spend.ts';
import { isAbandonedTooOften } from '#domain/abandonment.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { isBreakerOpen } from '#domain/circuit-breaker.ts';
import type { Deps } from './deps.ts';
import { readAbandonment } from './read-abandonment.ts';
import type { Standstill, StandstillCheck } from './standstill.ts';

/** Pauses a campaign when too many of its last attempts failed at the provider, which is no fault of the people called. */
export const failsTooOften: StandstillCheck = async (_deps, tx, { campaign }) => {
  const since = campaign.resumedAt ?? campaign.startedAt;
  if (!since) return null;
  const { breakerAttempts: attempts, breakerPercent: percent } = campaign;
  const endings = await lastEndings(tx, campaign.id, since, attempts);
  const breaker = isBreakerOpen(endings, { attempts, percent });
  if (!breaker.open) return null;
  const { failures } = breaker;
  return { kind: 'pause', hold: { code: 'circuit_breaker', failures, attempts: breaker.attempts } };
};

/**
 * Pauses a campaign that abandons more of the calls people answer than the law allows (telephony.md §6). Whoever resumes it
 * answers for it: the next one that is abandoned stops it again while the share is too large.
 */
export const abandonsTooOften: StandstillCheck = async (deps, tx, { campaign }) => {
  if (!CHANNELS_OF[campaign.campaignType].calls) return null;
  const since = campaign.resumedAt ?? campaign.startedAt;
  if (!since || (await countAbandoned(tx, campaign.id, since)) === 0) return null;
  const abandonment = await readAbandonment(tx, campaign.id, deps.clock.now());
  if (!isAbandonedTooOften(abandonment)) return null;
  return { kind: 'pause', hold: { code: 'abandon_rate', ...abandonment } };
};

/**
 * Once the first attempts of a run are made nobody else is contacted: their results come in, then a person decides. As many
 * as came to nothing, because they were taken back or the provider was too busy, are made once more.
 */
export const triesItFirst: StandstillCheck = async (_deps, tx, { campaign }) => {
  if (campaign.canaryLeft !== 0) return null;
  const size = campaign.canarySize ?? 0;
  const { open, ...results } = await countRunResults(tx, campaign);
  if (open > 0) return { kind: 'wait', hold: { code: 'canary_results', size }, until: null };
  const untried = size - results.reached - results.missed - results.failed;
  if (untried > 0) {
    await setCanaryLeft(tx, campaign.id, untried);
    return null;
  }
  return { kind: 'pause', hold: { code: 'canary', size, ...results } };
};

/**
 * What becomes of a campaign whose next attempt could pass its budget, of which `leftMicros` were left when that was seen:
 * while a call is under way it waits, since most end for less than was reserved for them; otherwise it pauses, and a person
 * may raise the budget. What ended since then has given something back, so it is looked at again.
 */
export async function standsAtBudget(
  { clock }: Pick<Deps, 'clock'>,
  tx: Transaction,
  campaign: CampaignRow,
  leftMicros: number,
): Promise<Standstill | null> {
  const { budgetLimitMicros: limitMicros } = campaign;
  if (limitMicros === null) return null;
  const hold = { code: 'budget_in_use', limitMicros } as const;
  if (await hasOpenCalls(tx, campaign.id)) return { kind: 'wait', hold, until: null };
  const { reservedMicros, settledMicros } = await readSpend(tx, campaign);
  const spentMicros = reservedMicros + settledMicros;
  if (limitMicros - spentMicros > leftMicros) return { kind: 'wait', hold, until: clock.now() };
  return { kind: 'pause', hold: { code: 'budget_reached', limitMicros, spentMicros } };
}
