import type { CampaignWithCounts } from '#db/campaigns.ts';
import { DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';
import { describeEta, estimateEta, HELD_SECONDS, type ZoneGroup } from '#domain/eta.ts';
import { hoursOf } from '#domain/settings.ts';

/** Which share of texts is tried again, until a campaign has figures of its own. */
const RETRY_SHARE = 0.02;

/** The rest of the way in words, for a campaign that runs or may be started; null when nobody waits. */
export function outlookOf(row: CampaignWithCounts, now: Date, groups?: ZoneGroup[]): string | null {
  const { campaign, counts } = row;
  const isAhead =
    campaign.status === 'running' || campaign.status === 'draft' || campaign.status === 'scheduled';
  if (!isAhead || counts.pending === 0) return null;
  return describeEta(etaOf(row, now, groups), now, campaign.timeZone);
}

/** When a campaign will be done and which limit binds; `groups` are its waiting contacts by zone where known. */
export function etaOf({ campaign, workspace, counts }: CampaignWithCounts, now: Date, groups?: ZoneGroup[]) {
  return estimateEta({
    now,
    groups: groups ?? [{ zones: [campaign.timeZone], contacts: counts.pending }],
    hours: [hoursOf(campaign.allowedHours), DEFAULT_ALLOWED_HOURS],
    rateLimitsPerMinute: [campaign.rateLimitPerMinute, workspace.rateLimitPerMinute],
    concurrentLimit: campaign.concurrentLimit,
    heldSeconds: HELD_SECONDS.sms,
    retryShare: RETRY_SHARE,
    maxAttempts: campaign.maxAttempts,
    retryDelayMinutes: campaign.retryDelayMinutes,
  });
}
