import { z } from '@hono/zod-openapi';
import { CONTACT_STATUSES } from '#domain/contact-status.ts';
import { Id, Instant, PageQuery, Pagination } from '#http/api/contract.ts';

/** Contacts as campaign-api §2.3 and §7.7 write them. */

export const ContactId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const ContactPath = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'Of the campaign.', example: 42 }),
  contact_id: ContactId.openapi({
    param: { name: 'contact_id', in: 'path' },
    description: 'Of the contact.',
    example: 101,
  }),
});

export const ContactStatus = z.enum(CONTACT_STATUSES).openapi('ContactStatus');

/** One of `ContactStatus`; any other is refused in words and with 400, as the reference has it. */
export const StatusFilter = z
  .string()
  .max(200)
  .optional()
  .openapi({
    enum: [...CONTACT_STATUSES],
    description: 'Only those in this status.',
    example: 'completed',
  });

export const ContactQuery = PageQuery.extend({ status: StatusFilter });

const Values = z.record(z.string(), z.string());

export const Contact = z
  .object({
    id: z.number().openapi({ example: 101 }),
    phone_number: z.string().openapi({ example: '+15551234567' }),
    contact_data: z.object({
      company: z.string().nullable(),
      email: z.string().nullable(),
      source: z.string().openapi({ example: 'csv_import' }),
      variable_values: Values.openapi({ description: 'What templates see.' }),
      custom_fields: Values.openapi({ description: 'Columns that a mapping set aside.' }),
    }),
    status: ContactStatus,
    attempts: z.number(),
    created_at: Instant,
    last_attempt_at: Instant.nullable(),
    next_attempt_at: Instant.nullable().openapi({ description: 'Nobody is contacted before it.' }),
    wait_reason: z.string().nullable(),
    skip_reason: z.string().nullable().openapi({ example: 'campaign_stopped' }),
    explanation: z.string().nullable().openapi({ description: 'Why they wait or were skipped, in words.' }),
    import_id: z.number().nullable(),
    line_number: z.number().nullable().openapi({ description: 'Of the file that they came with.' }),
  })
  .openapi('Contact');

export const ContactList = z
  .object({ contacts: z.array(Contact), pagination: Pagination })
  .openapi('ContactList');
