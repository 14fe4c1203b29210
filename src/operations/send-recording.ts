import type { RecordingOfCall } from '#db/recordings.ts';
import type { Actor } from '#domain/actor.ts';
import { maskPhone } from '#domain/mask-phone.ts';
import { candidateZones } from '#domain/number-zones.ts';
import { Refusal } from '#domain/refusal.ts';
import { describeInstant } from '#domain/window-words.ts';
import type { ChatPlace } from '#ports/chat.ts';
import { LookupFailed } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { loadCall } from './load-call.ts';
import { loadRecording, noteRecordingSent, refuseUnheard } from './load-recording.ts';

/** What Slack takes in one upload by a bot, with room to spare; an hour of a call is a third of it. */
const MAX_BYTES = 50_000_000;

/** How the sending of a recording ended, and the sentence about it. */
export type RecordingSent = { kind: 'done' | 'not_sent' | 'unknown'; sentence: string };

/**
 * Puts the recording of a call, as an audio file, where somebody who may listen wants it. The audio comes from the provider
 * through us: its address there is shown to nobody (telephony.md §5). Throws `recording_missing`,
 * `recording_unreachable`, and the refusals of `authorize`.
 */
export async function sendRecording(
  deps: Deps,
  input: { workspaceId: number; recordingId: number; actor: Actor; place: ChatPlace },
): Promise<RecordingSent> {
  const { workspaceId, actor } = input;
  const found = await loadRecording(deps, input);
  await loadCall(deps, { workspaceId, actor, callId: found.call.id }, 'listen');
  refuseUnheard(deps, found);
  const content = await fetchAudio(deps, found.recording.providerRef);
  const result = await deps.chat.uploadFile(input.place, { ...labelsOf(deps, found), content });
  if (result.kind === 'done') {
    await noteRecordingSent(deps, found, { actor, isPart: false });
    return { kind: 'done', sentence: 'The recording is sent.' };
  }
  deps.log.warn({ recordingId: input.recordingId, result: result.kind }, 'a recording was not uploaded');
  return result.kind === 'unknown'
    ? {
        kind: 'unknown',
        sentence:
          'Slack did not answer, so the recording may not arrive. Look for it in a moment before you ask again.',
      }
    : {
        kind: 'not_sent',
        sentence: 'Slack did not take the recording, so it was not sent. It is kept. Try again in a minute.',
      };
}

async function fetchAudio(deps: Deps, recordingRef: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    const { stream } = await deps.telephony.fetchRecording(recordingRef);
    for await (const piece of stream) {
      bytes += piece.length;
      if (bytes > MAX_BYTES)
        throw new Refusal('recording_missing', {
          why: 'the recording is longer than Slack takes as one file.',
        });
      pieces.push(piece);
    }
  } catch (cause) {
    if (cause instanceof LookupFailed) throw new Refusal('recording_unreachable', {});
    throw cause;
  }
  return Buffer.concat(pieces);
}

function labelsOf(deps: Deps, { call, recording }: RecordingOfCall) {
  const zone = candidateZones(call.contactNumber).zones[0] ?? 'UTC';
  const when = (at: Date) => describeInstant(at, deps.clock.now(), zone);
  const person = call.script.contactName ?? maskPhone(call.contactNumber);
  return {
    name: `call-${call.id}.mp3`,
    title: `Call with ${person}`,
    comment: `The call with ${person}, ${when(call.createdAt)}. Our copy is deleted ${when(recording.deleteAfter)}.`,
  };
}
