import { changeCampaign, readCampaign, recordCampaignEvent } from '#db/campaigns.ts';
import { wakeWaitingForHours } from '#db/contacts.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { canEdit, wrongStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { type CampaignFields, checkCampaignFields } from './check-campaign-fields.ts';
import type { Deps } from './deps.ts';
import { touchCard } from './wake-campaign.ts';

/** A change of these makes whoever waits for their hours be judged anew. */
const HOURS = ['allowedHours', 'timeZone', 'contactTimeZone'];

/**
 * Changes a draft or a paused campaign (campaign-api §7.24). Throws `wrong_status` otherwise, and what is wrong with the
 * fields in words; nothing is saved then.
 */
export async function updateCampaign(
  deps: Deps,
  { campaignId, actor, changes }: { campaignId: number; actor: Actor; changes: CampaignFields },
): Promise<{ version: number }> {
  const columns = checkCampaignFields(changes);
  const now = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const changed = await changeCampaign(tx, campaignId, ['draft', 'paused'], { ...columns, updatedAt: now });
    if (!changed) throw await refusalOf(deps, campaignId);
    if (HOURS.some((field) => field in columns)) await wakeWaitingForHours(tx, campaignId, now);
    await recordCampaignEvent(tx, {
      workspaceId: changed.workspaceId,
      campaignId,
      actor: actorText(actor),
      kind: 'campaign_updated',
      details: { fields: Object.keys(columns) },
      createdAt: now,
    });
    await touchCard(tx, deps, campaignId);
    return { version: changed.version };
  });
}

async function refusalOf(deps: Deps, campaignId: number): Promise<Refusal> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row || canEdit(row.campaign.status))
    return new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return wrongStatus('edit', row.campaign.status);
}
