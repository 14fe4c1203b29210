import { customType, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** The tables of files sent over the API as the code reads them; `migrations/0008_uploads.sql` makes them. */

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
