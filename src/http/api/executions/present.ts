import type { z } from '@hono/zod-openapi';
import type { AttemptOutcome } from '#domain/attempt.ts';
import { RING_SECONDS } from '#domain/call.ts';
import { describeMiss } from '#domain/call-words.ts';
import { executionStatus } from '#domain/execution-status.ts';
import { instant } from '#http/instant.ts';
import type { ExecutionRow } from '#operations/list-executions.ts';
import type { Execution } from './schemas.ts';

const MINUTE_MS = 60_000;

/** An attempt in the reference's words (campaign-api §4.3). */
export function presentExecution(row: ExecutionRow): z.output<typeof Execution> {
  const isCall = row.channel === 'call';
  return {
    id: row.id,
    execution_id: row.id,
    contact_id: row.contactId,
    contact_name: row.variableValues.name ?? null,
    contact_phone: row.phoneNumber,
    status: executionStatus(row.outcome),
    outcome: row.outcome,
    channel: row.channel,
    call_id: isCall ? row.providerRef : null,
    call_record_id: row.callId,
    sms_id: isCall ? null : row.providerRef,
    run_number: row.runNumber,
    attempt_number: row.n,
    executed_at: instant(row.askedAt ?? row.createdAt),
    ended_at: instant(row.endedAt),
    cost: row.priceMicros !== null && row.priceCurrency === 'USD' ? row.priceMicros / 1_000_000 : null,
    segments: row.segments,
    execution_data: {
      from_number: row.sender,
      to_number: row.phoneNumber,
      personalized_welcome_message: row.script?.welcome || null,
      personalized_agenda: row.script?.agenda || null,
      personalized_sms_message: row.body,
      template_variables_used: row.variableValues,
      duration_seconds: row.durationSeconds,
      voice_analytics: null,
      error_details: errorOf(row),
      retry_reason: retryOf(row),
      summary: row.summary,
      result: row.result,
    },
  };
}

/** By these nobody was contacted. */
const NOT_PLACED: Partial<Record<AttemptOutcome, string>> = {
  withdrawn: 'Taken back before the provider was asked.',
  not_placed: 'The provider never took it.',
  throttled: 'The provider was too busy to take it.',
  canceled: 'Cancelled before it reached anybody.',
};

function errorOf({ channel, outcome, failureClass, failureCode }: ExecutionRow): string | null {
  if (outcome === null || executionStatus(outcome) === 'completed') return null;
  if (channel === 'call' && outcome === 'no_answer') return `No answer after ${RING_SECONDS} seconds`;
  return NOT_PLACED[outcome] ?? describeMiss({ outcome, failureClass, failureCode });
}

/** Only the last attempt of a contact leads to another one. */
function retryOf(row: ExecutionRow): string | null {
  const isWaiting = row.contactStatus === 'pending' && row.waitReason === 'retry' && row.n === row.lastN;
  if (!isWaiting || !row.nextAttemptAt || !row.endedAt) return null;
  const minutes = Math.round((row.nextAttemptAt.getTime() - row.endedAt.getTime()) / MINUTE_MS);
  return `Will retry in ${minutes} minutes`;
}
