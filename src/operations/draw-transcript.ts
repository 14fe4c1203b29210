import { isDeepStrictEqual } from 'node:util';
import { forgetPost, readPostByKey, readTranscript, rewriteWaitingPost } from '#db/call-transcripts.ts';
import { changePost, type PostRow } from '#db/posts.ts';
import type { CallNote, LiveTranscript } from '#ports/chat-content.ts';
import { inboundNoteKey } from './answer-inbound.ts';
import type { Deps } from './deps.ts';
import { DRAW_EVERY_REAL_MS, drawTranscriptAt } from './touch-transcript.ts';
import { LINES_SHOWN, transcriptContent } from './transcript-content.ts';

/** A message that follows a call, and what it is to say now. */
type Shown = { post: PostRow; content: LiveTranscript | CallNote };

/**
 * Draws the messages that follow a call anew: the conversation where somebody listens in, and that a call made to us has
 * ended. What has not changed is not sent. What was said while it was drawn is drawn next, so the last state is shown in
 * the end, whatever order two drawings arrive in.
 */
export async function drawTranscript(deps: Deps, { callId }: { callId: number }): Promise<void> {
  const outcomes: ('settled' | number)[] = [];
  for (const shown of await readShown(deps, callId)) outcomes.push(await draw(deps, callId, shown));
  const waits = outcomes.filter((outcome) => outcome !== 'settled');
  if (waits.length === 0) return;
  await drawTranscriptAt(deps.db, deps, callId, deps.clock.realDelay(Math.max(...waits)));
}

async function readShown(deps: Deps, callId: number): Promise<Shown[]> {
  const found = await readTranscript(deps.db, callId, LINES_SHOWN);
  if (!found) return [];
  const { call, post } = found;
  const shown: Shown[] = [];
  if (post?.campaignId) shown.push({ post, content: transcriptContent(found, post.campaignId) });
  const isOver = call.direction === 'inbound' && call.endedAt !== null;
  const note = isOver ? await readPostByKey(deps.db, inboundNoteKey(callId)) : null;
  if (note?.content.kind === 'call_note') {
    const { durationSeconds } = call;
    shown.push({ post: note, content: { ...note.content, isLive: false, durationSeconds } });
  }
  return shown;
}

/** Draws one message; how many real milliseconds later to look at it again, if at all. */
async function draw(deps: Deps, callId: number, { post, content }: Shown): Promise<'settled' | number> {
  if (post.state === 'pending' || post.state === 'sending') {
    await rewriteWaitingPost(deps.db, post.id, content);
    return DRAW_EVERY_REAL_MS;
  }
  if (post.ts === null || isDeepStrictEqual(post.content, content)) return 'settled';
  const result = await deps.chat.update({ channelId: post.channelId, ts: post.ts }, content);
  switch (result.kind) {
    case 'done':
      await changePost(deps.db, post.id, { content });
      return isStillSo(deps, callId, { post, content });
    case 'throttled':
      return Math.max(result.retryAfterMs, DRAW_EVERY_REAL_MS);
    case 'unknown':
      return DRAW_EVERY_REAL_MS;
    case 'lost':
    case 'refused':
      deps.log.warn({ callId, problem: result.problem }, 'a message that follows a call could not be drawn');
      await forgetPost(deps.db, post.id);
      return 'settled';
  }
}

async function isStillSo(deps: Deps, callId: number, { post, content }: Shown): Promise<'settled' | number> {
  const now = (await readShown(deps, callId)).find((shown) => shown.post.id === post.id);
  return !now || isDeepStrictEqual(now.content, content) ? 'settled' : DRAW_EVERY_REAL_MS;
}
