import { instant } from '#http/instant.ts';
import type { Talk } from '#operations/show-talks.ts';

/** The messages about a call, in the shape of campaign-api §6, “Live transcript”. */

type CallStatus = 'in-progress' | 'completed' | 'failed';

export function connectionEstablished(talk: Talk, now: Date) {
  return { ...envelope('connection_established', talk, now), message: 'Connected to the live transcript.' };
}

export function callStatus(talk: Talk, now: Date) {
  const { assistantId, createdAt, durationSeconds, campaignId } = talk.call;
  return {
    ...envelope('call_status', talk, now),
    status: statusOf(talk),
    metadata: {
      assistant_id: assistantId,
      campaign_id: campaignId,
      started_at: instant(createdAt),
      duration: durationSeconds,
    },
  };
}

/**
 * What was said so far. The newest words of the assistant are not final while somebody may still cut in: they are sent
 * again, under the same `id`, once it is known what of them was heard.
 */
export function transcriptOf(talk: Talk) {
  const { call, turns } = talk;
  const beganAt = call.answeredAt ?? call.createdAt;
  return turns.map((turn, place) => ({
    seq: turn.seq,
    message: {
      ...envelope('transcript', talk, turn.createdAt),
      data: {
        id: turn.seq + 1,
        content: turn.heardText ?? turn.text,
        speaker: turn.role === 'assistant' ? 'assistant' : 'user',
        is_final: turn.role === 'contact' || call.endedAt !== null || place < turns.length - 1,
        is_interrupted: turn.isInterrupted,
        confidence: null,
        segment_start: secondsBetween(beganAt, turn.createdAt),
        segment_end: null,
        created_at: instant(turn.createdAt),
      },
    },
  }));
}

function envelope(type: string, { call }: Talk, at: Date) {
  return { type, call_id: call.id, call_sid: call.providerRef, timestamp: instant(at) };
}

/** As the list of calls has it, where a running call is `ongoing` (campaign-api §6). */
function statusOf({ call: { endedAt, answeredAt } }: Talk): CallStatus {
  if (!endedAt) return 'in-progress';
  return answeredAt ? 'completed' : 'failed';
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(0, (to.getTime() - from.getTime()) / 1_000);
}
