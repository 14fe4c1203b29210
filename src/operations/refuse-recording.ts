import { enqueue } from '#db/queue.ts';
import { refuseRecordings } from '#db/recordings.ts';
import type { CallVerb } from './run-call-act.ts';

/**
 * Somebody does not want to be recorded: the running recording is stopped and all there is of this call is deleted at the
 * provider, by a task of its own, for no provider is asked inside a transaction (telephony.md §5).
 */
export const refuseRecording: CallVerb = async (deps, tx, call) => {
  await refuseRecordings(tx, call.id, deps.clock.now());
  await enqueue(tx, deps.clock, 'delete_recordings', {}, { key: 'delete_recordings' });
  return { ok: true, told: { done: 'Nothing more is recorded.' } };
};
