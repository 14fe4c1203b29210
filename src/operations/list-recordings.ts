import { type RecordingRow, recordingsOfCalls } from '#db/recordings.ts';
import type { Deps } from './deps.ts';
import { type CallName, showCallRecord } from './show-call-record.ts';

/** The recordings of a call that are there or still come, oldest first. Throws `call_not_found`. */
export async function listRecordings(
  deps: Pick<Deps, 'db' | 'telephony' | 'clock'>,
  asked: { workspaceId: number; call: CallName },
): Promise<RecordingRow[]> {
  const { call } = await showCallRecord(deps, asked);
  const now = deps.clock.now();
  const all = await recordingsOfCalls(deps.db, [call.id]);
  return all.filter(
    ({ status, deleteAfter }) => status !== 'deleted' && status !== 'absent' && deleteAfter > now,
  );
}
