import { bigint, boolean, integer, jsonb, pgTable, primaryKey, smallint, text } from 'drizzle-orm/pg-core';
import type { AnsweredBy, CallScript, ConversationResult, TransferTarget } from '#domain/call.ts';
import type { CallNotes } from '#domain/call-notes.ts';
import { at, bigId } from './columns.ts';

/** The tables of calls and assistants as the code reads them; `migrations/0005_calls.sql` makes them, 0012 adds to them. */

export const assistants = pgTable('assistants', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  workspaceId: integer('workspace_id').notNull(),
  name: text('name').notNull(),
  description: text('description'),
  isActive: boolean('is_active').notNull().default(true),
  voice: text('voice').notNull(),
  language: text('language').notNull(),
  prompt: text('prompt'),
  model: text('model'),
  welcomeMessage: text('welcome_message'),
  endCallMessage: text('end_call_message'),
  isScripted: boolean('is_scripted').notNull().default(false),
  phoneNumbers: text('phone_numbers').array().notNull().default([]),
  transferTargets: jsonb('transfer_targets').notNull().default([]).$type<TransferTarget[]>(),
  isRecording: boolean('is_recording').notNull().default(false),
  recordingDays: smallint('recording_days').notNull().default(30),
  maxCallSeconds: smallint('max_call_seconds').notNull().default(600),
  version: integer('version').notNull().default(1),
  creationKey: text('creation_key'),
  createdBy: text('created_by').notNull(),
  createdAt: at('created_at').notNull(),
  updatedAt: at('updated_at').notNull(),
});

export const calls = pgTable('calls', {
  id: bigId(),
  token: text('token').notNull(),
  attemptId: bigint('attempt_id', { mode: 'number' }),
  workspaceId: integer('workspace_id').notNull(),
  campaignId: integer('campaign_id'),
  contactId: bigint('contact_id', { mode: 'number' }),
  assistantId: integer('assistant_id'),
  direction: text('direction').notNull().$type<'outbound' | 'inbound'>(),
  provider: text('provider').notNull(),
  providerRef: text('provider_ref'),
  contactNumber: text('contact_number').notNull(),
  ourNumber: text('our_number').notNull(),
  script: jsonb('script').notNull().$type<CallScript>(),
  answeredBy: text('answered_by').$type<AnsweredBy>(),
  answeredByAt: at('answered_by_at'),
  verdictActedAt: at('verdict_acted_at'),
  spokeAt: at('spoke_at'),
  voicemailLeftAt: at('voicemail_left_at'),
  sessionNonce: text('session_nonce'),
  sessionNonceUntil: at('session_nonce_until'),
  sessionRef: text('session_ref'),
  sessions: smallint('sessions').notNull().default(0),
  answeredAt: at('answered_at'),
  endedAt: at('ended_at'),
  durationSeconds: integer('duration_seconds'),
  sipCode: smallint('sip_code'),
  result: text('result').$type<ConversationResult>(),
  summary: text('summary'),
  answers: jsonb('answers').notNull().default({}).$type<Record<string, string>>(),
  callbackAt: at('callback_at'),
  transferKey: text('transfer_key'),
  finishedAt: at('finished_at'),
  listenPostId: bigint('listen_post_id', { mode: 'number' }),
  callMeta: jsonb('call_meta').notNull().default({}).$type<CallNotes>(),
  createdAt: at('created_at').notNull(),
});

export const callTurns = pgTable(
  'call_turns',
  {
    callId: bigint('call_id', { mode: 'number' }).notNull(),
    seq: integer('seq').notNull(),
    role: text('role').notNull().$type<'assistant' | 'contact' | 'tool' | 'note'>(),
    text: text('text').notNull(),
    heardText: text('heard_text'),
    isInterrupted: boolean('is_interrupted').notNull().default(false),
    tool: text('tool'),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.callId, t.seq] })],
);

export const callActions = pgTable(
  'call_actions',
  {
    callId: bigint('call_id', { mode: 'number' }).notNull(),
    actionKey: text('action_key').notNull(),
    tool: text('tool').notNull(),
    arguments: jsonb('arguments').notNull().$type<Record<string, unknown>>(),
    result: jsonb('result').notNull().$type<Record<string, unknown>>(),
    createdAt: at('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.callId, t.actionKey] })],
);

export const recordings = pgTable('recordings', {
  id: bigId(),
  callId: bigint('call_id', { mode: 'number' }).notNull(),
  provider: text('provider').notNull(),
  providerRef: text('provider_ref').notNull(),
  status: text('status').notNull().$type<'in_progress' | 'completed' | 'absent' | 'deleted'>(),
  durationSeconds: integer('duration_seconds'),
  channels: smallint('channels'),
  deleteAfter: at('delete_after').notNull(),
  createdAt: at('created_at').notNull(),
  deletedAt: at('deleted_at'),
});
