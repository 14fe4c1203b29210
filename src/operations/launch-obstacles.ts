import type { CampaignWithCounts } from '#db/campaigns.ts';
import { describeHold } from '#domain/hold.ts';
import { Refusal } from '#domain/refusal.ts';
import { launchProblems } from './check-launch.ts';
import { nationalListHold } from './check-national-list.ts';
import type { Deps } from './deps.ts';
import { demandsOn } from './launch-demands.ts';

/** Before a run nobody waits yet whom the last one went through: that keeps nothing from being looked ahead at. */
const NOT_YET = new Set(['no_contacts', 'all_contacts_processed']);

/**
 * What keeps a campaign from contacting anybody as things stand, each a sentence: what it lacks, whom the workspace wants to
 * have agreed or answered for it, and a national do-not-call list that is too old. Empty when nothing does.
 */
export async function launchObstacles(deps: Deps, row: CampaignWithCounts): Promise<string[]> {
  const now = deps.clock.now();
  const problems = (await launchProblems(deps, row)).filter(({ code }) => !NOT_YET.has(code));
  const { approval, attestation } = await demandsOn(deps, row);
  const stale = nationalListHold(row.workspace, now);
  const demands = [
    ...(approval === 'missing' || approval === 'asked'
      ? [new Refusal('approval_missing', { isAsked: approval === 'asked' })]
      : []),
    // Whoever answered for a run under way did so at its start; nobody is asked again before it is paused.
    ...(attestation === 'missing' && row.campaign.status !== 'running'
      ? [new Refusal('attestation_missing', {})]
      : []),
  ];
  return [
    ...[...problems, ...demands].map(({ message }) => message),
    ...(stale ? [describeHold(stale, now, row.campaign.timeZone)] : []),
  ];
}
