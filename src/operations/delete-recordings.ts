import { markRecordingDeleted, type RecordingRow, recordingsToDelete } from '#db/recordings.ts';
import type { Deps } from './deps.ts';

/** The provider is asked about so many at once. */
const AT_ONCE = 5;

type Due = RecordingRow & { callRef: string | null };

/**
 * Deletes recordings that nobody may keep any longer: at the provider first, and only what is gone there is marked here.
 * Returns how many could not be deleted; they are due again the next time (telephony.md §5).
 */
export async function deleteRecordings(deps: Deps): Promise<{ deleted: number; failed: number }> {
  const now = deps.clock.now();
  const done = { deleted: 0, failed: 0 };
  for (let afterId = 0; ; ) {
    const due = await recordingsToDelete(deps.db, { now, afterId, limit: AT_ONCE });
    const outcomes = await Promise.all(due.map((recording) => deleteOne(deps, recording)));
    done.deleted += outcomes.filter(Boolean).length;
    done.failed += outcomes.filter((isGone) => !isGone).length;
    const last = due.at(-1);
    if (!last) return done;
    afterId = last.id;
  }
}

/** The same as a task of its own, run again soon while the provider does not do it: somebody refused to be recorded. */
export async function deleteRecordingsNow(deps: Deps): Promise<void> {
  const { failed } = await deleteRecordings(deps);
  if (failed > 0) throw new Error(`${failed} recordings could not be deleted yet`);
}

async function deleteOne(deps: Deps, recording: Due): Promise<boolean> {
  if (!(await isGone(deps, recording))) return false;
  await markRecordingDeleted(deps.db, recording.id, deps.clock.now());
  return true;
}

async function isGone(deps: Deps, { id, status, providerRef, callRef }: Due): Promise<boolean> {
  if (status === 'absent') return true;
  if (status === 'in_progress' && callRef)
    await deps.telephony.stopRecording({ ref: callRef, recordingRef: providerRef });
  const change = await deps.telephony.deleteRecording(providerRef);
  if (change.kind === 'done') return true;
  deps.log.warn({ recordingId: id, change }, 'a recording could not be deleted');
  return false;
}
