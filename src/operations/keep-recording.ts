import type { Transaction } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
import { recordedCall, upsertRecording } from '#db/recordings.ts';
import type { RecordingEvent } from '#ports/telephony.ts';
import type { Deps } from './deps.ts';

const DAY_MS = 86_400_000;
/** For a call whose assistant is not known any more. */
const DEFAULT_DAYS = 30;

/**
 * Keeps what the provider reports of a recording, in the transaction that merges the report. It is deleted after as many
 * days as its assistant says; at once where the person refused to be recorded, or where none was asked for. A recording
 * of no call of ours is not kept.
 */
export async function keepRecording(
  deps: Pick<Deps, 'clock' | 'telephony' | 'log'>,
  tx: Transaction,
  event: RecordingEvent,
): Promise<void> {
  const { provider } = deps.telephony;
  const call = await recordedCall(tx, { provider, token: event.token, ref: event.ref });
  if (!call) {
    deps.log.warn({ recordingRef: event.recordingRef }, 'a recording belongs to no call of ours');
    return;
  }
  const now = deps.clock.now();
  const days = call.isRecording ? (call.recordingDays ?? DEFAULT_DAYS) : 0;
  const isKept = await upsertRecording(tx, {
    callId: call.callId,
    provider,
    providerRef: event.recordingRef,
    status: event.status,
    durationSeconds: event.durationSeconds,
    channels: event.channels,
    deleteAfter: new Date(now.getTime() + days * DAY_MS),
    createdAt: now,
  });
  if (isKept && days === 0)
    await enqueue(tx, deps.clock, 'delete_recordings', {}, { key: 'delete_recordings' });
}
