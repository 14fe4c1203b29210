import {
  bigint,
  boolean,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
} from 'drizzle-orm/pg-core';
import type { AttemptOutcome, AttemptState } from '#domain/attempt.ts';
import type { CallStatusName } from '#domain/call.ts';
import type { AllowedHours } from '#domain/calling-window.ts';
import type { FailureClass } from '#domain/failure.ts';
import type { GateEvidence } from '#domain/gate.ts';
import type { Hold, WaitReason } from '#domain/hold.ts';
import type { CampaignStatus } from '#domain/lifecycle.ts';
import type { Counts } from '#domain/metrics.ts';
import type { MixedSettings } from '#domain/mixed.ts';
import type { ReplyVerdict } from '#domain/opt-out.ts';
import type { RetryPolicy } from '#domain/retry.ts';
import type { ProviderEvent, TextStatus } from '#ports/telephony.ts';
import { at, bigId } from './columns.ts';

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
});

export const campaignCounts = pgTable('campaign_counts', {
  campaignId: integer('campaign_id').primaryKey(),
  pending: integer('pending').notNull().default(0),
  in_progress: integer('in_progress').notNull().default(0),
  completed: integer('completed').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  no_answer: integer('no_answer').notNull().default(0),
  busy: integer('busy').notNull().default(0),
  voicemail: integer('voicemail').notNull().default(0),
  skipped: integer('skipped').notNull().default(0),
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

export const imports = pgTable('imports', {
  id: id(),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id').notNull(),
  status: text('status').notNull().$type<'pending' | 'processing' | 'completed' | 'failed'>(),
  mode: text('mode').notNull().default('append').$type<'append' | 'replace'>(),
  fileId: text('file_id').notNull(),
  fileName: text('file_name').notNull(),
  mapping: jsonb('mapping').notNull(),
  requestKey: text('request_key'),
  rowCount: integer('row_count').notNull().default(0),
  importedCount: integer('imported_count').notNull().default(0),
  duplicateCount: integer('duplicate_count').notNull().default(0),
  existingCount: integer('existing_count').notNull().default(0),
  invalidCount: integer('invalid_count').notNull().default(0),
  suppressedCount: integer('suppressed_count').notNull().default(0),
  errors: jsonb('errors').notNull().default([]).$type<{ line: number; value: string; reason: string }[]>(),
  reasons: jsonb('reasons').notNull().default([]).$type<{ reason: string; rows: number }[]>(),
  problem: text('problem'),
  leaseUntil: at('lease_until'),
  channelId: text('channel_id'),
  threadTs: text('thread_ts'),
  progressTs: text('progress_ts'),
  progressAt: at('progress_at'),
  toldAt: at('told_at'),
  requestedBy: text('requested_by').notNull(),
  createdAt: at('created_at').notNull(),
  startedAt: at('started_at'),
  completedAt: at('completed_at'),
});

export const importRejects = pgTable(
  'import_rejects',
  { importId: integer('import_id').notNull(), seq: integer('seq').notNull(), csv: text('csv').notNull() },
  (t) => [primaryKey({ columns: [t.importId, t.seq] })],
);

export const columnMappings = pgTable(
  'column_mappings',
  {
    workspaceId: integer('workspace_id').notNull(),
    fingerprint: text('fingerprint').notNull(),
    mapping: jsonb('mapping').notNull(),
    updatedBy: text('updated_by').notNull(),
    updatedAt: at('updated_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.fingerprint] })],
);

export const campaignEvents = pgTable('campaign_events', {
  id: bigId(),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id'),
  actor: text('actor').notNull(),
  kind: text('kind').notNull(),
  details: jsonb('details').notNull().default({}).$type<Record<string, unknown>>(),
  createdAt: at('created_at').notNull(),
});
