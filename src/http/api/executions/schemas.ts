import { z } from '@hono/zod-openapi';
import { ContactId, ContactStatus, StatusFilter } from '#http/api/contacts/schemas.ts';
import { Instant, PageQuery, Pagination } from '#http/api/contract.ts';

/** Attempts as campaign-api §4.3 and §7.23 write them. */

export const ExecutionQuery = PageQuery.extend({
  status: StatusFilter,
  contact_id: ContactId.optional().openapi({ description: 'Only attempts to reach this contact.' }),
});

const ExecutionData = z.object({
  from_number: z.string().openapi({ example: '+15550001234' }),
  to_number: z.string(),
  personalized_welcome_message: z.string().nullable(),
  personalized_agenda: z.string().nullable(),
  personalized_sms_message: z.string().nullable(),
  template_variables_used: z.record(z.string(), z.string()),
  duration_seconds: z.number().nullable(),
  voice_analytics: z
    .record(z.string(), z.number())
    .nullable()
    .openapi({ description: 'Not measured: null.' }),
  error_details: z.string().nullable().openapi({ example: 'No answer after 30 seconds' }),
  retry_reason: z.string().nullable().openapi({ example: 'Will retry in 30 minutes' }),
  summary: z.string().nullable().openapi({ description: 'Of the conversation.' }),
  result: z.string().nullable().openapi({ description: 'What came of the conversation.' }),
});

export const Execution = z
  .object({
    id: z.number().openapi({ example: 1001 }),
    execution_id: z.number().openapi({ example: 1001 }),
    contact_id: z.number(),
    contact_name: z.string().nullable(),
    contact_phone: z.string(),
    status: ContactStatus,
    outcome: z.string().nullable().openapi({ description: 'How it ended, more exactly than `status` says.' }),
    channel: z.enum(['call', 'sms']),
    call_id: z.string().nullable().openapi({ description: 'The provider’s id of the call.' }),
    call_record_id: z.number().nullable().openapi({ description: 'The id of the call in `/calls`.' }),
    sms_id: z.string().nullable(),
    run_number: z.number(),
    attempt_number: z.number(),
    executed_at: Instant,
    ended_at: Instant.nullable(),
    cost: z.number().nullable().openapi({ description: 'What the provider charged, in USD.' }),
    segments: z.number().nullable(),
    execution_data: ExecutionData,
  })
  .openapi('Execution');

export const ExecutionList = z
  .object({ executions: z.array(Execution), pagination: Pagination })
  .openapi('ExecutionList');
