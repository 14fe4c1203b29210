import { z } from '@hono/zod-openapi';
import { CAMPAIGN_STATUSES } from '#domain/lifecycle.ts';
import { NUMBER_SETTINGS } from '#domain/settings.ts';
import { BodyId, Id, Instant, PageQuery, Pagination } from '#http/api/contract.ts';
import {
  AdvancedSettings,
  ExecutionSettings,
  MixedSettings,
  RetryPolicy,
  wholeNumber,
} from './settings-schemas.ts';

/** Campaigns as campaign-api §1.2, §1.3 and §7.1 write them. */

const CampaignType = z.enum(['call', 'sms', 'mixed']);
const ChannelId = z
  .string()
  .regex(/^[CGD][A-Z0-9_]{1,40}$/, 'Slack’s id of the channel, like C024BE91L.')
  .openapi({
    description: 'The Slack channel that its card and thread go to; null: none.',
    example: 'C024BE91L',
  });
const Values = z.record(z.string(), z.string());
const { maxAttempts, retryDelayMinutes } = NUMBER_SETTINGS;

/** Null leaves a number as it is; the document would not say so by itself of one whose type is told. */
function orNull(number: ReturnType<typeof wholeNumber>) {
  return number.nullish().openapi({ type: ['integer', 'null'] });
}

/** What people set on a campaign; what is left out stays as it is, null takes away what need not be there. */
const SETTABLE = {
  description: z.string().max(10_000).nullish(),
  welcome_message_template: z
    .string()
    .nullish()
    .openapi({ example: 'Hi {{name}}, this is {{assistant_name}}.' }),
  agenda_template: z.string().nullish(),
  end_call_message_template: z.string().nullish(),
  sms_message_template: z.string().nullish(),
  fallback_values: Values.nullish().openapi({ example: { name: 'there', company: 'our company' } }),
  max_attempts: orNull(wholeNumber(maxAttempts, maxAttempts.standard)),
  retry_delay_minutes: orNull(wholeNumber(retryDelayMinutes, retryDelayMinutes.standard)),
  variable_mappings: Values.nullish().openapi({ description: 'Column of a file → variable.' }),
  available_variables: z.array(z.string()).nullish(),
  pending_import: z.record(z.string(), z.unknown()).nullish().openapi({
    description: 'Taken and answered as null: files are loaded with import-data.',
  }),
  execution_settings: ExecutionSettings.partial()
    .extend({ breaker: ExecutionSettings.shape.breaker.partial().optional() })
    .nullish(),
  advanced_settings: AdvancedSettings.partial().nullish(),
  mixed_settings: MixedSettings.partial().nullish(),
  retry_policy: RetryPolicy.nullish(),
  budget_limit: z
    .number()
    .nullish()
    .openapi({ description: 'In US dollars, of one run; it holds before it would pass them. Null: none.' }),
  from_number: z.string().nullish().openapi({
    description: 'The number it calls and texts from; else its assistant’s, else the workspace’s.',
    example: '+15550001234',
  }),
};

type Sent = {
  max_attempts?: number | null | undefined;
  retry_delay_minutes?: number | null | undefined;
  execution_settings?:
    | { max_attempts?: number | undefined; retry_delay_minutes?: number | undefined }
    | null
    | undefined;
};

export type Misfit = { code: 'custom'; path: string[]; message: string };

/** Both places say the same, or nobody knows which one was meant (campaign-api §7.1). */
export function sentTwice(body: Sent): Misfit[] {
  return (['max_attempts', 'retry_delay_minutes'] as const).flatMap((field) => {
    const [outer, inner] = [body[field] ?? undefined, body.execution_settings?.[field]];
    if (outer === undefined || inner === undefined || outer === inner) return [];
    const message = `${field} is sent twice with different values, ${outer} here and ${inner} in execution_settings. Send one of them.`;
    return { code: 'custom', path: [field], message };
  });
}

type Made = Sent & {
  campaign_type?: 'call' | 'sms' | 'mixed' | undefined;
  assistant_id?: number | null | undefined;
};

/** What parts of a campaign to be made do not go together. */
export function misfitsOf(body: Made): Misfit[] {
  const isAlone = body.campaign_type !== undefined && body.campaign_type !== 'sms' && !body.assistant_id;
  const message = 'Say which assistant calls.';
  return [
    ...sentTwice(body),
    ...(isAlone ? [{ code: 'custom' as const, path: ['assistant_id'], message }] : []),
  ];
}

function refuse(misfits: Misfit[], context: z.RefinementCtx): void {
  for (const misfit of misfits) context.addIssue(misfit);
}

const createFields = z.object({
  name: z.string().openapi({ minLength: 1, maxLength: 200 }),
  campaign_type: CampaignType,
  assistant_id: BodyId.nullish().openapi({
    description: 'Who calls. Required unless the campaign only sends texts.',
  }),
  channel_id: ChannelId.nullish(),
  ...SETTABLE,
});

export const CampaignCreate = createFields
  .superRefine((body, context) => refuse(misfitsOf(body), context))
  .openapi('CampaignCreate', {
    example: {
      name: 'February reminders',
      campaign_type: 'call',
      assistant_id: 7,
      welcome_message_template: 'Hi {{name|title_case}}, this is {{assistant_name}} from {{company}}.',
      agenda_template: 'Confirm the appointment on {{appointment_date}}.',
      max_attempts: 3,
      retry_delay_minutes: 30,
    },
  });

export const CampaignUpdate = z
  .object({
    name: z.string().optional().openapi({ minLength: 1, maxLength: 200 }),
    campaign_type: CampaignType.optional().openapi({ description: 'Cannot be changed.' }),
    assistant_id: BodyId.nullish(),
    channel_id: ChannelId.nullish(),
    ...SETTABLE,
  })
  .superRefine((body, context) => refuse(sentTwice(body), context))
  .openapi('CampaignUpdate', { example: { name: 'March reminders', max_attempts: 2 } });

/** What is left of a body, made or changed, when what is out of shape has been taken out. */
export const CampaignDraft = createFields.partial();

const nullableText = z.string().nullable();

export const Campaign = z
  .object({
    id: z.number().openapi({ example: 42 }),
    name: z.string(),
    description: nullableText,
    campaign_type: CampaignType,
    status: z.enum(CAMPAIGN_STATUSES),
    assistant_id: z.number().nullable(),
    assistant_name: nullableText,
    welcome_message_template: nullableText,
    agenda_template: nullableText,
    end_call_message_template: nullableText,
    sms_message_template: nullableText,
    fallback_values: Values,
    max_attempts: z.number(),
    retry_delay_minutes: z.number(),
    variable_mappings: Values,
    available_variables: z.array(z.string()),
    pending_import: z.null(),
    total_contacts: z.number().openapi({ example: 250, description: 'Without those who are skipped.' }),
    completed_contacts: z.number().openapi({ example: 125 }),
    failed_contacts: z.number().openapi({ example: 10 }),
    skipped_contacts: z.number(),
    created_at: Instant,
    updated_at: Instant,
    started_at: Instant.nullable(),
    completed_at: Instant.nullable(),
    last_import_file_name: nullableText,
    last_import_date: Instant.nullable(),
    last_import_row_count: z.number().nullable(),
    execution_settings: ExecutionSettings,
    advanced_settings: AdvancedSettings,
    mixed_settings: MixedSettings.nullable(),
    retry_policy: RetryPolicy,
    budget_limit: z.number().nullable(),
    from_number: nullableText,
    channel_id: nullableText,
    run_number: z.number().openapi({ description: 'Which run of it this is; figures are of this run.' }),
    schedule_type: z.enum(['immediate', 'scheduled', 'recurring']),
    next_run_at: Instant.nullable(),
    hold: nullableText.openapi({ description: 'Why it contacts nobody at this moment, as a sentence.' }),
  })
  .openapi('Campaign');

const ListMetrics = z
  .object({
    success_rate: z.number().openapi({ example: 97.0 }),
    answer_rate: z.number().openapi({ example: 85.0 }),
    average_duration_seconds: z.number().openapi({ example: 45 }),
    total_duration_seconds: z.number().openapi({ example: 21_825 }),
    actual_cost: z.number().openapi({ example: 12.5 }),
  })
  .openapi('CampaignMetrics');

export const ListQuery = PageQuery.extend({
  status: z.enum(CAMPAIGN_STATUSES).optional().openapi({ description: 'Only campaigns in this status.' }),
  campaign_type: CampaignType.optional().openapi({ description: 'Only campaigns of this type.' }),
  assistant_id: Id.optional().openapi({ description: 'Only campaigns that this assistant speaks for.' }),
  search: z.string().max(200).optional().openapi({ description: 'Part of a name or description.' }),
});

export const CampaignList = z
  .object({ campaigns: z.array(Campaign.extend({ metrics: ListMetrics })), pagination: Pagination })
  .openapi('CampaignList');

export const Message = z.object({ message: z.string() }).openapi('Message');
