import type { Actor } from '#domain/actor.ts';
import { type BytePart, type ByteRange, partOf } from '#domain/byte-range.ts';
import { Refusal } from '#domain/refusal.ts';
import { LookupFailed, type RecordingAudio } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { loadCall } from './load-call.ts';
import { loadRecording, noteRecordingSent, refuseUnheard } from './load-recording.ts';

/**
 * The audio of a recording as MP3, piece by piece as it is read. `part` is what the stream brings where a range was asked
 * for and can be had; `beyond`: nothing lies in it, and the stream is empty. Null while the call is still being recorded.
 */
export type OpenRecording = RecordingAudio | null;

/**
 * Opens the recording of a call for whoever may listen: the audio comes from the provider through us, and its address
 * there is shown to nobody (telephony.md §5). Of a part that the provider does not hand out by itself, the rest is left
 * out here. Throws `call_not_found`, `recording_missing`, `recording_unreachable`, and the refusals of `authorize`.
 */
export async function openRecording(
  deps: Deps,
  asked: {
    workspaceId: number;
    callId: number;
    recordingId: number;
    actor: Actor;
    range?: ByteRange | null;
  },
): Promise<OpenRecording> {
  const found = await loadRecording(deps, asked);
  const { call, recording } = found;
  if (call.id !== asked.callId)
    throw new Refusal('recording_missing', { why: 'there is no such recording of this call.' });
  await loadCall(deps, asked, 'listen');
  if (recording.status === 'in_progress' && recording.deleteAfter > deps.clock.now()) return null;
  refuseUnheard(deps, found);
  const { range = null, actor } = asked;
  const audio = await fetchAudio(deps, recording.providerRef, range);
  try {
    await noteRecordingSent(deps, found, { actor, isPart: range !== null });
    return range && !audio.part ? await cut(audio, range) : audio;
  } catch (cause) {
    await giveBack(audio);
    throw cause;
  }
}

async function fetchAudio(deps: Deps, ref: string, range: ByteRange | null): Promise<RecordingAudio> {
  try {
    return await deps.telephony.fetchRecording(ref, range);
  } catch (cause) {
    if (cause instanceof LookupFailed) throw new Refusal('recording_unreachable', {});
    throw cause;
  }
}

/** A part of what came as a whole; the whole where nobody knows how long that is. */
async function cut(audio: RecordingAudio, range: ByteRange): Promise<RecordingAudio> {
  if (audio.size === null) return audio;
  const part = partOf(range, audio.size);
  if (part) return { ...audio, part, stream: bytesOf(audio.stream, part) };
  await giveBack(audio);
  return { ...audio, part: 'beyond' };
}

/** Not a generator: the end of one that nobody has begun to read would not end what it reads. */
function bytesOf(stream: AsyncIterable<Uint8Array>, part: BytePart): AsyncIterable<Uint8Array> {
  const pieces = stream[Symbol.asyncIterator]();
  let at = 0;
  const end = async () => {
    await pieces.return?.();
    return { done: true, value: undefined } as const;
  };
  const next = async () => {
    while (at <= part.last) {
      const read = await pieces.next();
      if (read.done) return read;
      const value = read.value.subarray(Math.max(0, part.first - at), part.last + 1 - at);
      at += read.value.length;
      if (value.length > 0) return { done: false, value } as const;
    }
    return end();
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}

/** Ends what nobody will read, so that the provider need not send it. */
export async function giveBack({ stream }: RecordingAudio): Promise<void> {
  await stream[Symbol.asyncIterator]().return?.();
}
