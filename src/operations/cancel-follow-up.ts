import type { Transaction } from '#db/client.ts';
import { finishFollowUp } from '#db/contacts.ts';
import type { Deps } from './deps.ts';
import { touchCard, wakeCampaign } from './wake-campaign.ts';

/**
 * Somebody answered a mixed campaign, by text or by ringing back: what would still come to them on its other channel is not
 * needed any more (campaign-api §7.17). They were reached, so they are completed.
 */
export async function cancelFollowUp(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  answered: { campaignId: number; contactId: number; campaignType: 'call' | 'sms' | 'mixed' },
): Promise<void> {
  const { campaignId, contactId, campaignType } = answered;
  if (campaignType !== 'mixed' || !(await finishFollowUp(tx, contactId))) return;
  await wakeCampaign(tx, deps, campaignId);
  await touchCard(tx, deps, campaignId);
}
