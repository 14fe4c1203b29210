import { newestApproval } from '#db/approvals.ts';
import { type CampaignWithCounts, readCampaign } from '#db/campaigns.ts';
import type { LaunchDemands } from '#domain/approval.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** The demands on one campaign at this moment. Throws `campaign_not_found`. */
export async function launchDemands(
  deps: Pick<Deps, 'db'>,
  { campaignId }: { campaignId: number },
): Promise<LaunchDemands> {
  const row = await readCampaign(deps.db, campaignId);
  if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return demandsOn(deps, row);
}

/** The same for a campaign that was read already. */
export async function demandsOn(
  deps: Pick<Deps, 'db'>,
  { campaign, workspace }: Pick<CampaignWithCounts, 'campaign' | 'workspace'>,
): Promise<LaunchDemands> {
  const isAttested = campaign.attestedBy !== null;
  return {
    approval: workspace.requiresApproval ? await approvalOf(deps, campaign) : 'not_demanded',
    attestation: workspace.requiresAttestation ? (isAttested ? 'standing' : 'missing') : 'not_demanded',
  };
}

async function approvalOf(
  deps: Pick<Deps, 'db'>,
  campaign: CampaignWithCounts['campaign'],
): Promise<LaunchDemands['approval']> {
  if (campaign.approvalId !== null) return 'standing';
  const newest = await newestApproval(deps.db, campaign.id);
  return newest && !newest.decision && !newest.voidedAt ? 'asked' : 'missing';
}
