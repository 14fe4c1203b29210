import type { CampaignRow } from '#db/campaigns.ts';
import { type LockedCampaign, lockCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { Refusal } from '#domain/refusal.ts';

/** A campaign with its workspace, locked until the transaction ends. Throws `campaign_not_found`. */
export async function lockOrRefuse(tx: Transaction, campaignId: number): Promise<LockedCampaign> {
  const locked = await lockCampaign(tx, campaignId);
  if (!locked) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return locked;
}

/** Whether a campaign has changed since somebody saw it; whoever names no version means it as it is. */
export function hasMovedOn(
  { version }: Pick<CampaignRow, 'version'>,
  seenVersion: number | undefined,
): boolean {
  return seenVersion !== undefined && seenVersion !== version;
}
