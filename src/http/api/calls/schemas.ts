import { z } from '@hono/zod-openapi';
import { Id, Instant } from '#http/api/contract.ts';
import { Part, SkipQuery } from '#http/api/skip.ts';

/** Calls as campaign-api §6 writes them. */

export const Stage = z.enum(['ongoing', 'completed', 'failed']).openapi({
  description: 'Failed: nobody picked up, the line was busy, or it could not be put through.',
});

const Costs = {
  total_cost: z.number().nullable().openapi({
    description: 'What was charged; null until the provider has said it, some minutes after the call.',
  }),
  llm_cost: z.null(),
  tts_cost: z.null(),
  stt_cost: z.null(),
  telephony_cost: z.number().nullable(),
  cost_currency: z.string().nullable(),
};

export const CallCosts = z
  .object({
    call_id: z.number().int(),
    call_sid: z.string(),
    status: Stage,
    duration: z.number().int().nullable().openapi({ description: 'Seconds.' }),
    ...Costs,
  })
  .openapi('CallCosts');

export const Call = z
  .object({
    id: z.number().int(),
    call_sid: z.string(),
    assistant_id: z.number().int().nullable(),
    assistant_name: z.string(),
    flow_name: z.null(),
    direction: z.enum(['outbound', 'inbound']),
    from_phone_number: z.string(),
    to_phone_number: z.string(),
    customer_phone_number: z.string(),
    customer_name: z.string().nullable(),
    status: Stage,
    duration: z.number().int().nullable().openapi({ description: 'Seconds.' }),
    started_at: Instant,
    answered_at: Instant.nullable(),
    ended_at: Instant.nullable(),
    call_meta: z.record(z.string(), z.unknown()).openapi({
      description:
        'The call’s `campaign_id`, `campaign_name`, `contact_id` and `run_number`, each null where there is none, and whatever was kept with it by PATCH …/metadata, which goes before these.',
      example: { campaign_id: 42, campaign_name: 'Spring', contact_id: 7, run_number: 1, ticket: 'A-117' },
    }),
    ...Costs,
    outcome: z.string().nullable(),
    answered_by: z.enum(['human', 'machine', 'machine_ready', 'fax', 'unknown']).nullable(),
    result: z.string().nullable().openapi({ description: 'What came of the conversation.' }),
    summary: z.string().nullable(),
    answers: z.record(z.string(), z.string()),
    callback_at: Instant.nullable(),
  })
  .openapi('Call');

export const Calls = z.object({ items: z.array(Call), ...Part }).openapi('Calls');

const Since = z.union(
  [z.iso.datetime({ offset: true, local: true }), z.iso.date()],
  'Write a day or a time, like 2024-02-15 or 2024-02-15T09:00:00Z.',
);
const SOME_DIGITS = /^\s*$|\d/;

const Seconds = z.coerce.number().int().min(0).max(1_000_000).optional();

export const CallFilter = z.object({
  campaign_id: Id.optional().openapi({ description: 'Only calls of this campaign.' }),
  assistant_id: Id.optional().openapi({ description: 'Only calls of this assistant.' }),
  status: Stage.optional(),
  customer_phone: z
    .string()
    .max(40)
    .regex(SOME_DIGITS, 'Write digits of the number. Nothing was listed.')
    .optional()
    .openapi({ description: 'A number, or a part of one.' }),
  date_from: Since.optional().openapi({
    description: 'Begun then or later; in UTC where no offset is given. A day alone is all of it.',
  }),
  date_to: Since.optional().openapi({ description: 'Begun before then or just then.' }),
  min_duration: Seconds.openapi({ description: 'So many seconds or longer.' }),
  max_duration: Seconds.openapi({ description: 'So many seconds or shorter.' }),
});

export const CallQuery = SkipQuery.extend(CallFilter.shape);

export const ExportQuery = CallFilter.extend({
  format: z.enum(['csv', 'json']).default('csv').openapi({ description: 'Of the file.' }),
});

export const CallPath = z.object({
  id: Id.openapi({ param: { name: 'id', in: 'path' }, description: 'Of the call.', example: 7 }),
});
export const SidPath = z.object({
  sid: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'The id that the provider gave the call, or our own.')
    .openapi({
      param: { name: 'sid', in: 'path' },
      description: 'The id that the provider gave the call: `call_sid`, or `call_id` of an execution.',
      example: 'CA123abc456def789ghi',
    }),
});

export const Notes = z
  .record(z.string(), z.unknown(), 'Send a JSON object: what it names is kept, and null takes away.')
  .openapi('CallMetadata', { example: { ticket: 'A-117', reviewed_by: null } });

export const Terminated = z
  .object({ success: z.boolean(), message: z.string(), call_sid: z.string() })
  .openapi('CallTerminated');

export const TranscriptRow = z
  .object({
    id: z.number().int().openapi({ description: 'Its place in the conversation, from one.' }),
    call_id: z.number().int(),
    content: z.string(),
    speaker: z.enum(['user', 'assistant']),
    is_final: z.literal(true),
    segment_start: z.number().nullable().openapi({ description: 'Seconds since the call was answered.' }),
    segment_end: z.null(),
    confidence: z.null(),
    stt_timestamps: z.null(),
    created_at: Instant,
  })
  .openapi('TranscriptRow');

const Speaker = z
  .enum(['user', 'assistant'])
  .optional()
  .openapi({ description: 'Only what one of the two said.' });

export const TranscriptQuery = z.object({
  speaker: Speaker,
  include_interim: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: 'What is kept is final; nothing else comes.' }),
});

export const TranscriptExportQuery = z.object({
  speaker: Speaker,
  format: z.enum(['txt', 'json', 'csv']).default('txt').openapi({ description: 'Of the file.' }),
});

export const RecordingRow = z
  .object({
    id: z.number().int(),
    call_id: z.number().int(),
    recording_sid: z.string(),
    file_path: z.null(),
    recording_url: z.string().openapi({ description: 'Where it is heard, with a token.' }),
    duration: z.number().int().nullable().openapi({ description: 'Seconds.' }),
    format: z.literal('mp3'),
    recording_type: z.literal('full'),
    recording_source: z.string(),
    status: z.enum(['in_progress', 'completed']),
    created_at: Instant,
    delete_after: Instant,
  })
  .openapi('RecordingRow');

export const RecordingPath = CallPath.extend({
  rid: Id.openapi({ param: { name: 'rid', in: 'path' }, description: 'Of the recording.', example: 3 }),
});

export const Later = z.object({ detail: z.string() }).openapi('Later');
