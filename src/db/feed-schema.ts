import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** Who watches what, as the code reads it; `migrations/0010_feed.sql` makes it. */
export const feedWatches = pgTable(
  'feed_watches',
  {
    topic: text('topic').notNull(),
    processId: text('process_id').notNull(),
    sockets: integer('sockets').notNull(),
    leaseUntil: at('lease_until').notNull(),
  },
  (t) => [primaryKey({ columns: [t.topic, t.processId] })],
);
