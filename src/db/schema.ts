import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  smallint,
  text,
} from 'drizzle-orm/pg-core';
import type { AttemptOutcome, AttemptState } from '#domain/attempt.ts';
import type { CallStatusName } from '#domain/call.ts';
import type { AllowedHours } from '#domain/calling-window.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { GateEvidence } from '#domain/gate-evidence.ts';
import type { Hold, WaitReason } from '#domain/hold.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import type { Counts } from '#domain/metrics.ts';
import type { MixedSettings } from '#domain/mixed.ts';
import type { TollFreePolicy } from '#domain/number-zones.ts';
import type { ReplyVerdict } from '#domain/opt-out.ts';
import type { RetryPolicy } from '#domain/retry.ts';
import type { RecurringConfig, ScheduleType } from '#domain/schedule.ts';
import type { ProviderEvent, TextStatus } from '#ports/telephony.ts';
import { at, bigId, micros, statusCounts } from './columns.ts';

/** The tables as the code reads them; `migrations/` makes them, and a test compares the two column by column. */

const id = () => integer('id').primaryKey().generatedAlwaysAsIdentity();

export const workspaces = pgTable('workspaces', {
  id: id(),
  slackTeamId: text('slack_team_id').notNull(),
  name: text('name').notNull(),
  companyName: text('company_name'),
  botUserId: text('bot_user_id'),
  defaultCountry: text('default_country').notNull().default('US'),
  timeZone: text('time_zone').notNull().default('America/New_York'),
  defaultRole: text('default_role').notNull().default('launcher'),
  concurrentLimit: integer('concurrent_limit').notNull().default(50),
  rateLimitPerMinute: integer('rate_limit_per_minute').notNull().default(600),
  isConnected: boolean('is_connected').notNull().default(true),
  dialingAfterId: bigint('dialing_after_id', { mode: 'number' }).notNull().default(0),
  createdAt: at('created_at').notNull(),
  legalPreset: text('legal_preset').notNull().default('by_state').$type<'by_state' | 'strict'>(),
  ownHours: jsonb('own_hours').$type<AllowedHours[]>(),
  unknownPlace: text('unknown_place').notNull().default('intersect').$type<'intersect' | 'skip'>(),
  tollFree: text('toll_free').notNull().default('skip').$type<TollFreePolicy>(),
  frequencyLimit: smallint('frequency_limit').default(3),
  frequencyHours: smallint('frequency_hours').notNull().default(24),
  requiresCallConsent: boolean('requires_call_consent').notNull().default(false),
  requiresTextConsent: boolean('requires_text_consent').notNull().default(false),
  requiresAttestation: boolean('requires_attestation').notNull().default(false),
  requiresApproval: boolean('requires_approval').notNull().default(false),
  nationalListDays: smallint('national_list_days'),
  nationalListAt: at('national_list_at'),
});

export const campaigns = pgTable('campaigns', {
  id: id(),
  workspaceId: integer('workspace_id').notNull(),
  name: text('name').notNull(),
  description: text('description'),
  campaignType: text('campaign_type').notNull().$type<'call' | 'sms' | 'mixed'>(),
  status: text('status').notNull().$type<CampaignStatus>(),
  version: integer('version').notNull().default(1),
  runNumber: integer('run_number').notNull().default(1),
  welcomeMessageTemplate: text('welcome_message_template'),
  agendaTemplate: text('agenda_template'),
  endCallMessageTemplate: text('end_call_message_template'),
  smsMessageTemplate: text('sms_message_template'),
  fallbackValues: jsonb('fallback_values').notNull().default({}).$type<Record<string, string>>(),
  variableMappings: jsonb('variable_mappings').notNull().default({}).$type<Record<string, string>>(),
  availableVariables: text('available_variables').array().notNull().default([]),
  maxAttempts: smallint('max_attempts').notNull().default(3),
  retryDelayMinutes: smallint('retry_delay_minutes').notNull().default(30),
  concurrentLimit: smallint('concurrent_limit').notNull().default(5),
  rateLimitPerMinute: smallint('rate_limit_per_minute').notNull().default(10),
  allowedHours: jsonb('allowed_hours').$type<AllowedHours>(),
  timeZone: text('time_zone').notNull(),
  contactTimeZone: boolean('contact_time_zone').notNull().default(true),
  fromNumber: text('from_number'),
  channelId: text('channel_id'),
  hold: jsonb('hold').$type<Hold>(),
  claimAfterAt: at('claim_after_at'),
  claimAfterId: bigint('claim_after_id', { mode: 'number' }),
  resultsDueAt: at('results_due_at'),
  creationKey: text('creation_key'),
  lastImportFileName: text('last_import_file_name'),
  lastImportAt: at('last_import_at'),
  lastImportRowCount: integer('last_import_row_count'),
  createdBy: text('created_by').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
  startedAt: at('started_at'),
  resumedAt: at('resumed_at'),
  completedAt: at('completed_at'),
  assistantId: integer('assistant_id'),
  enableVoicemailDetection: boolean('enable_voicemail_detection').notNull().default(true),
  detectionMode: text('detection_mode').notNull().default('async').$type<'async' | 'sync'>(),
  leaveVoicemail: boolean('leave_voicemail').notNull().default(false),
  voicemailMessage: text('voicemail_message'),
  retryPolicy: jsonb('retry_policy').notNull().default({}).$type<RetryPolicy>(),
  mixedSettings: jsonb('mixed_settings').$type<MixedSettings>(),
  scheduleType: text('schedule_type').notNull().default('immediate').$type<ScheduleType>(),
  scheduledAt: at('scheduled_at'),
  scheduleZone: text('schedule_zone'),
  recurringConfig: jsonb('recurring_config').$type<RecurringConfig>(),
  nextRunAt: at('next_run_at'),
  undoUntil: at('undo_until'),
  additionalHours: jsonb('additional_hours').notNull().default([]).$type<AllowedHours[]>(),
  holidayPlaces: text('holiday_places').array().notNull().default([]),
  pauseDates: text('pause_dates').array().notNull().default([]),
  endOfDay: text('end_of_day').notNull().default('continue').$type<'continue' | 'stop'>(),
  textExpiryHours: smallint('text_expiry_hours'),
  excludeContactedDays: smallint('exclude_contacted_days'),
  budgetLimitMicros: micros('budget_limit_micros'),
  estimateLowMicros: micros('estimate_low_micros'),
  estimateHighMicros: micros('estimate_high_micros'),
  estimateContacts: integer('estimate_contacts'),
  canarySize: integer('canary_size'),
  canaryLeft: integer('canary_left'),
  breakerAttempts: smallint('breaker_attempts').notNull().default(20),
  breakerPercent: smallint('breaker_percent').notNull().default(50),
  approvalId: integer('approval_id'),
  attestedBy: text('attested_by'),
  attestedAt: at('attested_at'),
});

export const contacts = pgTable('contacts', {
  id: bigId(),
  campaignId: integer('campaign_id').notNull(),
  phoneNumber: text('phone_number').notNull(),
  variableValues: jsonb('variable_values').notNull().default({}).$type<Record<string, string>>(),
  customFields: jsonb('custom_fields').notNull().default({}).$type<Record<string, string>>(),
  importId: integer('import_id'),
  lineNumber: integer('line_number'),
  status: text('status').notNull().default('pending').$type<keyof Counts>(),
  skipReason: text('skip_reason'),
  attempts: smallint('attempts').notNull().default(0),
  lastN: smallint('last_n').notNull().default(0),
  nextAttemptAt: at('next_attempt_at'),
  waitReason: text('wait_reason').$type<WaitReason>(),
  lastAttemptAt: at('last_attempt_at'),
  createdAt: at('created_at').notNull(),
  nextChannel: text('next_channel').$type<'sms' | 'call'>(),
  channelAttempts: smallint('channel_attempts').notNull().default(0),
  firstStatus: text('first_status').$type<keyof Counts>(),
  callbacks: smallint('callbacks').notNull().default(0),
  ownZones: text('own_zones').array(),
  ownRegion: text('own_region'),
});

export const campaignCounts = pgTable('campaign_counts', {
  campaignId: integer('campaign_id').primaryKey(),
  ...statusCounts(),
});

export const attempts = pgTable('attempts', {
  id: bigId(),
  token: text('token').notNull(),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id').notNull(),
  contactId: bigint('contact_id', { mode: 'number' }).notNull(),
  runNumber: integer('run_number').notNull(),
  channel: text('channel').notNull().$type<'sms' | 'call'>(),
  purpose: text('purpose').notNull().default('campaign').$type<'campaign' | 'reply'>(),
  n: smallint('n').notNull(),
  phoneNumber: text('phone_number').notNull(),
  sender: text('sender').notNull(),
  body: text('body'),
  segments: smallint('segments'),
  state: text('state').notNull().$type<AttemptState>(),
  outcome: text('outcome').$type<AttemptOutcome>(),
  failureClass: text('failure_class').$type<FailureClass>(),
  failureCode: text('failure_code'),
  provider: text('provider').notNull(),
  providerRef: text('provider_ref'),
  providerStatus: text('provider_status').$type<TextStatus | CallStatusName>(),
  gate: jsonb('gate').notNull().$type<GateEvidence>(),
  askedAt: at('asked_at'),
  leaseUntil: at('lease_until'),
  lookAt: at('look_at'),
  emptyLooks: smallint('empty_looks').notNull().default(0),
  priceMicros: bigint('price_micros', { mode: 'number' }),
  priceCurrency: text('price_currency'),
  createdBy: text('created_by'),
  createdAt: at('created_at').notNull(),
  endedAt: at('ended_at'),
  reservedMicros: micros('reserved_micros').notNull().default(0),
  consentId: bigint('consent_id', { mode: 'number' }),
});

export const rateBuckets = pgTable('rate_buckets', {
  scope: text('scope').primaryKey(),
  tokens: doublePrecision('tokens').notNull(),
  refilledAt: at('refilled_at').notNull(),
});

export const suppressions = pgTable('suppressions', {
  id: id(),
  workspaceId: integer('workspace_id').notNull(),
  phoneNumber: text('phone_number').notNull(),
  channel: text('channel').notNull().$type<'all' | 'voice' | 'sms'>(),
  reason: text('reason').notNull(),
  source: text('source').notNull().$type<'manual' | 'opt_out' | 'import' | 'api' | 'provider'>(),
  campaignId: integer('campaign_id'),
  actor: text('actor').notNull(),
  createdAt: at('created_at').notNull(),
  liftedAt: at('lifted_at'),
  liftedBy: text('lifted_by'),
  onlyCampaignId: integer('only_campaign_id'),
});

export const contactHolds = pgTable('contact_holds', {
  id: id(),
  workspaceId: integer('workspace_id').notNull(),
  phoneNumber: text('phone_number').notNull(),
  campaignId: integer('campaign_id'),
  inboundTextId: bigint('inbound_text_id', { mode: 'number' }),
  createdAt: at('created_at').notNull(),
  decision: text('decision').$type<'suppress' | 'keep'>(),
  decidedAt: at('decided_at'),
  decidedBy: text('decided_by'),
});

export const inboundTexts = pgTable('inbound_texts', {
  id: bigId(),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id'),
  contactId: bigint('contact_id', { mode: 'number' }),
  provider: text('provider').notNull(),
  providerRef: text('provider_ref').notNull(),
  fromNumber: text('from_number').notNull(),
  toNumber: text('to_number').notNull(),
  body: text('body').notNull(),
  mediaCount: smallint('media_count').notNull().default(0),
  verdict: text('verdict').notNull().$type<ReplyVerdict>(),
  receivedAt: at('received_at').notNull(),
});

export const providerEvents = pgTable('provider_events', {
  id: bigId(),
  provider: text('provider').notNull(),
  dedupeKey: text('dedupe_key').notNull(),
  event: jsonb('event').notNull().$type<ProviderEvent>(),
  raw: jsonb('raw').notNull(),
  receivedAt: at('received_at').notNull(),
  mergedAt: at('merged_at'),
  problem: text('problem'),
});

export const campaignEvents = pgTable('campaign_events', {
  id: bigId(),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id'),
  actor: text('actor').notNull(),
  kind: text('kind').notNull(),
  details: jsonb('details').notNull().default({}).$type<Record<string, unknown>>(),
  createdAt: at('created_at').notNull(),
});
