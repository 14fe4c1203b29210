import { z } from '@hono/zod-openapi';
import { Instant } from '#http/api/contract.ts';
import { ScheduleInput } from '#http/api/schedule/schemas.ts';

/** What moves a campaign on, as campaign-api §1.4 and §1.5 write it. */

const attest = z.boolean().optional().openapi({
  description:
    'True: whoever holds the token answers for its contacts, where the workspace demands that of somebody.',
});

export const StartInput = z
  .object({
    attest,
    now: z.boolean().optional().openapi({
      description: 'True: a scheduled campaign starts at once instead of at its time.',
    }),
  })
  .openapi('StartInput', { example: {} });

export const Started = z
  .object({
    success: z.literal(true),
    message: z.string().openapi({ example: 'Campaign execution started immediately' }),
    task_id: z.string().openapi({ description: 'The task that goes on with it.', example: 'dispatch:42' }),
    campaign_id: z.number(),
    status: z.literal('scheduled').openapi({ description: 'Always this; read the campaign for its status.' }),
    scheduled_time: Instant.optional(),
  })
  .openapi('Started');

export const ReExecuteInput = z
  .object({
    contact_selection: z
      .union([z.enum(['all', 'failed_only']), z.array(z.number().int().min(1)).max(100_000)], {
        error: 'Say “all”, “failed_only”, or give a list of up to 100,000 ids of contacts.',
      })
      .openapi({ description: 'Everybody, those who were not reached, or the contacts with these ids.' }),
    schedule_settings: ScheduleInput.nullish(),
    attest,
  })
  .openapi('ReExecuteInput', { example: { contact_selection: 'failed_only' } });

export const ReExecuted = z
  .object({
    success: z.literal(true),
    message: z.string(),
    campaign_id: z.number(),
    contacts_reset: z.number().openapi({ example: 150 }),
    schedule_type: z.enum(['immediate', 'once', 'recurring']),
    status: z.enum(['draft', 'scheduled']),
    scheduled_time: Instant.optional(),
  })
  .openapi('ReExecuted');
