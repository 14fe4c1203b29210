import { type ListedContact, readListedContact } from '#db/contact-pages.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { ownCampaign } from './own-campaign.ts';

export type { ListedContact };

/** One contact of a campaign of one's own. Throws `campaign_not_found` or `contact_not_found`. */
export async function showContact(
  deps: Pick<Deps, 'db'>,
  { workspaceId, campaignId, contactId }: { workspaceId: number; campaignId: number; contactId: number },
): Promise<ListedContact> {
  await ownCampaign(deps, { workspaceId, campaignId });
  const contact = await readListedContact(deps.db, campaignId, contactId);
  if (!contact) throw new Refusal('contact_not_found', { wanted: `#${contactId}` });
  return contact;
}
