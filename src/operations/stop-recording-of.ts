import { enqueue } from '#db/queue.ts';
import { readCallRef, refuseRecordings } from '#db/recordings.ts';
import type { Deps } from './deps.ts';

/**
 * The person on a call does not want to be recorded. From the commit on, nothing recorded of this call is kept, whatever
 * the provider still reports of it; then the provider is asked to stop. Resolves with whether it is known to have stopped,
 * so that nothing untrue is said: what it records until it does is deleted all the same (telephony.md §5).
 */
export async function stopRecordingOf(
  deps: Deps,
  { callId }: { callId: number },
): Promise<{ isStopped: boolean }> {
  const known = await deps.db.transaction(async (tx) => {
    const rows = await refuseRecordings(tx, callId, deps.clock.now());
    await enqueue(tx, deps.clock, 'delete_recordings', {}, { key: 'delete_recordings' });
    return rows;
  });
  const ref = await readCallRef(deps.db, callId);
  const running = known.filter(({ status }) => status === 'in_progress');
  if (ref === null || running.length === 0) return { isStopped: false };
  const changes = await Promise.all(
    running.map(({ providerRef }) => deps.telephony.stopRecording({ ref, recordingRef: providerRef })),
  );
  return { isStopped: changes.every(({ kind }) => kind !== 'unknown') };
}
