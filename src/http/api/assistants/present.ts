import type { z } from '@hono/zod-openapi';
import { measureCampaign, NOBODY } from '#domain/metrics.ts';
import { instant } from '#http/instant.ts';
import type { figuresOfAssistants } from '#operations/figures-of-assistants.ts';
import type { showAssistant } from '#operations/show-assistant.ts';
import type { Assistant } from './schemas.ts';

type Row = Awaited<ReturnType<typeof showAssistant>>;
type Figures = Awaited<ReturnType<typeof figuresOfAssistants>> extends Map<number, infer One> ? One : never;

/** An assistant in the reference's words (campaign-api §6), with what its calls came to. */
export function presentAssistant(row: Row, figures: Figures | undefined): z.output<typeof Assistant> {
  return {
    id: row.id,
    organization_id: row.workspaceId,
    user_id: null,
    is_active: row.isActive,
    created_at: instant(row.createdAt),
    updated_at: instant(row.updatedAt),
    ...presentSettings(row),
    ...presentFigures(figures),
  };
}

/** What people set on an assistant. */
export type SettingsRow = Pick<
  Row,
  | 'name'
  | 'description'
  | 'prompt'
  | 'model'
  | 'welcomeMessage'
  | 'endCallMessage'
  | 'voice'
  | 'language'
  | 'transferTargets'
  | 'isRecording'
  | 'recordingDays'
  | 'maxCallSeconds'
  | 'isScripted'
  | 'phoneNumbers'
>;

/** What is set on an assistant, and what is the same for all. */
export function presentSettings(row: SettingsRow) {
  return {
    name: row.name,
    description: row.description,
    ...modelSettings(row),
    ...speechSettings(row),
    tools_settings: toolsSettings(row),
    rag_settings: null,
    recording_settings: recordingSettings(row),
    end_call_message: row.endCallMessage,
    ...MESSAGES,
    max_call_length: row.maxCallSeconds,
    ...CONNECTIONS,
    is_scripted: row.isScripted,
    phone_numbers: row.phoneNumbers,
  };
}

/** What a campaign says comes before the assistant’s; idle people are asked by rules that are the same for all. */
const MESSAGES = {
  transfer_call_message: null,
  idle_message: null,
  max_idle_messages: null,
  idle_timeout: null,
};

const CONNECTIONS = {
  webhook_url: null,
  sms_webhook_url: null,
  messaging_service_sid: null,
  custom_settings: { structured_data_prompt: null, structured_data_schema: null },
  bypass_numbers: [],
};

function modelSettings({ model, prompt, welcomeMessage }: SettingsRow) {
  return {
    llm_provider: 'openai' as const,
    llm_provider_config: { model },
    llm_settings: {
      system_prompt: prompt,
      welcome_message: welcomeMessage,
      temperature: null,
      max_tokens: null,
      top_p: null,
    },
  };
}

function speechSettings({ voice, language }: SettingsRow) {
  return {
    tts_settings: { voice_id: voice, language },
    stt_settings: { language },
    interruption_settings: { enabled: true },
  };
}

function toolsSettings({ transferTargets }: SettingsRow) {
  return {
    end_call: { enabled: true },
    transfer_call: {
      enabled: transferTargets.length > 0,
      targets: transferTargets.map(({ key, label, phoneNumber, slackUserId }) => ({
        key,
        label,
        phone_number: phoneNumber,
        slack_user_id: slackUserId,
      })),
    },
    dtmf_solver: { enabled: false },
    send_sms: { enabled: true },
    custom_tools: [],
  };
}

function recordingSettings({ isRecording, recordingDays }: SettingsRow) {
  return {
    enabled: isRecording,
    format: 'mp3' as const,
    sample_rate: 8_000 as const,
    channels: 1 as const,
    disclosure_enabled: true as const,
    disclosure_message: null,
    disclosure_mode: 'every_call' as const,
    retention_days: recordingDays,
  };
}

function presentFigures(figures: Figures | undefined) {
  const { calls, answeredCalls, answeredSeconds } = figures ?? NO_FIGURES;
  const measured = measureCampaign(
    { ...NOBODY, completed: answeredCalls },
    { callsPlaced: calls, callsAnswered: answeredCalls, answeredSeconds },
  );
  return {
    total_calls: calls,
    avg_call_duration: measured.average_duration_seconds ?? 0,
    success_rate: measured.answer_rate ?? 0,
  };
}

const NO_FIGURES = { calls: 0, answeredCalls: 0, answeredSeconds: 0 };
