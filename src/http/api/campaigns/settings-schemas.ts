import { z } from '@hono/zod-openapi';
import { RETRY_OUTCOMES, RETRY_RULES } from '#domain/call-settings.ts';
import { DAY_NAMES } from '#domain/calling-window.ts';
import { BREAKER_SETTINGS, OPTIONAL_LIMITS } from '#domain/limits.ts';
import { MIXED_CHOICES } from '#domain/mixed.ts';
import { NUMBER_SETTINGS } from '#domain/settings.ts';

/**
 * How a campaign runs, as campaign-api §7.1, §7.12, §7.16 and §7.17 spell it. Ranges stand in the document; the rules
 * judge them, each in a sentence of its own. An unknown setting is refused: a slip of the pen in the hours must not pass.
 */

/** A whole number; its range is told here and judged by the rules. What is usual is no `default`: generated clients send those. */
export function wholeNumber({ min, max }: { min: number; max: number }, standard?: number) {
  return z.number().openapi({
    type: 'integer',
    minimum: min,
    maximum: max,
    ...(standard === undefined ? {} : { description: `${standard} where nobody sets it.` }),
  });
}

/** The same where null stands for none. */
function wholeNumberOrNone(limits: { min: number; max: number }) {
  return wholeNumber(limits)
    .nullable()
    .openapi({ type: ['integer', 'null'] });
}

const Window = z
  .strictObject({
    start: z.string().openapi({ description: 'Inclusive, HH:MM.', example: '09:00' }),
    end: z.string().openapi({ description: 'Exclusive, HH:MM, later than the start.', example: '17:00' }),
    days: z.array(z.string()).openapi({ example: DAY_NAMES.slice(1, 6) }),
  })
  .openapi('AllowedHours');

const { maxAttempts, retryDelayMinutes, concurrentLimit, rateLimitPerMinute } = NUMBER_SETTINGS;
const { breakerAttempts, breakerPercent } = BREAKER_SETTINGS;

const Breaker = z
  .strictObject({
    attempts: wholeNumber(breakerAttempts, breakerAttempts.standard),
    percent: wholeNumber(breakerPercent, breakerPercent.standard),
  })
  .openapi('CircuitBreaker', {
    description:
      'It pauses by itself when so many percent of so many attempts in a row fail at the provider.',
  });

export const ExecutionSettings = z
  .strictObject({
    max_attempts: wholeNumber(maxAttempts, maxAttempts.standard),
    retry_delay_minutes: wholeNumber(retryDelayMinutes, retryDelayMinutes.standard),
    concurrent_limit: wholeNumber(concurrentLimit, concurrentLimit.standard),
    rate_limit_per_minute: wholeNumber(rateLimitPerMinute, rateLimitPerMinute.standard),
    allowed_hours: Window,
    time_zone: z.string().openapi({ example: 'America/New_York' }),
    contact_time_zone: z
      .boolean()
      .openapi({ description: 'Hours count on each contact’s own clock; false: on that of `time_zone`.' }),
    additional_hours: z.array(Window).openapi({ description: 'Windows beside `allowed_hours`.' }),
    holiday_places: z
      .array(z.string())
      .openapi({ description: 'Whose public holidays it keeps.', example: ['US', 'US-FL'] }),
    pause_dates: z
      .array(z.string())
      .openapi({ description: 'Local dates on which nobody is contacted.', example: ['2026-12-24'] }),
    end_of_day: z.enum(['continue', 'stop']).openapi({
      description: 'What happens to those who still wait when a day’s hours end.',
    }),
    text_expiry_hours: wholeNumberOrNone(OPTIONAL_LIMITS.textExpiryHours),
    exclude_contacted_days: wholeNumberOrNone(OPTIONAL_LIMITS.excludeContactedDays),
    canary_size: wholeNumberOrNone(OPTIONAL_LIMITS.canarySize).openapi({
      description: 'So many contacts are tried first; then it holds until somebody resumes it.',
    }),
    breaker: Breaker,
  })
  .openapi('ExecutionSettings');

export const AdvancedSettings = z
  .strictObject({
    enable_voicemail_detection: z.boolean(),
    leave_voicemail: z.boolean(),
    voicemail_message: z.string().nullable(),
    detection_mode: z.enum(['async', 'sync']).openapi({
      description: 'async: the assistant speaks at once. sync: silence until it is known who answered.',
    }),
  })
  .openapi('AdvancedSettings');

export const MixedSettings = z
  .strictObject({
    first: z.enum(['call', 'sms']).openapi({ description: 'call where nobody sets it.' }),
    follow_up: z
      .enum(['always', 'if_reached', 'if_not_reached'])
      .openapi({ description: 'always where nobody sets it.' }),
    delay_minutes: wholeNumber(MIXED_CHOICES.delayMinutes, 0),
  })
  .openapi('MixedSettings');

const rules = z.enum(Object.keys(RETRY_RULES) as [keyof typeof RETRY_RULES]);

/** What is done about each outcome; what is not named keeps to the defaults (campaign-api §7.12). */
export const RetryPolicy = z
  .strictObject(
    Object.fromEntries(Object.keys(RETRY_OUTCOMES).map((outcome) => [outcome, rules.optional()])) as Record<
      keyof typeof RETRY_OUTCOMES,
      z.ZodOptional<typeof rules>
    >,
  )
  .openapi('RetryPolicy', { example: { no_answer: 'retry', voicemail: 'final' } });
