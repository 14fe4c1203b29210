import type { CampaignWithCounts } from '#db/campaigns.ts';
import type { ContactRow } from '#db/contacts.ts';
import { describeClosedBy } from '#domain/closed-by.ts';
import { channelOf } from '#domain/mixed.ts';
import { campaignHoursOf, reachOf } from '#domain/reach.ts';
import type { Deps } from './deps.ts';
import { readPolicy } from './read-policy.ts';

/** Which hours keep a contact from being reached now, as a sentence; null when none does. Nothing is changed. */
export async function explainHours(
  deps: Pick<Deps, 'db' | 'holidays'>,
  { campaign, workspace }: CampaignWithCounts,
  contact: ContactRow,
  now: Date,
): Promise<string | null> {
  const { campaignType, mixedSettings, holidayPlaces } = campaign;
  const channel = campaignType === 'mixed' ? channelOf(mixedSettings, contact.nextChannel) : campaignType;
  const policy = await readPolicy(deps, deps.db, workspace, now, holidayPlaces);
  const hours = campaignHoursOf(campaign, policy.holidays);
  return describeClosedBy(reachOf({ who: contact, channel, hours, policy }), now);
}
