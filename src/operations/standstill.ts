import { setHold } from '#db/campaigns.ts';
import type { LockedCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import type { Hold } from '#domain/hold.ts';
import { nationalListIsStale } from './check-national-list.ts';
import type { Deps } from './deps.ts';
import { moveCampaign } from './move-campaign.ts';
import { abandonsTooOften, failsTooOften, triesItFirst } from './stops-by-itself.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

/**
 * Why a running campaign claims nobody at this turn. `wait`: it is looked at again at `until`, or when somebody changes
 * what it waits for. `pause`: a person has to look at it first.
 */
export type Standstill = { kind: 'wait'; hold: Hold; until: Date | null } | { kind: 'pause'; hold: Hold };

/** One reason to stand still; null when it does not apply. Asked under the campaign's lock, in the dispatch's transaction. */
export type StandstillCheck = (
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
) => Promise<Standstill | null>;

/** Everything that keeps a running campaign as a whole from claiming, in the order in which it is told. */
const CHECKS: readonly StandstillCheck[] = [
  undoWindow,
  failsTooOften,
  abandonsTooOften,
  triesItFirst,
  needsApproval,
  nationalListIsStale,
];

/** Whoever started it may still take that back. */
async function undoWindow(
  { clock }: Deps,
  _: Transaction,
  { campaign }: LockedCampaign,
): Promise<Standstill | null> {
  const { undoUntil } = campaign;
  if (!undoUntil || undoUntil <= clock.now()) return null;
  return { kind: 'wait', hold: { code: 'undo_window', until: undoUntil.toISOString() }, until: undoUntil };
}

/** Whether a running, locked campaign stands still at this turn; its hold or its pause is kept in the same transaction. */
export async function standsStill(deps: Deps, tx: Transaction, locked: LockedCampaign): Promise<boolean> {
  for (const check of CHECKS) {
    const found = await check(deps, tx, locked);
    if (!found) continue;
    await standStill(deps, tx, locked, found);
    return true;
  }
  return false;
}

/** Lets a running, locked campaign wait or pause, and keeps why. */
export async function standStill(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
  found: Standstill | null,
): Promise<void> {
  if (found?.kind === 'pause')
    await moveCampaign(deps, tx, locked, { move: 'pause', actor: { kind: 'system' }, hold: found.hold });
  else if (found) await rest(deps, tx, locked.campaign.id, found);
}

/** Nobody agreed to what it is now; whoever approves it wakes it. */
async function needsApproval(
  _: Deps,
  __: Transaction,
  { campaign, workspace }: LockedCampaign,
): Promise<Standstill | null> {
  if (!workspace.requiresApproval || campaign.approvalId !== null) return null;
  return { kind: 'wait', hold: { code: 'needs_approval' }, until: null };
}

async function rest(
  deps: Deps,
  tx: Transaction,
  campaignId: number,
  { hold, until }: Extract<Standstill, { kind: 'wait' }>,
): Promise<void> {
  if (await setHold(tx, campaignId, hold)) await touchCard(tx, deps, campaignId);
  if (until) await wakeCampaign(tx, deps, campaignId, until);
}
