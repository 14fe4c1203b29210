import type { CampaignWithCounts } from '#db/campaigns.ts';
import { type AllowedHours, type CallingWindow, DEFAULT_ALLOWED_HOURS } from '#domain/calling-window.ts';
import { CHANNELS_OF } from '#domain/campaign-templates.ts';
import { describeEta, estimateEta, HELD_SECONDS, type ZoneGroup } from '#domain/eta.ts';
import type { Hold } from '#domain/hold.ts';
import { hoursOf } from '#domain/settings.ts';
import type { Deps } from './deps.ts';

/** Which share of texts and of calls is tried again, until a campaign has figures of its own (field-notes §4). */
const RETRY_SHARE = { sms: 0.02, call: 0.35 } as const;

/** Waiting contacts by their hours, and the caps on attempts to one number. */
type Audience = { groups: ZoneGroup[]; caps: { limit: number; hours: number }[] };

type Pace = { telephony: Pick<Deps['telephony'], 'callsPerSecond'> };

/** Holds in which only single people are waited for; the hold says when, and a pace says nothing. */
const WAITING_FOR_FEW: readonly Hold['code'][] = [
  'waiting_for_retries',
  'waiting_for_callbacks',
  'waiting_for_follow_ups',
  'held_for_review',
];

/**
 * The rest of the way in words, for a campaign that runs or may be started; null when nobody waits, or only for a moment
 * that its hold names.
 */
export function outlookOf(deps: Pace, row: CampaignWithCounts, now: Date): string | null {
  const { campaign, counts } = row;
  const isAhead =
    campaign.status === 'running' || campaign.status === 'draft' || campaign.status === 'scheduled';
  if (!isAhead || counts.pending === 0) return null;
  if (campaign.hold && WAITING_FOR_FEW.includes(campaign.hold.code)) return null;
  return describeEta(etaOf(deps, row, now), now, campaign.timeZone);
}

/**
 * When a campaign will be done and which limit binds; `known` are its waiting contacts by their hours, where somebody has looked. One that calls
 * goes at the pace of its calls: its texts hold nothing up.
 */
export function etaOf(
  { telephony }: Pace,
  { campaign, workspace, counts }: CampaignWithCounts,
  now: Date,
  known?: Audience,
) {
  const isCalling = CHANNELS_OF[campaign.campaignType].calls;
  const channel = isCalling ? 'call' : 'sms';
  return estimateEta({
    now,
    groups: known?.groups ?? [{ zones: [campaign.timeZone], contacts: counts.pending }],
    hours: roughHours(campaign),
    rateLimitsPerMinute: [campaign.rateLimitPerMinute, workspace.rateLimitPerMinute],
    concurrentLimit: campaign.concurrentLimit,
    ...(isCalling ? { callsPerSecond: telephony.callsPerSecond } : {}),
    heldSeconds: HELD_SECONDS[channel],
    retryShare: RETRY_SHARE[channel],
    maxAttempts: campaign.maxAttempts,
    retryDelayMinutes: campaign.retryDelayMinutes,
    caps: known?.caps ?? capsOf(workspace),
  });
}

function capsOf({ frequencyLimit: limit, frequencyHours: hours }: CampaignWithCounts['workspace']) {
  return limit === null ? [] : [{ limit, hours }];
}

/** Hours for an outlook that knows nobody's place: the campaign's own, and those of the United States as a whole. */
function roughHours(campaign: CampaignWithCounts['campaign']): (AllowedHours | CallingWindow)[] {
  const dates = Object.fromEntries(campaign.pauseDates.map((date) => [date, []]));
  const anyOf = [hoursOf(campaign.allowedHours), ...campaign.additionalHours];
  return [{ anyOf, dates }, DEFAULT_ALLOWED_HOURS];
}
