import { readProgressRows } from '#db/progress.ts';
import { executionStatus } from '#domain/execution-status.ts';
import { describeHold } from '#domain/hold.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import type { CallActivity, Counts, RunCost } from '#domain/metrics.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** How far a campaign is in its present run. `hold` says why nothing is being placed, where something holds it. */
export type CampaignProgress = {
  campaignId: number;
  workspaceId: number;
  runNumber: number;
  status: CampaignStatus;
  counts: Counts;
  activity: CallActivity;
  cost: RunCost;
  hold: string | null;
  startedAt: Date | null;
  completedAt: Date | null;
};

/** One attempt among the newest of a campaign. */
export type RecentAttempt = {
  executionId: number;
  phoneNumber: string;
  channel: 'sms' | 'call';
  status: keyof Counts;
  providerRef: string | null;
  executedAt: Date;
};

const RECENT = 20;

/** How far these campaigns are, in the order of their ids; those that do not exist (any more) are left out. */
export async function readProgress(
  deps: Pick<Deps, 'db' | 'clock'>,
  campaignIds: readonly number[],
): Promise<CampaignProgress[]> {
  if (campaignIds.length === 0) return [];
  const now = deps.clock.now();
  const rows = await readProgressRows(deps.db, { campaignIds, newest: 0 });
  return rows.sort((a, b) => a.campaignId - b.campaignId).map((row) => progressOf(row, now));
}

/**
 * Everything about how far a campaign of one's own workspace is (campaign-api §4.1): read by key, however many contacts it
 * has. Throws `campaign_not_found`, also for one of another workspace.
 */
export async function showProgress(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
): Promise<CampaignProgress & { recent: RecentAttempt[]; at: Date }> {
  const [row] = await readProgressRows(deps.db, { campaignIds: [campaignId], newest: RECENT });
  const at = deps.clock.now();
  if (row?.workspaceId !== workspaceId) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return { ...progressOf(row, at), recent: row.newest.map(recentAttempt), at };
}

/** The newest attempts of each of these campaigns, newest first. */
export async function recentAttempts(
  deps: Pick<Deps, 'db'>,
  campaignIds: readonly number[],
): Promise<Map<number, RecentAttempt[]>> {
  const rows = await readProgressRows(deps.db, { campaignIds, newest: RECENT });
  return new Map(rows.map(({ campaignId, newest }) => [campaignId, newest.map(recentAttempt)]));
}

type ProgressRow = Awaited<ReturnType<typeof readProgressRows>>[number];

function progressOf({ hold, timeZone, newest: _, ...row }: ProgressRow, now: Date): CampaignProgress {
  return { ...row, hold: hold && describeHold(hold, now, timeZone) };
}

function recentAttempt({ id, outcome, ...attempt }: ProgressRow['newest'][number]): RecentAttempt {
  return { ...attempt, executionId: id, status: executionStatus(outcome) };
}
