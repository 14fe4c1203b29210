import { hasRecentEvent } from '#db/audit.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { type RecordingOfCall, readRecording } from '#db/recordings.ts';
import { type Actor, actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';

/** A recording of one's own workspace with its call. Throws `recording_missing`, also for one of another workspace. */
export async function loadRecording(
  deps: Pick<Deps, 'db'>,
  { workspaceId, recordingId }: { workspaceId: number; recordingId: number },
): Promise<RecordingOfCall> {
  const found = await readRecording(deps.db, recordingId);
  if (!found || found.call.workspaceId !== workspaceId)
    throw new Refusal('recording_missing', { why: 'there is no such recording in this workspace.' });
  return found;
}

/** Throws `recording_missing` with the reason for which a recording cannot be heard, or not yet. */
export function refuseUnheard(deps: Pick<Deps, 'clock'>, { recording }: RecordingOfCall): void {
  const isRefused = recording.deleteAfter.getTime() <= deps.clock.now().getTime();
  if (recording.status === 'deleted' || isRefused)
    throw new Refusal('recording_missing', { why: 'the recording has been deleted.' });
  if (recording.status === 'absent')
    throw new Refusal('recording_missing', { why: 'the provider recorded nothing of this call.' });
  if (recording.status === 'in_progress')
    throw new Refusal('recording_missing', { why: 'the call is still being recorded.' });
}

const HOUR_MS = 3_600_000;

/**
 * Keeps who was handed what somebody said on the phone. A player asks for part after part of one recording: of those
 * (`isPart`), one an hour is kept.
 */
export async function noteRecordingSent(
  deps: Pick<Deps, 'db' | 'clock'>,
  { call, recording }: RecordingOfCall,
  { actor, isPart }: { actor: Actor; isPart: boolean },
): Promise<void> {
  const now = deps.clock.now();
  const event = {
    workspaceId: call.workspaceId,
    campaignId: call.campaignId,
    actor: actorText(actor),
    kind: 'recording_sent',
    details: { callId: call.id, recordingId: recording.id },
    createdAt: now,
  };
  if (isPart && (await hasRecentEvent(deps.db, event, new Date(now.getTime() - HOUR_MS)))) return;
  await recordCampaignEvent(deps.db, event);
}
