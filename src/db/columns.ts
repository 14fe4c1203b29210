import { bigint, timestamp } from 'drizzle-orm/pg-core';

/** An instant: a JavaScript Date has milliseconds, and finer values would be lost on the way. */
export const at = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** The key of a table that grows with every contact. */
export const bigId = () => bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity();

/** An amount in micro-dollars (1 USD = 1,000,000). */
export const micros = (name: string) => bigint(name, { mode: 'number' });
