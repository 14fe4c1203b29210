import { changeWorkspace } from '#db/workspaces.ts';
import { changeStatus } from '#operations/change-status.ts';
import { createCampaign } from '#operations/create-campaign.ts';
import type { Deps } from '#operations/deps.ts';
import { ensureWorkspace } from '#operations/ensure-workspace.ts';
import { scheduleCampaign } from '#operations/schedule-campaign.ts';
import { CHANNELS, PEOPLE, TEAM_ID } from '#sandbox/slack/seed.ts';

const DANA = { kind: 'slack_user', userId: PEOPLE.admin } as const;
const LAST_STATION = 9_979;
/** Endings of numbers whose owners do something of their own; everybody here just takes a text, and some answer. */
const OWN_WAYS = { from: 82, to: 94 };
/** Opted out at the carrier long ago, which only the carrier knows. */
const OPTED_OUT_ENDING = 93;

export type CampaignPlan = {
  name: string;
  phones: readonly string[];
  concurrentLimit: number;
};

/** A campaign of texts with one attempt for everybody, made by the product's own verbs and not yet started. */
export async function makeCampaign(deps: Deps, plan: CampaignPlan): Promise<number> {
  const workspace = await ensureWorkspace(deps, { slackTeamId: TEAM_ID });
  // Campaigns share numbers: under a cap over all of them the last ones would wait for the next day.
  await changeWorkspace(deps.db, workspace.id, {
    rateLimitPerMinute: 1_000_000,
    concurrentLimit: 500,
    frequencyLimit: null,
  });
  const { campaignId } = await createCampaign(deps, {
    workspaceId: workspace.id,
    actor: DANA,
    creationKey: plan.name,
    channelId: CHANNELS.campaigns,
    name: plan.name,
    campaignType: 'sms',
    smsMessageTemplate: `${plan.name}: hello {{name}}`,
    settings: {
      maxAttempts: 1,
      rateLimitPerMinute: 6_000,
      concurrentLimit: plan.concurrentLimit,
      timeZone: 'America/New_York',
    },
  });
  return campaignId;
}

export async function pressStart(deps: Deps, campaignId: number): Promise<void> {
  await changeStatus(deps, { campaignId, move: 'start', actor: DANA });
}

/** Schedules it once, so many milliseconds of product time ahead. */
export async function setTime(deps: Deps, campaignId: number, aheadMs: number): Promise<void> {
  const scheduled_at = new Date(deps.clock.now().getTime() + aheadMs).toISOString();
  await scheduleCampaign(deps, {
    campaignId,
    actor: DANA,
    schedule: { schedule_type: 'scheduled', scheduled_at, timezone: 'America/New_York' },
  });
}

export async function pressResume(deps: Deps, campaignId: number): Promise<void> {
  await changeStatus(deps, { campaignId, move: 'resume', actor: DANA });
}

/** Numbers in New York, the same for the same stretch; one in a hundred opted out at the carrier before. */
export function contactPhones(count: number, from = 0): string[] {
  const stations = Array.from({ length: LAST_STATION }, (_, station) => station).filter((station) => {
    const ending = station % 100;
    return ending < OWN_WAYS.from || ending > OWN_WAYS.to || ending === OPTED_OUT_ENDING;
  });
  return Array.from({ length: count }, (_, index) => {
    const place = from + index;
    const exchange = 200 + Math.floor(place / stations.length);
    return `+1212${exchange}${String(stations[place % stations.length]).padStart(4, '0')}`;
  });
}
