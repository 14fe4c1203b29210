import { type CampaignRow, changeCampaign, readCampaign } from '#db/campaigns.ts';
import { lockCampaign } from '#db/claims.ts';
import type { Transaction } from '#db/client.ts';
import { type Actor, nameOf } from '#domain/actor.ts';
import { checkSchedule } from '#domain/check-schedule.ts';
import { wrongStatus } from '#domain/lifecycle.ts';
import { Refusal } from '#domain/refusal.ts';
import { type Schedule, type ScheduleColumns, scheduleColumns } from '#domain/schedule.ts';
import { scheduleWords } from '#domain/schedule-words.ts';
import { checkLaunch } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { hasMovedOn, lockOrRefuse } from './lock-or-refuse.ts';
import { moveCampaign } from './move-campaign.ts';
import { recordDeed, tellThread } from './tell-thread.ts';
import { unscheduleCampaign } from './unschedule-campaign.ts';
import { voidApproval } from './void-approval.ts';
import { touchCard, wakeForRun } from './wake-campaign.ts';

export type ScheduleInput = {
  campaignId: number;
  actor: Actor;
  /** As the API spells it (campaign-api §3.1): `schedule_type`, `scheduled_at`, `timezone`, `recurring_config`. */
  schedule: unknown;
  /** The version that the person saw; where it has moved on, nothing changes. */
  expectedVersion?: number;
  /** Its contacts may come later: files are loaded into a scheduled campaign, too (campaign-api §7.4). */
  isAheadOfContacts?: boolean;
};

/** `nextRunAt` is null where it is to run as soon as somebody starts it. */
export type Scheduled = { changed: boolean; schedule: Schedule; nextRunAt: Date | null };

/**
 * Schedules a draft, or a scheduled campaign anew, after the checks that a start passes; `immediate` makes a draft of it
 * again (campaign-api §3.1). What was approved before is to be approved again. Throws `schedule_past` for a time that is
 * over, `settings_invalid` with every problem of the schedule, `wrong_status`, and what a start is refused for.
 */
export async function scheduleCampaign(deps: Deps, input: ScheduleInput): Promise<Scheduled> {
  const { campaignId, isAheadOfContacts = false } = input;
  const now = deps.clock.now();
  const schedule = scheduleFrom(input.schedule, now);
  if (schedule.type === 'immediate') {
    const row = await readCampaign(deps.db, campaignId);
    if (row?.campaign.status === 'draft') return { changed: true, schedule, nextRunAt: null };
    const { changed } = await unscheduleCampaign(deps, input);
    return { changed, schedule, nextRunAt: null };
  }
  await checkLaunch(deps, campaignId, isAheadOfContacts ? 'plan' : 'schedule');
  return deps.db.transaction((tx) => scheduleWithin(deps, tx, { ...input, schedule, readAt: now }));
}

/**
 * Keeps a schedule that was read at `readAt`, in the transaction of a caller that has passed the checks of a start. Throws
 * `wrong_status`.
 */
export async function scheduleWithin(
  deps: Deps,
  tx: Transaction,
  input: Omit<ScheduleInput, 'schedule'> & { schedule: Schedule; readAt: Date },
): Promise<Scheduled> {
  const { campaignId, actor, schedule } = input;
  const columns = scheduleColumns(schedule, input.readAt);
  const locked = await lockOrRefuse(tx, campaignId);
  const { campaign } = locked;
  const answer = { schedule, nextRunAt: columns.nextRunAt };
  if (hasMovedOn(campaign, input.expectedVersion)) return { ...answer, changed: false };
  if (campaign.status === 'draft')
    await moveCampaign(deps, tx, locked, { move: 'schedule', actor, changes: columns });
  else if (campaign.status === 'scheduled') await reschedule(deps, tx, { campaign, actor, columns });
  else throw wrongStatus('schedule', campaign.status);
  const { campaign: scheduled } = (await lockCampaign(tx, campaignId)) ?? locked;
  await voidApproval(deps, tx, { campaign: scheduled, actor, did: 'changed the schedule' });
  return { ...answer, changed: true };
}

/** Reads a schedule. Throws `schedule_past` and `settings_invalid` as above. */
export function scheduleFrom(given: unknown, now: Date): Schedule {
  const checked = checkSchedule(given, now);
  if (checked.ok) return checked.schedule;
  const { problems } = checked;
  if (problems.every(({ isPast }) => isPast)) throw new Refusal('schedule_past', {});
  throw new Refusal('settings_invalid', { problems });
}

/** A scheduled campaign stays what it is; only its times are others. */
async function reschedule(
  deps: Deps,
  tx: Transaction,
  { campaign, actor, columns }: { campaign: CampaignRow; actor: Actor; columns: ScheduleColumns },
): Promise<void> {
  const now = deps.clock.now();
  const changed = await changeCampaign(tx, campaign.id, ['scheduled'], {
    ...columns,
    hold: null,
    updatedAt: now,
  });
  if (!changed) throw new Error(`campaign ${campaign.id} moved although it was locked`);
  await recordDeed(deps, tx, changed, {
    actor,
    kind: 'campaign_rescheduled',
    details: { ...columns, before: campaign.nextRunAt },
  });
  await tellThread(deps, tx, changed, {
    key: `rescheduled:${changed.version}`,
    level: 'info',
    text: `Scheduled anew by ${nameOf(actor)}: ${scheduleWords(changed)}`,
    actor,
  });
  await touchCard(tx, deps, campaign.id);
  if (columns.nextRunAt) await wakeForRun(tx, deps, campaign.id, columns.nextRunAt);
}
