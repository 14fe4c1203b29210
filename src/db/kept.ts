import { sql } from 'drizzle-orm/sql';
import { campaigns } from './schema.ts';

/**
 * A campaign that was deleted is there for nobody. Its row stays until what it did to people no longer counts: limits on
 * attempts to one number, and opt-outs that answer it, outlive it.
 */
export const isKept = sql`(${campaigns.hold} ->> 'code') is distinct from 'deleted'`;
export const isDeleted = sql`(${campaigns.hold} ->> 'code') = 'deleted'`;
