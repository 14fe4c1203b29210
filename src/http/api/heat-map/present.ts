import type { z } from '@hono/zod-openapi';
import { answerRate, describeSlots } from '#domain/best-time.ts';
import { WEEK } from '#domain/week-hours.ts';
import { type findBestTime, LOOKED_BACK_DAYS } from '#operations/find-best-time.ts';
import type { HeatMap } from './schemas.ts';

/** The hours of the week in which calls began, Monday first. */
export function presentHeatMap(
  campaignId: number | null,
  { basis, calls, best, avoid, rates }: Awaited<ReturnType<typeof findBestTime>>,
): z.output<typeof HeatMap> {
  const ordered = rates.toSorted(
    (a, b) => WEEK.indexOf(a.weekday) - WEEK.indexOf(b.weekday) || a.hour - b.hour,
  );
  const hours = ordered.map((rate) => ({ ...rate, answer_rate: answerRate(rate) }));
  const slots = { best, best_words: describeSlots(best), avoid, avoid_words: describeSlots(avoid) };
  return { campaign_id: campaignId, days: LOOKED_BACK_DAYS, calls, basis, hours, ...slots };
}
