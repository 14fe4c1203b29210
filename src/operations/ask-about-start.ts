import { type CampaignRow, changeCampaign } from '#db/campaigns.ts';
import type { Transaction } from '#db/client.ts';
import type { Hold } from '#domain/hold.ts';
import { followingRunAt } from '#domain/schedule.ts';
import { describeRun } from '#domain/schedule-words.ts';
import { describeDuration } from '#domain/window-words.ts';
import type { NoteButton } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';
import { missedWords } from './tell-skipped-run.ts';
import { recordDeed, tellThread } from './tell-thread.ts';
import { touchCard, wakeForRun } from './wake-campaign.ts';

const SYSTEM = { kind: 'system' } as const;

/** Why a start that is due asks first: it was found too late, or the campaign cannot start as it is. */
export type StartProblem = { kind: 'late' } | { kind: 'refused'; sentence: string };

/**
 * Leaves a locked campaign scheduled although its start is due, with a hold that says why, and asks in its thread what is
 * to become of it. Nobody is contacted until somebody decides; the next run of a recurring one comes all the same.
 */
export async function askAboutStart(
  deps: Deps,
  tx: Transaction,
  campaign: CampaignRow,
  asked: { dueAt: Date; missed: number; problem: StartProblem },
): Promise<void> {
  const { dueAt, missed, problem } = asked;
  const now = deps.clock.now();
  const due = describeRun(dueAt, campaign.scheduleZone ?? campaign.timeZone);
  const hold: Hold =
    problem.kind === 'late'
      ? { code: 'late_start', due }
      : { code: 'start_refused', due, why: problem.sentence };
  const held = await changeCampaign(tx, campaign.id, ['scheduled'], { hold, nextRunAt: dueAt });
  if (!held) throw new Error(`campaign ${campaign.id} moved although it was locked`);
  await recordDeed(deps, tx, held, {
    actor: SYSTEM,
    kind: 'campaign_start_held',
    details: { dueAt, missed, hold },
  });
  const lateMs = now.getTime() - dueAt.getTime();
  const sentences = [whatHappened(problem, due, lateMs), missedWords(missed), whatNext(held, now)];
  await tellThread(deps, tx, held, {
    key: `start-held:${held.version}`,
    level: 'warning',
    text: sentences.filter(Boolean).join(' '),
    actor: SYSTEM,
    buttons: buttonsOf(held),
  });
  await touchCard(tx, deps, campaign.id);
  const following = followingRunAt(held, now);
  if (following) await wakeForRun(tx, deps, campaign.id, following);
}

function whatHappened(problem: StartProblem, due: string, lateMs: number): string {
  return problem.kind === 'late'
    ? `The start that was due ${due} was found ${describeDuration(lateMs)} late, so nothing was started.`
    : `The start that was due ${due} was not possible. ${problem.sentence}`;
}

function whatNext(campaign: CampaignRow, now: Date): string {
  const following = followingRunAt(campaign, now);
  const zone = campaign.scheduleZone ?? campaign.timeZone;
  return following
    ? `Nobody is contacted until somebody decides, or until the next run is due ${describeRun(following, zone)}.`
    : 'Nobody is contacted until somebody decides.';
}

function buttonsOf({ id, version, scheduleType }: CampaignRow): NoteButton[] {
  const value = `${id}.${version}`;
  const instead: NoteButton =
    scheduleType === 'recurring'
      ? { label: 'Skip this one', action: 'schedule.skip', value }
      : { label: 'Unschedule', action: 'campaign.unschedule', value };
  return [{ label: 'Start now', action: 'schedule.start_now', value, style: 'primary' }, instead];
}
