import { readHistory } from '#db/progress.ts';
import { measureCampaign, NOBODY } from '#domain/metrics.ts';
import type { Deps } from './deps.ts';

const HOUR_MS = 3_600_000;

/** How far a run was at an instant: contacts reached and not reached until then. */
export type HistoryPoint = { timestamp: Date; completed: number; failed: number; success_rate: number };

/** The points of the hours from `from` until now, and how far the run was when the first of these hours began. */
export type History = {
  from: Date;
  until: Date;
  before: { completed: number; failed: number };
  points: HistoryPoint[];
};

/**
 * How the present run of a campaign came to where it is: a point at the end of each of the last so many hours in which
 * somebody's last attempt was begun, oldest first (campaign-api §4.2, §7.22). The hour that is not over yet ends now.
 */
export async function metricsHistory(
  deps: Pick<Deps, 'db' | 'clock'>,
  { campaignId, hours }: { campaignId: number; hours: number },
): Promise<History> {
  const until = deps.clock.now();
  const now = until.getTime();
  const thisHour = Math.floor(now / HOUR_MS) * HOUR_MS;
  const from = new Date(thisHour - (hours - 1) * HOUR_MS);
  const rows = await readHistory(deps.db, campaignId, from);
  const earlier = rows.findLast(({ hour }) => hour < from);
  return {
    from,
    until,
    before: { completed: earlier?.completed ?? 0, failed: earlier?.failed ?? 0 },
    points: rows
      .filter(({ hour }) => hour >= from)
      .map(({ hour, completed, failed }) => ({
        timestamp: new Date(Math.min(hour.getTime() + HOUR_MS, now)),
        completed,
        failed,
        success_rate: measureCampaign({ ...NOBODY, completed, failed }).success_rate ?? 0,
      })),
  };
}
