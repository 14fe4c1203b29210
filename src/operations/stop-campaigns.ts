import { lockCampaign } from '#db/claims.ts';
import type { Deps } from './deps.ts';
import type { CampaignStop } from './end-attempts.ts';
import { moveCampaign } from './move-campaign.ts';

/**
 * Stops campaigns whose provider refused them, once each, after the transaction that found out. A campaign that no longer
 * runs stays as it is; should this process die in between, the next refusal stops it.
 */
export async function stopCampaigns(deps: Deps, stops: CampaignStop[]): Promise<void> {
  const byCampaign = new Map(stops.map((stop) => [stop.campaignId, stop]));
  for (const { campaignId, move, fix } of byCampaign.values()) {
    await deps.db.transaction(async (tx) => {
      const locked = await lockCampaign(tx, campaignId);
      if (locked?.campaign.status !== 'running') return;
      await moveCampaign(deps, tx, locked, {
        move,
        actor: { kind: 'system' },
        hold: { code: 'provider_refused', fix },
      });
    });
  }
}
