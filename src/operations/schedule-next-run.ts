import { readCampaign } from '#db/campaigns.ts';
import { readMoveOf } from '#db/moves-by-request.ts';
import type { Actor } from '#domain/actor.ts';
import { transition } from '#domain/lifecycle.ts';
import type { Selection } from '#domain/redial.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Schedule, scheduleColumns } from '#domain/schedule.ts';
import { attestWithin } from './attest-campaign.ts';
import { checkLaunch } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { reExecuteWithin } from './re-execute.ts';
import { scheduleFrom, scheduleWithin } from './schedule-campaign.ts';

export type NextRunInput = {
  campaignId: number;
  actor: Actor;
  selection: Selection;
  /** As the API spells it (campaign-api §1.5); `immediate`, or none, leaves a draft that somebody starts. */
  schedule?: unknown;
  /** The one who asks answers for the contacts of this run. */
  attests?: boolean;
  /** The same request sent again sets up one run, and is answered as the first time. */
  requestKey?: string;
};

/** `type` and `at` of its schedule are null for a draft that somebody starts. */
export type NextRun = { contactsReset: number; type: 'scheduled' | 'recurring' | null; at: Date | null };

/**
 * Sets up another run of a campaign that is over, and when it is to run (campaign-api §1.5). Everything that the schedule
 * may be refused for is looked at before the campaign is touched, and once; both are done in one transaction. Throws what
 * re-executing and scheduling are refused for.
 */
export async function scheduleNextRun(deps: Deps, input: NextRunInput): Promise<NextRun> {
  const { campaignId, actor, selection, schedule: given, attests = false, requestKey } = input;
  const before = requestKey ? await readMoveOf(deps.db, campaignId, requestKey) : null;
  if (before) return nextRunOf(before);
  const readAt = deps.clock.now();
  const schedule = given === undefined ? null : scheduleFrom(given, readAt);
  const later = schedule?.type === 'immediate' ? null : schedule;
  if (later) await checkNextRun(deps, campaignId, attests);
  const planned = planOf(later, readAt);
  return deps.db.transaction(async (tx) => {
    const details = { ...planned, ...(requestKey ? { requestKey } : {}) };
    const { contactsReset } = await reExecuteWithin(deps, tx, { campaignId, actor, selection, details });
    if (attests) await attestWithin(deps, tx, { campaignId, actor });
    if (later) await scheduleWithin(deps, tx, { campaignId, actor, schedule: later, readAt });
    return { contactsReset, ...planned };
  });
}

function planOf(later: Exclude<Schedule, { type: 'immediate' }> | null, readAt: Date) {
  return { type: later?.type ?? null, at: later && scheduleColumns(later, readAt).nextRunAt };
}

/** What was answered then, from its event. */
function nextRunOf(details: Record<string, unknown>): NextRun {
  const { contactsReset, type, at } = details;
  return {
    contactsReset: Number(contactsReset),
    type: type === 'scheduled' || type === 'recurring' ? type : null,
    at: typeof at === 'string' ? new Date(at) : null,
  };
}

async function checkNextRun(deps: Deps, campaignId: number, attests: boolean): Promise<void> {
  const row = await readCampaign(deps.db, campaignId);
  const next = row && transition(row.campaign.status, 're_execute');
  if (next && !next.ok) throw next;
  if (row?.workspace.requiresAttestation && !attests) throw new Refusal('attestation_missing', {});
  await checkLaunch(deps, campaignId, 'next_run');
}
