import { readCampaign } from '#db/campaigns.ts';
import { readMoveOf } from '#db/moves-by-request.ts';
import type { Actor } from '#domain/actor.ts';
import { startOrResume } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { attestCampaign } from './attest-campaign.ts';
import { changeStatus } from './change-status.ts';
import { checkLaunch } from './check-launch.ts';
import type { Deps } from './deps.ts';

export type LaunchInput = {
  campaignId: number;
  actor: Actor;
  /** Starts a scheduled campaign at once instead of leaving it to its schedule. */
  isNow?: boolean;
  /** The one who asks answers for its contacts. */
  attests?: boolean;
  /** The same request sent again starts it once, whatever has become of it since. */
  requestKey?: string;
};

/** `taskKey` names the waiting task that goes on with it. */
export type Launched = { taskKey: string; scheduledAt: Date | null };

/** Somebody may change the campaign between a look and a start; more often than this nobody does. */
const LOOKS = 3;

/**
 * Starts a campaign, or resumes a paused one, as the API has one verb for both (campaign-api §1.4). One that is scheduled
 * passes the checks of a start and is left to its schedule; `scheduledAt` says when it runs. Throws `schedule_past` when
 * that time is over, and whatever a start is refused for.
 */
export async function launchCampaign(deps: Deps, input: LaunchInput): Promise<Launched> {
  const { campaignId, actor, isNow = false, attests = false, requestKey } = input;
  const started = { taskKey: `dispatch:${campaignId}`, scheduledAt: null };
  if (requestKey && (await readMoveOf(deps.db, campaignId, requestKey))) return started;
  if (attests) await attestCampaign(deps, { campaignId, actor });
  for (let looks = 1; looks <= LOOKS; looks += 1) {
    const row = await readCampaign(deps.db, campaignId);
    if (!row) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
    const { status, version, nextRunAt } = row.campaign;
    if (status === 'scheduled' && nextRunAt && !isNow) return confirmSchedule(deps, campaignId, nextRunAt);
    const move = startOrResume(status);
    const wish = { campaignId, move, actor, expectedVersion: version, requestKey };
    if ((await changeStatus(deps, wish)).changed) return started;
  }
  throw new Refusal('changed_meanwhile', {});
}

async function confirmSchedule(deps: Deps, campaignId: number, scheduledAt: Date): Promise<Launched> {
  if (scheduledAt <= deps.clock.now()) throw new Refusal('schedule_past', {});
  await checkLaunch(deps, campaignId, 'schedule');
  return { taskKey: `due:${campaignId}`, scheduledAt };
}
