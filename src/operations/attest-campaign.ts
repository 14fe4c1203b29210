import { keepApproval } from '#db/approvals.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { describeStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { hasMovedOn, lockOrRefuse } from './lock-or-refuse.ts';
import { touchCard } from './wake-campaign.ts';

/** What somebody states who attests; kept with the event, since wordings change and statements do not. */
export const ATTESTATION =
  'Everybody in this campaign may lawfully be contacted in this way: they agreed where the law asks for it, and the list was checked against the do-not-call lists that apply.';

export type AttestInput = { campaignId: number; actor: Actor; expectedVersion?: number };

/**
 * Keeps that a person answers for whom a campaign contacts. It stands until its contacts change or it is run again.
 * Throws `campaign_not_found`, and `stale_click` when the campaign is over or not what the person saw.
 */
export async function attestCampaign(deps: Deps, input: AttestInput): Promise<void> {
  await deps.db.transaction((tx) => attestWithin(deps, tx, input));
}

/** The same in the transaction of a caller that has more to do. */
export async function attestWithin(
  deps: Deps,
  tx: Transaction,
  { campaignId, actor, expectedVersion }: AttestInput,
): Promise<void> {
  const now = deps.clock.now();
  const locked = await lockOrRefuse(tx, campaignId);
  const { id, workspaceId, status } = locked.campaign;
  const isStale = hasMovedOn(locked.campaign, expectedVersion);
  if (isStale || status === 'completed' || status === 'cancelled')
    throw new Refusal('stale_click', { state: describeStatus(status) });
  await keepApproval(tx, id, { attestedBy: actorText(actor), attestedAt: now });
  await recordCampaignEvent(tx, {
    workspaceId,
    campaignId,
    actor: actorText(actor),
    kind: 'campaign_attested',
    details: { wording: ATTESTATION },
    createdAt: now,
  });
  await touchCard(tx, deps, id);
}
