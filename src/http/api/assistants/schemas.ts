import { z } from '@hono/zod-openapi';
import { Instant } from '#http/api/contract.ts';
import { Part, SkipQuery } from '#http/api/skip.ts';

/**
 * An assistant as campaign-api §6 writes it. What this product leaves to campaigns, to the deployment or out altogether
 * stands there as it is here, and may be sent back as it stands.
 */

const TransferTarget = z
  .object({
    key: z.string(),
    label: z.string(),
    phone_number: z.string(),
    slack_user_id: z.string().nullable(),
  })
  .openapi('TransferTarget');

const Switched = z.object({ enabled: z.boolean() });

export const Assistant = z
  .object({
    id: z.number().int(),
    organization_id: z.number().int(),
    user_id: z.null(),
    name: z.string(),
    description: z.string().nullable(),
    is_active: z.boolean(),
    llm_provider: z.literal('openai'),
    llm_provider_config: z.object({
      model: z.string().nullable().openapi({ description: 'Null: the model of the deployment.' }),
    }),
    llm_settings: z.object({
      system_prompt: z.string().nullable(),
      welcome_message: z.string().nullable().openapi({
        description:
          'A template, said where a campaign has no welcome_message_template of its own, after the words that the law wants first.',
      }),
      temperature: z.null(),
      max_tokens: z.null(),
      top_p: z.null(),
    }),
    tts_settings: z.object({ voice_id: z.string(), language: z.string() }),
    stt_settings: z.object({ language: z.string() }),
    interruption_settings: Switched,
    tools_settings: z.object({
      end_call: Switched,
      transfer_call: z.object({ enabled: z.boolean(), targets: z.array(TransferTarget) }),
      dtmf_solver: Switched,
      send_sms: Switched,
      custom_tools: z.array(z.unknown()).max(0),
    }),
    rag_settings: z.null(),
    recording_settings: z.object({
      enabled: z.boolean(),
      format: z.literal('mp3'),
      sample_rate: z.literal(8_000),
      channels: z.literal(1),
      disclosure_enabled: z.literal(true),
      disclosure_message: z.null(),
      disclosure_mode: z.literal('every_call'),
      retention_days: z.number().int(),
    }),
    end_call_message: z.string().nullable().openapi({
      description: 'A template, said where a campaign has no end_call_message_template of its own.',
    }),
    transfer_call_message: z.null(),
    idle_message: z.null(),
    max_idle_messages: z.null(),
    idle_timeout: z.null(),
    max_call_length: z.number().int().openapi({ description: 'In seconds.' }),
    webhook_url: z.null(),
    sms_webhook_url: z.null(),
    messaging_service_sid: z.null(),
    custom_settings: z.object({ structured_data_prompt: z.null(), structured_data_schema: z.null() }),
    bypass_numbers: z.array(z.unknown()).max(0),
    is_scripted: z
      .boolean()
      .openapi({ description: 'Follows the script of the campaign and asks no model.' }),
    phone_numbers: z
      .array(z.string())
      .openapi({ description: 'It calls from the first, and answers calls to all.' }),
    created_at: Instant,
    updated_at: Instant,
    total_calls: z.number().int().openapi({ description: 'Of the campaigns that call with it.' }),
    avg_call_duration: z.number().openapi({ description: 'Seconds of the calls that a person answered.' }),
    success_rate: z
      .number()
      .openapi({ description: 'Share of its calls that a person answered, in percent.' }),
  })
  .openapi('Assistant');

export const Assistants = z.object({ items: z.array(Assistant), ...Part }).openapi('Assistants');

export const ListQuery = SkipQuery.extend({
  include_inactive: z
    .enum(['true', 'false'])
    .default('false')
    .openapi({ description: 'Retired ones as well.' }),
});

/** What the rules make of each field is theirs: they name every problem in words, field by field. */
const Fields = z.looseObject({
  name: z.string().optional(),
  description: z.string().nullish(),
  is_active: z.boolean().optional(),
  llm_provider_config: z.record(z.string(), z.unknown()).nullish(),
  llm_settings: z.record(z.string(), z.unknown()).nullish(),
  tts_settings: z.record(z.string(), z.unknown()).nullish(),
  stt_settings: z.record(z.string(), z.unknown()).nullish(),
  tools_settings: z.record(z.string(), z.unknown()).nullish(),
  recording_settings: z.record(z.string(), z.unknown()).nullish(),
  max_call_length: z.union([z.number(), z.string()]).optional(),
  is_scripted: z.boolean().optional(),
  phone_numbers: z.array(z.string()).optional(),
});

export const AssistantChanges = Fields.openapi('AssistantChanges', {
  example: { llm_settings: { system_prompt: 'You call for Acme Healthcare. Be brief and kind.' } },
});

export const AssistantInput = Fields.extend({ name: z.string() }).openapi('AssistantInput', {
  example: {
    name: 'Sarah',
    llm_settings: { system_prompt: 'You call for Acme Healthcare. Be brief and kind.' },
    tts_settings: { voice_id: 'joanna' },
    recording_settings: { enabled: false },
  },
});
