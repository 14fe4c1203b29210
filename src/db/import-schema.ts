import { integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** The tables of imports as the code reads them; `migrations/0002_imports.sql` and its followers make them. */

const id = () => integer('id').primaryKey().generatedAlwaysAsIdentity();

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
  interruptions: smallint('interruptions').notNull().default(0),
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
