import { bigint, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** Figures that triggers keep, as the code reads them; `migrations/0009_figures.sql` makes them. Nobody writes here. */

export const campaignFigures = pgTable(
  'campaign_figures',
  {
    campaignId: integer('campaign_id').notNull(),
    runNumber: integer('run_number').notNull(),
    callsPlaced: integer('calls_placed').notNull().default(0),
    callsAnswered: integer('calls_answered').notNull().default(0),
    answeredSeconds: bigint('answered_seconds', { mode: 'number' }).notNull().default(0),
    voicemails: integer('voicemails').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.runNumber] })],
);

export const campaignHours = pgTable(
  'campaign_hours',
  {
    campaignId: integer('campaign_id').notNull(),
    hour: at('hour').notNull(),
    completed: integer('completed').notNull().default(0),
    failed: integer('failed').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.campaignId, t.hour] })],
);
