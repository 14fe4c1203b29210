import type { z } from '@hono/zod-openapi';
import type { CampaignFields } from '#operations/check-campaign-fields.ts';
import type { CampaignRecord } from '#operations/show-campaign-record.ts';
import type { CampaignChanges } from '#operations/update-campaign.ts';
import type { CampaignCreate, CampaignDraft, CampaignUpdate } from './schemas.ts';

type Body =
  | z.output<typeof CampaignCreate>
  | z.output<typeof CampaignUpdate>
  | z.output<typeof CampaignDraft>;

/** What a body sets, as the verbs name it; what it leaves out is left out. Null takes away what need not be there. */
export function fieldsOf(body: Body): CampaignFields {
  const { advanced_settings: advanced, mixed_settings: mixed } = body;
  return present({
    name: body.name,
    description: body.description,
    assistantId: body.assistant_id,
    fromNumber: body.from_number,
    welcomeMessageTemplate: body.welcome_message_template,
    agendaTemplate: body.agenda_template,
    endCallMessageTemplate: body.end_call_message_template,
    smsMessageTemplate: body.sms_message_template,
    voicemailMessage: advanced?.voicemail_message,
    fallbackValues: emptied(body.fallback_values, {}),
    variableMappings: emptied(body.variable_mappings, {}),
    availableVariables: emptied(body.available_variables, []),
    settings: settingsOf(body),
    enableVoicemailDetection: advanced?.enable_voicemail_detection,
    detectionMode: advanced?.detection_mode,
    leaveVoicemail: advanced?.leave_voicemail,
    retryPolicy: emptied(body.retry_policy, {}),
    mixedSettings: mixed ?? undefined,
  });
}

/** The same for a campaign that is there; what of `mixed_settings` is left out stays as it is, too. */
export function changesOf(body: Body, campaign: CampaignRecord['campaign']): CampaignChanges {
  const { first, followUp: follow_up, delayMinutes: delay_minutes } = campaign.mixedSettings ?? {};
  const mixedSettings = { first, follow_up, delay_minutes, ...body.mixed_settings };
  return {
    ...fieldsOf(body),
    ...(body.mixed_settings ? { mixedSettings } : {}),
    ...(body.campaign_type ? { campaignType: body.campaign_type } : {}),
  };
}

function settingsOf(body: Body): NonNullable<CampaignFields['settings']> {
  const execution = body.execution_settings ?? {};
  return present({
    maxAttempts: body.max_attempts ?? execution.max_attempts,
    retryDelayMinutes: body.retry_delay_minutes ?? execution.retry_delay_minutes,
    concurrentLimit: execution.concurrent_limit,
    rateLimitPerMinute: execution.rate_limit_per_minute,
    allowedHours: execution.allowed_hours,
    timeZone: execution.time_zone,
    contactTimeZone: execution.contact_time_zone,
    additionalHours: execution.additional_hours,
    holidayPlaces: execution.holiday_places,
    pauseDates: execution.pause_dates,
    endOfDay: execution.end_of_day,
    textExpiryHours: execution.text_expiry_hours,
    excludeContactedDays: execution.exclude_contacted_days,
    canarySize: execution.canary_size,
    breakerAttempts: execution.breaker?.attempts,
    breakerPercent: execution.breaker?.percent,
    budgetLimitMicros: microsOf(body.budget_limit),
  });
}

/** Cents are exact; what is finer than a micro-dollar is nobody's budget. */
function microsOf(dollars: number | null | undefined): number | null | undefined {
  return typeof dollars === 'number' ? Math.round(dollars * 1_000_000) : dollars;
}

/** Null means: none of them. */
function emptied<Value>(value: Value | null | undefined, none: Value): Value | undefined {
  return value === null ? none : value;
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without what is undefined. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
