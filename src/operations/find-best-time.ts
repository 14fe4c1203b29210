import { readCallHours } from '#db/call-hours.ts';
import { type BestTime, bestTime, type HourRate } from '#domain/best-time.ts';
import { dayNameOf } from '#domain/week-hours.ts';
import { DAY_MS, localTime } from '#domain/window-clock.ts';
import type { Deps } from './deps.ts';

/** How far back calls still say something about when people pick up. */
export const LOOKED_BACK_DAYS = 90;

/**
 * When people of a workspace pick up, by the hour and weekday on their own clocks, from its calls of the last 90 days (or
 * those of one campaign), and what follows from that; what is usual while there are too few.
 */
export async function findBestTime(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  { workspaceId, campaignId = null }: { workspaceId: number; campaignId?: number | null },
): Promise<BestTime & { rates: HourRate[] }> {
  const since = new Date(clock.now().getTime() - LOOKED_BACK_DAYS * DAY_MS);
  const byHour = new Map<string, HourRate>();
  for (const { zone, at, calls, answered } of await readCallHours(db, { workspaceId, campaignId, since })) {
    const local = localTime(zone, at);
    if (!local) continue;
    const [weekday, hour] = [dayNameOf(local.weekday), Math.floor(local.minuteOfDay / 60)];
    const rate = byHour.get(`${weekday} ${hour}`) ?? { weekday, hour, calls: 0, answered: 0 };
    rate.calls += calls;
    rate.answered += answered;
    byHour.set(`${weekday} ${hour}`, rate);
  }
  const rates = [...byHour.values()];
  return { ...bestTime(rates), rates };
}
