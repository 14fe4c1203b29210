import type { z } from '@hono/zod-openapi';
import type { LaunchDemands } from '#domain/approval.ts';
import type { CallPreview } from '#domain/call-preview.ts';
import type { MessagePreview } from '#domain/message-preview.ts';
import type { Preflight as Found } from '#operations/preflight.ts';
import type { Preflight, Preview } from './schemas.ts';

/** What would happen if a campaign began now. */
export function presentPreflight(
  campaignId: number,
  found: Found,
  demands: LaunchDemands,
): z.output<typeof Preflight> {
  return {
    campaign_id: campaignId,
    problems: found.problems,
    contacts: {
      ready: found.ready,
      do_not_call: found.doNotCall,
      no_consent: found.noConsent,
      contacted_recently: found.contactedRecently,
      held_for_review: found.heldForReview,
      capped: found.capped,
      no_time_zone: found.noTimeZone,
      outside_hours_now: found.outsideHoursNow,
    },
    rows_not_loaded: { duplicates: found.duplicates, invalid: found.invalid },
    missing_variables: found.missingVariables,
    segments: found.segments,
    cost: { low: dollars(found.cost.low), high: dollars(found.cost.high) },
    budget_limit: found.budgetMicros === null ? null : dollars(found.budgetMicros),
    canary_size: found.canarySize,
    outlook: found.outlook,
    ...demands,
  };
}

/** A campaign's texts and calls as its first contacts would have them. */
export function presentPreview(
  campaignId: number,
  { texts, calls }: { texts: MessagePreview | null; calls: CallPreview | null },
): z.output<typeof Preview> {
  return {
    campaign_id: campaignId,
    sms: texts && {
      problem: texts.problem?.message ?? null,
      notes: texts.notes,
      examples: texts.examples.map(({ text, segments, encoding, ...who }) => ({
        ...exampleOf(who),
        text,
        segments,
        encoding,
      })),
    },
    call: calls && {
      problems: calls.problems.map(({ words, message }) => `The ${words} cannot be used: ${message}`),
      notes: calls.notes,
      examples: calls.examples.map(({ lines, ...who }) => ({ ...exampleOf(who), lines })),
    },
  };
}

type Who = { name: string; maskedPhone: string; missing: string[]; refusal: string | null };

function exampleOf({ name, maskedPhone, missing, refusal }: Who) {
  return { name, phone_number: maskedPhone, missing, refusal };
}

function dollars(micros: number): number {
  return micros / 1_000_000;
}
