import { isFollowed } from '#db/call-transcripts.ts';
import type { Executor } from '#db/client.ts';
import { enqueue } from '#db/queue.ts';
import type { Deps } from './deps.ts';

/** Between two drawings of one conversation; Slack allows about one edit a second in a channel (slack.md §2.1). */
export const DRAW_EVERY_REAL_MS = 3_000;

/**
 * Has the messages that follow a call drawn anew, in the transaction of what changed it: its conversation where somebody
 * listens in, and the end of a call that was made to us. A burst of turns becomes one drawing.
 */
export async function touchTranscript(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  callId: number,
): Promise<void> {
  if (await isFollowed(executor, callId))
    await drawTranscriptAt(executor, deps, callId, deps.clock.realDelay(DRAW_EVERY_REAL_MS));
}

/** Draws the conversation of a call at an instant, or earlier when it is to be drawn earlier anyway. */
export async function drawTranscriptAt(
  executor: Executor,
  deps: Pick<Deps, 'clock'>,
  callId: number,
  at: Date,
): Promise<void> {
  await enqueue(
    executor,
    deps.clock,
    'draw_transcript',
    { callId },
    { key: `transcript:${callId}`, at, keep: 'earliest' },
  );
}
