import { type CallTurnRow, turnsOfCalls } from '#db/call-transcripts.ts';
import { callsWithNumber, type KnownCall } from '#db/live-calls.ts';
import { type RecordingRow, recordingsOfCalls } from '#db/recordings.ts';
import type { AttemptOutcome, AttemptState } from '#domain/attempt.ts';
import type { AnsweredBy, ConversationResult } from '#domain/call.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { candidateZones } from '#domain/number-zones.ts';
import { describeInstant } from '#domain/window-words.ts';
import type { Deps } from './deps.ts';
import { type CallOfActor, loadCall } from './load-call.ts';
import { typedNumber } from './suppress-number.ts';
import { lineOf, type SpokenLine } from './transcript-content.ts';

const NEWEST = 50;

/** Everything kept of one call. `when` and `callback` are in words where the person is. */
export type CallStory = {
  callId: number;
  campaignId: number | null;
  campaignName: string | null;
  direction: 'outbound' | 'inbound';
  assistantName: string;
  contactName: string | null;
  maskedPhone: string;
  createdAt: Date;
  when: string;
  answeredAt: Date | null;
  endedAt: Date | null;
  isLive: boolean;
  /** Null for calls that people made to us. */
  attempt: { state: AttemptState; outcome: AttemptOutcome | null } | null;
  answeredBy: AnsweredBy | null;
  result: ConversationResult | null;
  durationSeconds: number | null;
  summary: string | null;
  answers: Record<string, string>;
  callbackAt: Date | null;
  callback: string | null;
  turns: (SpokenLine & { at: Date })[];
  /** Those that can still be listened to, once they are completed. */
  recordings: {
    recordingId: number;
    status: RecordingRow['status'];
    durationSeconds: number | null;
    deleteAfter: Date;
  }[];
};

/** The newest fifty calls with a number in this workspace, in either direction, the newest first. Throws `phone_invalid`. */
export async function showCallsOfContact(
  deps: Deps,
  { workspaceId, phone }: { workspaceId: number; phone: string },
): Promise<CallStory[]> {
  const phoneNumber = await typedNumber(deps, workspaceId, phone);
  return storiesOf(deps, await callsWithNumber(deps.db, workspaceId, phoneNumber, NEWEST));
}

/** Everything kept of one call, for somebody who may listen. Throws `call_not_found` and the refusals of `authorize`. */
export async function showCall(deps: Deps, asked: CallOfActor): Promise<CallStory> {
  const [story] = await storiesOf(deps, [await loadCall(deps, asked, 'listen')]);
  if (!story) throw new Error('a call that was loaded has no story');
  return story;
}

async function storiesOf(deps: Deps, known: KnownCall[]): Promise<CallStory[]> {
  const ids = known.map(({ call }) => call.id);
  const turns = Map.groupBy(await turnsOfCalls(deps.db, ids), (turn) => turn.callId);
  const recordings = Map.groupBy(await recordingsOfCalls(deps.db, ids), (recording) => recording.callId);
  return known.map((one) =>
    storyOf(deps, one, turns.get(one.call.id) ?? [], recordings.get(one.call.id) ?? []),
  );
}

function storyOf(deps: Deps, known: KnownCall, turns: CallTurnRow[], recordings: RecordingRow[]): CallStory {
  const { call, campaign, attempt, assistant } = known;
  const now = deps.clock.now();
  const zone = candidateZones(call.contactNumber).zones[0] ?? 'UTC';
  return {
    callId: call.id,
    campaignId: call.campaignId,
    campaignName: campaign?.name ?? null,
    direction: call.direction,
    assistantName: assistant?.name ?? call.script.assistantName,
    contactName: call.script.contactName,
    maskedPhone: maskPhone(call.contactNumber),
    createdAt: call.createdAt,
    when: describeInstant(call.createdAt, now, zone),
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    isLive: call.answeredAt !== null && call.endedAt === null,
    attempt,
    answeredBy: call.answeredBy,
    result: call.result,
    durationSeconds: call.durationSeconds,
    summary: call.summary,
    answers: call.answers,
    callbackAt: call.callbackAt,
    callback: call.callbackAt ? describeInstant(call.callbackAt, now, zone) : null,
    turns: turns.flatMap((turn) => {
      const line = lineOf(turn);
      return line ? [{ ...line, at: turn.createdAt }] : [];
    }),
    recordings: recordings
      .filter(({ status, deleteAfter }) => status !== 'deleted' && status !== 'absent' && deleteAfter > now)
      .map(({ id, status, durationSeconds, deleteAfter }) => ({
        recordingId: id,
        status,
        durationSeconds,
        deleteAfter,
      })),
  };
}
