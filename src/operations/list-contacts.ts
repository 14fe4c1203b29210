import { type ListedContact, readContactPage } from '#db/contact-pages.ts';
import { CONTACT_STATUSES } from '#domain/contact-status.ts';
import type { Counts } from '#domain/metrics.ts';
import type { Deps } from './deps.ts';
import { ownCampaign } from './own-campaign.ts';

/**
 * One page of the contacts of a campaign of one's own, in the order of their import, and how many there are. Throws
 * `campaign_not_found`.
 */
export async function listContacts(
  deps: Pick<Deps, 'db'>,
  {
    workspaceId,
    campaignId,
    status,
    page,
  }: {
    workspaceId: number;
    campaignId: number;
    status: keyof Counts | null;
    page: { limit: number; offset: number };
  },
): Promise<{ contacts: ListedContact[]; total: number }> {
  const { counts } = await ownCampaign(deps, { workspaceId, campaignId });
  const total = status ? counts[status] : CONTACT_STATUSES.reduce((sum, one) => sum + counts[one], 0);
  const contacts = await readContactPage(deps.db, { campaignId, status, ...page });
  return { contacts, total };
}
