import { type CampaignRow, readCampaign } from '#db/campaigns.ts';
import { type LockedCampaign, lockCampaign } from '#db/claims.ts';
import type { Executor, Transaction } from '#db/client.ts';
import { countOpenAttempts } from '#db/redial.ts';
import { keepNextRun } from '#db/schedules.ts';
import { Refusal } from '#domain/refusal.ts';
import {
  type DueVerdict,
  followingRunAt,
  isAskedAbout,
  judgeDue,
  LATEST_START_MS,
} from '#domain/schedule.ts';
import { askAboutStart, type StartProblem } from './ask-about-start.ts';
import { beginNextRun } from './begin-next-run.ts';
import { checkLaunch, checkUnchanged } from './check-launch.ts';
import type { Deps } from './deps.ts';
import { moveCampaign } from './move-campaign.ts';
import { missedWords, tellSkippedRun } from './tell-skipped-run.ts';
import { tellThread } from './tell-thread.ts';
import { touchCard, wakeForRun } from './wake-campaign.ts';

type Due = Exclude<DueVerdict, { kind: 'wait' }>;

const SYSTEM = { kind: 'system' } as const;

/** However fast the product's time runs, so much real time is not late yet. */
const LATEST_REAL_MS = 60_000;
const AGAIN_REAL_MS = 60_000;

/** What passes by itself: the start is tried again until it is late. */
const PASSING = new Set<string>(['provider_unreachable', 'import_running']);

/**
 * Starts the run of a campaign whose time has come, after the checks that any start passes. One that is found more than an
 * hour late, or that cannot start, stays scheduled and asks in its thread; what falls due while a run still goes on is
 * skipped, and told (campaign-api §7.14; field-notes §2 row 6). It decides under the campaign's lock, on a campaign that
 * is as it was when it was looked at, so that several processes, or one that was held up, start nothing twice.
 */
export async function startDue(deps: Deps, { campaignId }: { campaignId: number }): Promise<void> {
  const seen = (await readCampaign(deps.db, campaignId))?.campaign;
  const verdict = seen && judge(deps, seen);
  if (!seen || !verdict) return;
  if (verdict.kind === 'wait') {
    if (verdict.until) await wakeForRun(deps.db, deps, campaignId, verdict.until);
    return;
  }
  const problem = seen.status === 'scheduled' ? await problemOf(deps, seen, verdict) : null;
  if (problem === 'passing') return tryAgain(deps, campaignId);
  await deps.db.transaction(async (tx) => {
    const locked = await lockCampaign(tx, campaignId);
    if (!locked) return;
    if (!isAsSeen(locked.campaign, seen)) return wakeForRun(tx, deps, campaignId, deps.clock.now());
    if (seen.status === 'running' || seen.status === 'paused') return skip(deps, tx, locked, verdict);
    if (seen.status !== 'scheduled') return;
    if (problem) return askAboutStart(deps, tx, locked.campaign, { ...verdict, problem });
    if ((await countOpenAttempts(tx, campaignId)) > 0) return tryAgain(deps, campaignId, tx);
    if (await hasChanged(tx, locked)) return wakeForRun(tx, deps, campaignId, deps.clock.now());
    await start(deps, tx, locked, verdict);
  });
}

function judge({ clock }: Deps, campaign: CampaignRow): DueVerdict {
  const now = clock.now();
  const latestMs = Math.max(LATEST_START_MS, clock.realDelay(LATEST_REAL_MS).getTime() - now.getTime());
  return judgeDue(campaign, { now, isAsked: isAskedAbout(campaign), latestMs });
}

/** Why it cannot simply start; null when it can. The provider may be asked, so no transaction is open. */
async function problemOf(
  deps: Deps,
  { id }: CampaignRow,
  { kind }: Due,
): Promise<StartProblem | 'passing' | null> {
  if (kind === 'ask') return { kind: 'late' };
  try {
    await checkLaunch(deps, id, 'due');
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return PASSING.has(error.code) ? 'passing' : { kind: 'refused', sentence: error.message };
  }
}

/** Whether the checks of before would say something else now; they are made again then. */
async function hasChanged(tx: Transaction, locked: LockedCampaign): Promise<boolean> {
  try {
    await checkUnchanged(tx, locked);
    return false;
  } catch (error) {
    if (error instanceof Refusal) return true;
    throw error;
  }
}

function isAsSeen(now: CampaignRow, seen: CampaignRow): boolean {
  const nextRun = (campaign: CampaignRow) => campaign.nextRunAt?.getTime() ?? null;
  return now.version === seen.version && now.status === seen.status && nextRun(now) === nextRun(seen);
}

async function start(
  deps: Deps,
  tx: Transaction,
  locked: LockedCampaign,
  { dueAt, missed }: Due,
): Promise<void> {
  const ready = await beginNextRun(deps, tx, locked);
  await moveCampaign(deps, tx, ready, { move: 'due', actor: SYSTEM });
  if (missed > 0) await tell(deps, tx, ready.campaign, `runs-missed:${dueAt.getTime()}`, missedWords(missed));
}

/** A run never begins beside another one. */
async function skip(deps: Deps, tx: Transaction, { campaign }: LockedCampaign, due: Due): Promise<void> {
  const nextRunAt = followingRunAt(campaign, deps.clock.now());
  await keepNextRun(tx, campaign.id, nextRunAt);
  await tellSkippedRun(deps, tx, campaign, { ...due, nextRunAt });
  await touchCard(tx, deps, campaign.id);
  if (nextRunAt) await wakeForRun(tx, deps, campaign.id, nextRunAt);
}

async function tryAgain(deps: Deps, campaignId: number, executor: Executor = deps.db): Promise<void> {
  await wakeForRun(executor, deps, campaignId, deps.clock.realDelay(AGAIN_REAL_MS));
}

function tell(deps: Deps, tx: Transaction, campaign: CampaignRow, key: string, text: string): Promise<void> {
  return tellThread(deps, tx, campaign, { key, level: 'warning', text, actor: SYSTEM });
}
