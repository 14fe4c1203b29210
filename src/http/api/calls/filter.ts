import type { z } from '@hono/zod-openapi';
import type { findCalls } from '#operations/find-calls.ts';
import type { CallFilter } from './schemas.ts';

type Choice = Omit<Parameters<typeof findCalls>[1], 'offset' | 'limit'>;

/** What a request says of the calls it wants, for the verbs. */
export function choiceOf(workspaceId: number, filter: z.output<typeof CallFilter>): Choice {
  return {
    workspaceId,
    campaignId: filter.campaign_id ?? null,
    assistantId: filter.assistant_id ?? null,
    stage: filter.status ?? null,
    digits: filter.customer_phone?.replaceAll(/\D/g, '') || null,
    since: momentOf(filter.date_from, 'T00:00:00Z'),
    until: momentOf(filter.date_to, 'T23:59:59.999Z'),
    minSeconds: filter.min_duration ?? null,
    maxSeconds: filter.max_duration ?? null,
  };
}

/** A time without an offset is in UTC, wherever this runs. `ofDay` is what a day without a time means. */
function momentOf(text: string | undefined, ofDay: string): Date | null {
  if (text === undefined) return null;
  if (!text.includes('T')) return new Date(`${text}${ofDay}`);
  return new Date(/(?:z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
}
