import { recordCampaignEvent } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import { withdrawConsents } from '#db/consents.ts';
import { skipNumber } from '#db/contacts.ts';
import { BY_THE_PERSON, closeHolds, insertSuppression, type SuppressionRow } from '#db/suppressions.ts';
import { campaignsCalling } from '#db/unwanted-calls.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import type { Deps } from './deps.ts';
import { takeBackLater, touchCard, wakeCampaign } from './wake-campaign.ts';

export type Suppression = {
  workspaceId: number;
  phoneNumber: string;
  channel: SuppressionRow['channel'];
  reason: string;
  source: SuppressionRow['source'];
  /** The campaign in which it came up. */
  campaignId: number | null;
  /** The only campaign that it counts for; without one it counts for the whole workspace. */
  onlyCampaignId?: number | null;
  actor: Actor;
  /** Somebody else enters what the person asked for themselves. */
  isTheirWish?: boolean;
};

/**
 * Puts a number on the do-not-call list, in the caller's transaction: it waits for nothing of that channel in the workspace
 * any more, or in that one campaign, and an open question about it is answered. What somebody opted out of they no longer
 * consent to (47 CFR 64.1200(a)(10), telephony.md §6). False when it already stood there for this channel and scope.
 */
export async function suppress(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  entry: Suppression,
): Promise<boolean> {
  const now = deps.clock.now();
  const { actor, isTheirWish = BY_THE_PERSON.includes(entry.source), ...row } = entry;
  const isNew = await insertSuppression(tx, { ...row, actor: actorText(actor), createdAt: now });
  if (isNew)
    await recordCampaignEvent(tx, {
      workspaceId: entry.workspaceId,
      campaignId: entry.campaignId,
      actor: actorText(actor),
      kind: 'suppression_added',
      details: suppressionDetails(entry),
      createdAt: now,
    });
  // The question was about texts: an entry for calls alone does not answer it.
  if (entry.channel !== 'voice' && !entry.onlyCampaignId) {
    await closeHolds(tx, entry.workspaceId, entry.phoneNumber, {
      decision: 'suppress',
      decidedAt: now,
      decidedBy: actorText(actor),
    });
  }
  if (entry.channel !== 'sms') await takeBackCalls(deps, tx, entry);
  const reason = entry.source === 'opt_out' ? 'opted_out' : 'do_not_call';
  for (const campaignId of await skipNumber(tx, { ...entry, reason })) {
    await wakeCampaign(tx, deps, campaignId);
    await touchCard(tx, deps, campaignId);
  }
  if (isTheirWish)
    await withdrawConsents(tx, {
      workspaceId: entry.workspaceId,
      phoneNumber: entry.phoneNumber,
      channel: entry.channel,
      withdrawnAt: now,
      withdrawnBy: 'contact',
    });
  return isNew;
}

/** Masked, since more people read the log than may see numbers. */
function suppressionDetails({ phoneNumber, channel, source, onlyCampaignId = null }: Suppression) {
  return { phone: maskPhone(phoneNumber), channel, source, onlyCampaignId };
}

/** Calls to the number that the provider has queued are not to be dialled any more. */
async function takeBackCalls(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  { workspaceId, phoneNumber }: Suppression,
): Promise<void> {
  for (const campaignId of await campaignsCalling(tx, workspaceId, [phoneNumber]))
    await takeBackLater(tx, deps, campaignId);
}
