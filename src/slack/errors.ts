import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import type { ChatProblem, ChatResult } from '#ports/chat.ts';

/** What a failed Slack call means. `bad_blocks`: the drawing was refused, so nothing was posted and a plainer one may be tried. */
export type SlackFailure = Exclude<ChatResult, { kind: 'done' }> | { kind: 'bad_blocks'; code: string };

/** Slack's own word for what went wrong, or a word of ours for what went wrong before Slack; never a body or a token. */
export function failureCode(error: unknown): string {
  if (error instanceof WebAPIPlatformError) {
    return /^[a-z0-9_:.-]{1,80}$/.test(error.data.error) ? error.data.error : 'unreadable_answer';
  }
  if (error instanceof WebAPIHTTPError) return `http_${error.statusCode}`;
  if (error instanceof WebAPIRateLimitedError) return 'ratelimited';
  if (error instanceof WebAPIRequestError) return connectionCode(error.original);
  return error instanceof Error ? error.name : 'unknown';
}

/** One place for every answer that is not `ok` (slack.md §5). Anything that is not Slack's is thrown on: it is our bug. */
export function readFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'throttled', retryAfterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIHTTPError) return { kind: 'unknown', cause: failureCode(error) };
  if (error instanceof WebAPIRequestError) return readConnectionFailure(error);
  if (!(error instanceof WebAPIPlatformError)) throw error;
  const code = failureCode(error);
  const lost = LOST[code];
  if (lost) return { kind: 'lost', problem: lost };
  if (LATER_MS[code]) return { kind: 'throttled', retryAfterMs: LATER_MS[code] };
  if (AMBIGUOUS.has(code)) return { kind: 'unknown', cause: code };
  if (BAD_BLOCKS.has(code)) return { kind: 'bad_blocks', code };
  if (code === 'missing_scope') return { kind: 'refused', problem: missingScope(error.data) };
  return { kind: 'refused', problem: REFUSED[code] ?? `Slack refused this with “${code}”.` };
}

const LOST: Record<string, ChatProblem> = {
  message_not_found: 'message_deleted',
  thread_not_found: 'thread_deleted',
  is_archived: 'archived',
  is_inactive: 'archived',
  not_in_channel: 'not_in_channel',
  channel_not_found: 'channel_gone',
  account_inactive: 'disconnected',
  invalid_auth: 'disconnected',
  not_authed: 'disconnected',
  token_revoked: 'disconnected',
  token_expired: 'disconnected',
  no_permission: 'disconnected',
  team_access_not_granted: 'disconnected',
};

const AN_HOUR_MS = 3_600_000;

/** Slack did nothing and says so: the same call may be made again later. */
const LATER_MS: Record<string, number> = {
  ratelimited: 30_000,
  rate_limited: 30_000,
  message_limit_exceeded: 60_000,
  org_login_required: AN_HOUR_MS,
  team_added_to_org: AN_HOUR_MS,
  ekm_access_denied: AN_HOUR_MS,
};

/** Slack failed half-way: the message may exist. */
const AMBIGUOUS = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'unreadable_answer',
]);

const BAD_BLOCKS = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_blocks_too_long',
  'block_mismatch',
  'metadata_too_large',
]);

const REFUSED: Record<string, string> = {
  restricted_action: 'An admin restricted who may post in this channel.',
  restricted_action_read_only_channel: 'This channel is read-only for apps.',
  restricted_action_thread_only_channel: 'In this channel only replies in threads are allowed.',
  restricted_action_non_threadable_channel: 'This channel does not allow threads.',
  restricted_action_thread_locked: 'This thread is locked.',
  cant_update_message: 'Slack does not let us edit this message any more.',
  edit_window_closed: 'The workspace does not allow editing messages this old.',
  msg_too_long: 'The message is too long for Slack.',
  no_text: 'There was nothing to post.',
  file_uploads_disabled: 'File uploads are switched off in this workspace.',
  file_uploads_except_images_disabled: 'Only images may be uploaded in this workspace.',
  file_type_not_allowed: 'This workspace does not allow CSV files.',
  file_upload_size_restricted: 'The file is larger than this workspace allows.',
  storage_limit_reached: 'This workspace has no room left for files.',
  posting_to_channel_denied: 'An admin restricted who may post in this channel.',
};

/** A connection that was never made cannot have posted anything; every other break may have. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const UNREACHABLE_RETRY_MS = 5000;

function readConnectionFailure(error: WebAPIRequestError): SlackFailure {
  const code = connectionCode(error.original);
  if (NEVER_CONNECTED.has(code)) return { kind: 'throttled', retryAfterMs: UNREACHABLE_RETRY_MS };
  return { kind: 'unknown', cause: code };
}

function connectionCode(error: unknown): string {
  if (!(error instanceof Error)) return 'connection_failed';
  const { cause } = error;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error.name === 'TimeoutError' ? 'timeout' : 'connection_failed';
}

function missingScope(data: object): string {
  const needed = 'needed' in data && typeof data.needed === 'string' ? ` (${data.needed.slice(0, 80)})` : '';
  return `The app lacks a permission${needed}. Ask whoever installed it to install it again.`;
}
