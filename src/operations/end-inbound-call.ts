import { type CallRow, endCall } from '#db/call-desk.ts';
import type { Transaction } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';
import { touchTranscript } from './touch-transcript.ts';

/**
 * Ends a call that somebody made to us, in the caller's transaction: no report of the provider tells us of its end, and no
 * attempt waits for it. Nothing happens to one that ended before, nor to a call of ours.
 */
export async function endInboundCall(
  deps: Pick<Deps, 'clock'>,
  tx: Transaction,
  call: Pick<CallRow, 'id' | 'direction' | 'answeredAt'>,
): Promise<void> {
  if (call.direction !== 'inbound') return;
  const endedAt = deps.clock.now();
  const durationSeconds = call.answeredAt
    ? Math.round((endedAt.getTime() - call.answeredAt.getTime()) / 1000)
    : null;
  if (!(await endCall(tx, call.id, { endedAt, durationSeconds }))) return;
  await enqueue(tx, deps.clock, 'finish_call', { callId: call.id }, { key: `finish:${call.id}` });
  await touchTranscript(tx, deps, call.id);
}
