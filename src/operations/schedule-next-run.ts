import { readCampaign } from '#db/campaigns.ts';
import type { Actor } from '#domain/actor.ts';
import { transition } from '#domain/lifecycle.ts';
import type { Selection } from '#domain/redial.ts';
import { Refusal } from '#domain/refusal.ts';
import { attestCampaign } from './attest-campaign.ts';
import { checkLaunch } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { reExecuteCampaign } from './re-execute.ts';
import { type Scheduled, scheduleCampaign, scheduleFrom } from './schedule-campaign.ts';

export type NextRunInput = {
  campaignId: number;
  actor: Actor;
  selection: Selection;
  /** As the API spells it (campaign-api §1.5); `immediate`, or none, leaves a draft that somebody starts. */
  schedule?: unknown;
  /** The one who asks answers for the contacts of this run. */
  attests?: boolean;
};

export type NextRun = { contactsReset: number; scheduled: Scheduled | null };

/**
 * Sets up another run of a campaign that is over, and when it is to run (campaign-api §1.5). Everything that the schedule
 * may be refused for is looked at before the campaign is touched, and once: a campaign that is set up is scheduled, too.
 * Throws what re-executing and scheduling are refused for.
 */
export async function scheduleNextRun(deps: Deps, input: NextRunInput): Promise<NextRun> {
  const { campaignId, actor, selection, schedule, attests = false } = input;
  const checkedAt = deps.clock.now();
  const isLater = schedule !== undefined && scheduleFrom(schedule, checkedAt).type !== 'immediate';
  if (isLater) await checkNextRun(deps, campaignId, attests);
  const { contactsReset } = await reExecuteCampaign(deps, { campaignId, actor, selection });
  if (attests) await attestCampaign(deps, { campaignId, actor });
  const scheduled = isLater ? await scheduleCampaign(deps, { campaignId, actor, schedule, checkedAt }) : null;
  return { contactsReset, scheduled };
}

async function checkNextRun(deps: Deps, campaignId: number, attests: boolean): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  const next = row && transition(row.campaign.status, 're_execute');
  if (next && !next.ok) throw next;
  if (row?.workspace.requiresAttestation && !attests) throw new Refusal('attestation_missing', {});
  await checkLaunch(deps, campaignId, 'next_run');
}
