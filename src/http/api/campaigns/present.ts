import type { z } from '@hono/zod-openapi';
import { describeHold } from '#domain/hold.ts';
import { measureCampaign } from '#domain/metrics.ts';
import { DEFAULT_MIXED } from '#domain/mixed.ts';
import { hoursOf } from '#domain/settings.ts';
import { instant } from '#http/instant.ts';
import type { ListedCampaign } from '#operations/list-campaign-records.ts';
import type { CampaignRecord } from '#operations/show-campaign-record.ts';
import type { Campaign, CampaignList } from './schemas.ts';

/** A campaign in the reference's words (campaign-api §1.3, §7.1). */
export function presentCampaign(
  { campaign, assistantName, counts }: CampaignRecord,
  now: Date,
  measured = measureCampaign(counts),
): z.output<typeof Campaign> {
  const { total_contacts, completed, failed, skipped } = measured;
  return {
    id: campaign.id,
    name: campaign.name,
    description: campaign.description,
    campaign_type: campaign.campaignType,
    status: campaign.status,
    assistant_id: campaign.assistantId,
    assistant_name: assistantName,
    welcome_message_template: campaign.welcomeMessageTemplate,
    agenda_template: campaign.agendaTemplate,
    end_call_message_template: campaign.endCallMessageTemplate,
    sms_message_template: campaign.smsMessageTemplate,
    fallback_values: campaign.fallbackValues,
    max_attempts: campaign.maxAttempts,
    retry_delay_minutes: campaign.retryDelayMinutes,
    variable_mappings: campaign.variableMappings,
    available_variables: campaign.availableVariables,
    pending_import: null,
    total_contacts: total_contacts ?? 0,
    completed_contacts: completed ?? 0,
    failed_contacts: failed ?? 0,
    skipped_contacts: skipped ?? 0,
    created_at: instant(campaign.createdAt),
    updated_at: instant(campaign.updatedAt),
    started_at: instant(campaign.startedAt),
    completed_at: instant(campaign.completedAt),
    last_import_file_name: campaign.lastImportFileName,
    last_import_date: instant(campaign.lastImportAt),
    last_import_row_count: campaign.lastImportRowCount,
    ...settingsOf(campaign),
    channel_id: campaign.channelId,
    run_number: campaign.runNumber,
    schedule_type: campaign.scheduleType,
    next_run_at: instant(campaign.nextRunAt),
    hold: campaign.hold && describeHold(campaign.hold, now, campaign.timeZone),
  };
}

/** A campaign as a list shows it: with what its present run came to (campaign-api §1.3, §7.20). */
export function presentListed(
  listed: ListedCampaign,
  now: Date,
): z.output<typeof CampaignList>['campaigns'][number] {
  const measured = measureCampaign(listed.counts, listed.activity, listed.cost);
  return {
    ...presentCampaign(listed, now, measured),
    metrics: {
      success_rate: measured.success_rate ?? 0,
      answer_rate: measured.answer_rate ?? 0,
      average_duration_seconds: measured.average_duration_seconds ?? 0,
      total_duration_seconds: measured.total_duration_seconds ?? 0,
      actual_cost: measured.actual_cost ?? 0,
    },
  };
}

type Settings = Pick<
  z.output<typeof Campaign>,
  | 'execution_settings'
  | 'advanced_settings'
  | 'mixed_settings'
  | 'retry_policy'
  | 'budget_limit'
  | 'from_number'
>;

function settingsOf(campaign: CampaignRecord['campaign']): Settings {
  const mixed = campaign.mixedSettings ?? (campaign.campaignType === 'mixed' ? DEFAULT_MIXED : null);
  return {
    execution_settings: executionOf(campaign),
    advanced_settings: {
      enable_voicemail_detection: campaign.enableVoicemailDetection,
      leave_voicemail: campaign.leaveVoicemail,
      voicemail_message: campaign.voicemailMessage,
      detection_mode: campaign.detectionMode,
    },
    mixed_settings: mixed && {
      first: mixed.first,
      follow_up: mixed.followUp,
      delay_minutes: mixed.delayMinutes,
    },
    retry_policy: campaign.retryPolicy,
    budget_limit: campaign.budgetLimitMicros === null ? null : dollarsOf(campaign.budgetLimitMicros),
    from_number: campaign.fromNumber,
  };
}

function executionOf(campaign: CampaignRecord['campaign']): Settings['execution_settings'] {
  return {
    max_attempts: campaign.maxAttempts,
    retry_delay_minutes: campaign.retryDelayMinutes,
    concurrent_limit: campaign.concurrentLimit,
    rate_limit_per_minute: campaign.rateLimitPerMinute,
    allowed_hours: hoursOf(campaign.allowedHours),
    time_zone: campaign.timeZone,
    contact_time_zone: campaign.contactTimeZone,
    additional_hours: campaign.additionalHours,
    holiday_places: campaign.holidayPlaces,
    pause_dates: campaign.pauseDates,
    end_of_day: campaign.endOfDay,
    text_expiry_hours: campaign.textExpiryHours,
    exclude_contacted_days: campaign.excludeContactedDays,
    canary_size: campaign.canarySize,
    breaker: { attempts: campaign.breakerAttempts, percent: campaign.breakerPercent },
  };
}

function dollarsOf(micros: number): number {
  return micros / 1_000_000;
}
