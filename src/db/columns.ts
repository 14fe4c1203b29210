import { bigint, integer, timestamp } from 'drizzle-orm/pg-core';

/** An instant: a JavaScript Date has milliseconds, and finer values would be lost on the way. */
export const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** The key of a table that grows with every contact. */
export const bigId = () => bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity();

/** An amount in micro-dollars (1 USD = 1,000,000). */
export const micros = (name: string) => bigint(name, { mode: 'number' });

/** How many contacts stand in each of the eight statuses. */
export const statusCounts = () => ({
  pending: integer('pending').notNull().default(0),
  in_progress: integer('in_progress').notNull().default(0),
  completed: integer('completed').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  no_answer: integer('no_answer').notNull().default(0),
  busy: integer('busy').notNull().default(0),
  voicemail: integer('voicemail').notNull().default(0),
  skipped: integer('skipped').notNull().default(0),
});
