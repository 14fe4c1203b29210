import { integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import type { AllowedHours } from '#domain/calling-window.ts';
import type { Role } from '#domain/rights.ts';
import { at, bigId, micros } from './columns.ts';

/** What decides whether and when somebody may be contacted, as the code reads it; `migrations/0006_when_it_may_call.sql` makes it. */

const id = () => integer('id').primaryKey().generatedAlwaysAsIdentity();

export const lawOverrides = pgTable('law_overrides', {
  id: id(),
  workspaceId: integer('workspace_id').notNull(),
  ruleKey: text('rule_key').notNull(),
  hours: jsonb('hours').notNull().$type<AllowedHours[]>(),
  reason: text('reason').notNull(),
  actor: text('actor').notNull(),
  createdAt: at('created_at').notNull(),
  revokedAt: at('revoked_at'),
  revokedBy: text('revoked_by'),
});

export const campaignSpend = pgTable(
  'campaign_spend',
  {
    campaignId: integer('campaign_id').notNull(),
    runNumber: integer('run_number').notNull(),
    reservedMicros: micros('reserved_micros').notNull().default(0),
    settledMicros: micros('settled_micros').notNull().default(0),
    settledAttempts: integer('settled_attempts').notNull().default(0),
    settledReserveMicros: micros('settled_reserve_micros').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.runNumber] })],
);

export const consents = pgTable('consents', {
  id: bigId(),
  workspaceId: integer('workspace_id').notNull(),
  phoneNumber: text('phone_number').notNull(),
  channel: text('channel').notNull().$type<'all' | 'voice' | 'sms'>(),
  givenAt: at('given_at').notNull(),
  method: text('method').notNull(),
  wording: text('wording'),
  sourceColumn: text('source_column'),
  importId: integer('import_id'),
  actor: text('actor').notNull(),
  createdAt: at('created_at').notNull(),
  withdrawnAt: at('withdrawn_at'),
  withdrawnBy: text('withdrawn_by'),
});

export const suppressionPrefixes = pgTable('suppression_prefixes', {
  id: id(),
  workspaceId: integer('workspace_id').notNull(),
  prefix: text('prefix').notNull(),
  channel: text('channel').notNull().$type<'all' | 'voice' | 'sms'>(),
  onlyCampaignId: integer('only_campaign_id'),
  reason: text('reason').notNull(),
  source: text('source').notNull().$type<'manual' | 'import' | 'api'>(),
  actor: text('actor').notNull(),
  createdAt: at('created_at').notNull(),
  liftedAt: at('lifted_at'),
  liftedBy: text('lifted_by'),
});

export const suppressionImports = pgTable('suppression_imports', {
  id: id(),
  workspaceId: integer('workspace_id').notNull(),
  kind: text('kind').notNull().$type<'own' | 'national'>(),
  onlyCampaignId: integer('only_campaign_id'),
  fileId: text('file_id').notNull(),
  fileName: text('file_name').notNull(),
  requestKey: text('request_key'),
  status: text('status').notNull().$type<'pending' | 'processing' | 'completed' | 'failed'>(),
  rowCount: integer('row_count').notNull().default(0),
  addedCount: integer('added_count').notNull().default(0),
  knownCount: integer('known_count').notNull().default(0),
  invalidCount: integer('invalid_count').notNull().default(0),
  problem: text('problem'),
  leaseUntil: at('lease_until'),
  channelId: text('channel_id'),
  requestedBy: text('requested_by').notNull(),
  createdAt: at('created_at').notNull(),
  completedAt: at('completed_at'),
});

export const approvals = pgTable('approvals', {
  id: id(),
  campaignId: integer('campaign_id').notNull(),
  hash: text('hash').notNull(),
  content: jsonb('content').notNull().$type<Record<string, string>>(),
  requestedBy: text('requested_by').notNull(),
  requestedAt: at('requested_at').notNull(),
  decision: text('decision').$type<'approved' | 'rejected'>(),
  decidedBy: text('decided_by'),
  decidedAt: at('decided_at'),
  reason: text('reason'),
  voidedAt: at('voided_at'),
  voidedBy: text('voided_by'),
});

export const roleGrants = pgTable(
  'role_grants',
  {
    workspaceId: integer('workspace_id').notNull(),
    subjectKind: text('subject_kind').notNull().$type<'user' | 'group'>(),
    subjectId: text('subject_id').notNull(),
    role: text('role').notNull().$type<Role>(),
    grantedBy: text('granted_by').notNull(),
    grantedAt: at('granted_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.subjectKind, t.subjectId] })],
);

export const rates = pgTable(
  'rates',
  {
    workspaceId: integer('workspace_id').notNull(),
    channel: text('channel').notNull().$type<'call' | 'sms'>(),
    country: text('country').notNull(),
    lowMicros: micros('low_micros').notNull(),
    highMicros: micros('high_micros').notNull(),
    source: text('source').notNull(),
    changedBy: text('changed_by').notNull(),
    changedAt: at('changed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.channel, t.country] })],
);
