import { bigint, customType, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at, statusCounts } from './columns.ts';

/** What the API keeps to take files and to find pages, as the code reads it; `migrations/0008_uploads.sql` makes it. */

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

export const uploads = pgTable('uploads', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  workspaceId: integer('workspace_id').notNull(),
  fileName: text('file_name').notNull(),
  bytes: integer('bytes').notNull().default(0),
  createdAt: at('created_at').notNull(),
  receivedAt: at('received_at'),
});

export const uploadPieces = pgTable(
  'upload_pieces',
  {
    uploadId: integer('upload_id').notNull(),
    seq: integer('seq').notNull(),
    bytes: bytea('bytes').notNull(),
  },
  (t) => [primaryKey({ columns: [t.uploadId, t.seq] })],
);

export const contactBlocks = pgTable(
  'contact_blocks',
  {
    campaignId: integer('campaign_id').notNull(),
    block: bigint('block', { mode: 'number' }).notNull(),
    ...statusCounts(),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.block] })],
);

export const attemptBlocks = pgTable(
  'attempt_blocks',
  {
    campaignId: integer('campaign_id').notNull(),
    block: bigint('block', { mode: 'number' }).notNull(),
    attempts: integer('attempts').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.block] })],
);
