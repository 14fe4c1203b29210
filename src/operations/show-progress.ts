import { readProgressRows, readRecentAttempts } from '#db/progress.ts';
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
  const rows = await readProgressRows(deps.db, campaignIds);
  return rows
    .sort((a, b) => a.campaignId - b.campaignId)
    .map(({ hold, timeZone, ...row }) => ({ ...row, hold: hold && describeHold(hold, now, timeZone) }));
}

/**
 * Everything about how far a campaign of one's own workspace is (campaign-api §4.1): two reads by key, however many contacts
 * it has. Throws `campaign_not_found`, also for one of another workspace.
 */
export async function showProgress(
  deps: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, campaignId }: { workspaceId: number; campaignId: number },
): Promise<CampaignProgress & { recent: RecentAttempt[]; at: Date }> {
  const [[row], recent] = await Promise.all([
    readProgress(deps, [campaignId]),
    recentAttempts(deps, campaignId),
  ]);
  if (row?.workspaceId !== workspaceId) throw new Refusal('campaign_not_found', { wanted: `#${campaignId}` });
  return { ...row, recent, at: deps.clock.now() };
}

/** The newest attempts of a campaign, newest first. */
export async function recentAttempts(deps: Pick<Deps, 'db'>, campaignId: number): Promise<RecentAttempt[]> {
  const rows = await readRecentAttempts(deps.db, campaignId, RECENT);
  return rows.map(({ id, outcome, askedAt, createdAt, ...attempt }) => ({
    ...attempt,
    executionId: id,
    status: executionStatus(outcome),
    executedAt: askedAt ?? createdAt,
  }));
}
