import type { Actor } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import { LookupFailed } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';
import { loadCall } from './load-call.ts';
import { loadRecording, noteRecordingSent, refuseUnheard } from './load-recording.ts';

/** The audio of a recording as MP3, piece by piece as it is read; null while the call is still being recorded. */
export type OpenRecording = { size: number | null; stream: AsyncIterable<Uint8Array> } | null;

/**
 * Opens the recording of a call for whoever may listen: the audio comes from the provider through us, and its address
 * there is shown to nobody (telephony.md §5). Throws `call_not_found`, `recording_missing`, `recording_unreachable`, and
 * the refusals of `authorize`.
 */
export async function openRecording(
  deps: Deps,
  asked: { workspaceId: number; callId: number; recordingId: number; actor: Actor },
): Promise<OpenRecording> {
  const found = await loadRecording(deps, asked);
  const { call, recording } = found;
  if (call.id !== asked.callId)
    throw new Refusal('recording_missing', { why: 'there is no such recording of this call.' });
  await loadCall(deps, asked, 'listen');
  if (recording.status === 'in_progress' && recording.deleteAfter > deps.clock.now()) return null;
  refuseUnheard(deps, found);
  try {
    const audio = await deps.telephony.fetchRecording(recording.providerRef);
    await noteRecordingSent(deps, found, asked.actor);
    return audio;
  } catch (cause) {
    if (cause instanceof LookupFailed) throw new Refusal('recording_unreachable', {});
    throw cause;
  }
}
