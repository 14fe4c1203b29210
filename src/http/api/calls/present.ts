import type { z } from '@hono/zod-openapi';
import { instant } from '#http/instant.ts';
import type { listRecordings } from '#operations/list-recordings.ts';
import type { showCallRecord } from '#operations/show-call-record.ts';
import type { Utterance } from '#operations/show-transcript.ts';
import type { Call, CallCosts, RecordingRow, Stage, TranscriptRow } from './schemas.ts';

export type Record = Awaited<ReturnType<typeof showCallRecord>>;
type Recording = Awaited<ReturnType<typeof listRecordings>>[number];

/** A call in the reference's words (campaign-api §6). */
export function presentCall({ call, attempt, campaignName, assistantName }: Record): z.output<typeof Call> {
  const isOurs = call.direction === 'outbound';
  return {
    id: call.id,
    call_sid: call.providerRef ?? '',
    assistant_id: call.assistantId,
    assistant_name: assistantName ?? call.script.assistantName,
    flow_name: null,
    direction: call.direction,
    from_phone_number: isOurs ? call.ourNumber : call.contactNumber,
    to_phone_number: isOurs ? call.contactNumber : call.ourNumber,
    customer_phone_number: call.contactNumber,
    customer_name: call.script.contactName,
    status: stageOf(call),
    duration: call.durationSeconds,
    started_at: instant(call.createdAt),
    answered_at: instant(call.answeredAt),
    ended_at: instant(call.endedAt),
    call_meta: {
      campaign_id: call.campaignId,
      campaign_name: campaignName,
      contact_id: call.contactId,
      run_number: attempt?.runNumber ?? null,
      ...call.callMeta,
    },
    ...costOf(attempt),
    outcome: attempt?.outcome ?? null,
    answered_by: call.answeredBy,
    result: call.result,
    summary: call.summary,
    answers: call.answers,
    callback_at: instant(call.callbackAt),
  };
}

/** How far a call is, or how it ended. */
export function stageOf({ endedAt, answeredAt }: Record['call']): z.output<typeof Stage> {
  if (endedAt === null) return 'ongoing';
  return answeredAt === null ? 'failed' : 'completed';
}

/** What a call came to, by itself. */
export function presentCosts({ call, attempt }: Record): z.output<typeof CallCosts> {
  return {
    call_id: call.id,
    call_sid: call.providerRef ?? '',
    status: stageOf(call),
    duration: call.durationSeconds,
    ...costOf(attempt),
  };
}

/** Only the line has a price of its own: what is said and heard is not charged call by call. */
function costOf(attempt: Record['attempt']) {
  const known = attempt?.priceMicros ?? null;
  const price = known === null ? null : known / 1_000_000;
  return {
    total_cost: price,
    llm_cost: null,
    tts_cost: null,
    stt_cost: null,
    telephony_cost: price,
    cost_currency: attempt?.priceCurrency ?? null,
  };
}

export function presentUtterance(
  callId: number,
  { place, speaker, text, at, startSeconds }: Utterance,
): z.output<typeof TranscriptRow> {
  return {
    id: place,
    call_id: callId,
    content: text,
    speaker: speaker === 'assistant' ? 'assistant' : 'user',
    is_final: true,
    segment_start: startSeconds,
    segment_end: null,
    confidence: null,
    stt_timestamps: null,
    created_at: instant(at),
  };
}

export function presentRecording(row: Recording): z.output<typeof RecordingRow> {
  return {
    id: row.id,
    call_id: row.callId,
    recording_sid: row.providerRef,
    file_path: null,
    recording_url: `/api/v1/calls/${row.callId}/recording/${row.id}/play`,
    duration: row.durationSeconds,
    format: 'mp3',
    recording_type: 'full',
    recording_source: row.provider,
    status: row.status === 'in_progress' ? 'in_progress' : 'completed',
    created_at: instant(row.createdAt),
    delete_after: instant(row.deleteAfter),
  };
}
