import { z } from '@hono/zod-openapi';
import { Instant } from '#http/api/contract.ts';

/** A schedule as campaign-api §3.1 writes it. */

const RecurringConfig = z
  .object({
    frequency: z.enum(['daily', 'weekly', 'monthly']),
    interval: z.number().int(),
    days_of_week: z.array(z.number().int()).openapi({ description: 'Monday is 1, Sunday 7.' }),
    day_of_month: z.number().int().nullable(),
    time: z.string().openapi({ example: '09:00' }),
    time_zone: z.string(),
    end_date: z.string().nullable(),
  })
  .openapi('RecurringConfig');

export const Schedule = z
  .object({
    schedule_type: z.enum(['immediate', 'scheduled', 'recurring']),
    scheduled_at: Instant.nullable(),
    recurring_config: RecurringConfig.nullable(),
    timezone: z.string().nullable(),
    next_run_at: Instant.nullable(),
  })
  .openapi('Schedule');

/** What the rules make of it is theirs: they name every problem in words, field by field. */
export const ScheduleInput = z
  .looseObject({
    schedule_type: z.string(),
    scheduled_at: z.string().nullish(),
    timezone: z.string().nullish(),
    recurring_config: z.record(z.string(), z.unknown()).nullish(),
  })
  .openapi('ScheduleInput', {
    example: {
      schedule_type: 'scheduled',
      scheduled_at: '2024-02-15T09:00:00',
      timezone: 'America/New_York',
    },
  });

export const ScheduleSave = ScheduleInput.extend({
  attest: z.boolean().optional().openapi({
    description:
      'True: whoever holds the token answers for its contacts, where the workspace demands that of somebody.',
  }),
}).openapi('ScheduleSave', {
  example: { schedule_type: 'scheduled', scheduled_at: '2024-02-15T09:00:00', timezone: 'America/New_York' },
});

export const Saved = z.object({ success: z.literal(true), message: z.string() }).openapi('Saved');
