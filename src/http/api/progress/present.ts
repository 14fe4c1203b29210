import type { z } from '@hono/zod-openapi';
import { isCostEstimated, type MetricKey, measureCampaign } from '#domain/metrics.ts';
import { instant } from '#http/instant.ts';
import type { History } from '#operations/metrics-history.ts';
import type { CampaignProgress, RecentAttempt } from '#operations/show-progress.ts';
import type { CampaignMetrics, Progress, ProgressData, RecentActivity } from './schemas.ts';

/** How far a campaign is, as REST and every message of the feed carry it. */
export function progressData(row: CampaignProgress): z.output<typeof ProgressData> {
  return {
    campaign_id: row.campaignId,
    status: row.status,
    progress: figuresOf(
      measureCampaign(row.counts),
      'total_contacts',
      'completed',
      'failed',
      'processing',
      'pending',
      'progress_percentage',
      'success_rate',
      'skipped',
    ),
    started_at: instant(row.startedAt),
    completed_at: instant(row.completedAt),
    hold: row.hold,
  };
}

/** The answer of `GET progress` (campaign-api §4.1). */
export function presentProgress(
  row: CampaignProgress & { recent: RecentAttempt[]; at: Date },
): z.output<typeof Progress> {
  return {
    ...progressData(row),
    metrics: presentMetrics(row),
    recent_activity: presentActivity(row.recent),
  };
}

function presentMetrics({
  counts,
  activity,
  cost,
  at,
}: Pick<CampaignProgress, 'counts' | 'activity' | 'cost'> & { at: Date }): z.output<typeof CampaignMetrics> {
  return {
    ...figuresOf(
      measureCampaign(counts, activity, cost),
      'total_duration_seconds',
      'average_duration_seconds',
      'success_rate',
      'answer_rate',
      'completion_rate',
      'cost_estimate',
      'actual_cost',
    ),
    cost_is_estimate: isCostEstimated(cost),
    last_updated: instant(at),
  };
}

/** The newest attempts as `recent_activity`: what did not reach its contact is `failed`, as in the counts. */
export function presentActivity(recent: RecentAttempt[]): z.output<typeof RecentActivity>[] {
  return recent.map(({ executionId, phoneNumber, status, executedAt, channel, providerRef }) => ({
    execution_id: executionId,
    contact_phone: phoneNumber,
    status: ROLLED_UP[status],
    executed_at: instant(executedAt),
    call_id: channel === 'call' ? providerRef : null,
    sms_id: channel === 'sms' ? providerRef : null,
    execution_status: status,
  }));
}

/**
 * The points of `metrics_history` (campaign-api §4.2). They are sums over the run, and an hour in which nothing happened
 * has none: `before` is what the first of them adds to.
 */
export function presentHistory({ from, until, before, points }: History) {
  return {
    data: points.map(({ timestamp, ...point }) => ({ timestamp: instant(timestamp), ...point })),
    from: instant(from),
    until: instant(until),
    before,
  };
}

const ROLLED_UP = {
  pending: 'in_progress',
  in_progress: 'in_progress',
  completed: 'completed',
  failed: 'failed',
  no_answer: 'failed',
  busy: 'failed',
  voicemail: 'failed',
  skipped: 'skipped',
} as const;

/** These figures; where nothing can be divided yet, the reference has 0. */
function figuresOf<K extends MetricKey>(
  measured: Record<MetricKey, number | null>,
  ...keys: K[]
): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, measured[key] ?? 0])) as Record<K, number>;
}
