import { boolean, integer, jsonb, pgTable, smallint, text } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm/sql';
import type { ChatContent } from '#ports/chat.ts';
import { at, bigId } from './columns.ts';

/** The tables of `0003_slack.sql` and `0004_posting_turns.sql`: what Slack delivered, what is shown there, forms half filled in. */

export const slackDeliveries = pgTable('slack_deliveries', {
  id: bigId(),
  deliveryKey: text('delivery_key').notNull(),
  kind: text('kind').notNull(),
  payload: jsonb('payload').notNull(),
  receivedAt: at('received_at').notNull(),
  leaseUntil: at('lease_until'),
  tries: smallint('tries').notNull().default(0),
  handledAt: at('handled_at'),
  problem: text('problem'),
});

export const cards = pgTable('cards', {
  campaignId: integer('campaign_id').primaryKey(),
  channelId: text('channel_id').notNull(),
  ts: text('ts'),
  state: text('state').notNull().$type<'pending' | 'posted' | 'lost' | 'ended'>(),
  contentHash: text('content_hash'),
  drawnAt: at('drawn_at'),
  reposts: smallint('reposts').notNull().default(0),
});

export const posts = pgTable('posts', {
  id: bigId(),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id'),
  postKey: text('post_key').notNull(),
  channelId: text('channel_id').notNull(),
  threadTs: text('thread_ts'),
  inThread: boolean('in_thread').notNull(),
  content: jsonb('content').notNull().$type<ChatContent>(),
  state: text('state')
    .notNull()
    .default('pending')
    .$type<'pending' | 'sending' | 'posted' | 'unknown' | 'abandoned'>(),
  ts: text('ts'),
  tries: smallint('tries').notNull().default(0),
  problem: text('problem'),
  leaseUntil: at('lease_until'),
  createdAt: at('created_at').notNull(),
  triedAt: at('tried_at'),
  postedAt: at('posted_at'),
  /** The same for all messages whose order matters to a reader; the expression is the migration's. */
  threadKey: text('thread_key').notNull().generatedAlwaysAs(sql``),
});

export const postingTurns = pgTable('posting_turns', {
  channelId: text('channel_id').primaryKey(),
  freeAt: at('free_at').notNull(),
});

export const formDrafts = pgTable('form_drafts', {
  id: text('id').primaryKey(),
  workspaceId: integer('workspace_id').notNull(),
  userId: text('user_id').notNull(),
  kind: text('kind').notNull(),
  data: jsonb('data').notNull(),
  version: integer('version').notNull().default(1),
  updatedAt: at('updated_at').notNull(),
});
