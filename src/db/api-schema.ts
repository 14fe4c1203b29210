import { integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { RequestSlice } from '#domain/request-pace.ts';
import type { TokenScope } from '#domain/token-scopes.ts';
import { at } from './columns.ts';

/** What the API keeps of its own, as the code reads it; `migrations/0007_api_tokens.sql` makes it. */

export const apiTokens = pgTable('api_tokens', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  workspaceId: integer('workspace_id').notNull(),
  name: text('name').notNull(),
  tokenHash: text('token_hash').notNull(),
  hint: text('hint').notNull(),
  scopes: text('scopes').array().notNull().$type<TokenScope[]>(),
  requestsPerSecond: integer('requests_per_second').notNull().default(60),
  recentRequests: jsonb('recent_requests').notNull().default([]).$type<RequestSlice[]>(),
  parentId: integer('parent_id'),
  rootId: integer('root_id'),
  createdBy: text('created_by').notNull(),
  createdAt: at('created_at').notNull(),
  expiresAt: at('expires_at'),
  lastUsedAt: at('last_used_at'),
  revokedAt: at('revoked_at'),
  revokedBy: text('revoked_by'),
});

export const apiRequests = pgTable(
  'api_requests',
  {
    tokenId: integer('token_id').notNull(),
    idempotencyKey: text('idempotency_key').notNull(),
    fingerprint: text('fingerprint').notNull(),
    leaseUntil: at('lease_until'),
    status: smallint('status'),
    body: text('body'),
    contentDigest: text('content_digest'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.tokenId, t.idempotencyKey] })],
);
