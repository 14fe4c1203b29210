import { isDeepStrictEqual } from 'node:util';
import { forgetListenPost, readTranscript, rewriteWaitingPost } from '#db/call-transcripts.ts';
import { changePost, type PostRow } from '#db/posts.ts';
import type { LiveTranscript } from '#ports/chat-content.ts';
import type { Deps } from './deps.ts';
import { DRAW_EVERY_REAL_MS, drawTranscriptAt } from './touch-transcript.ts';
import { LINES_SHOWN, transcriptContent } from './transcript-content.ts';

/**
 * Draws the conversation of a call anew in the message that shows it. What has not changed is not sent. What was said
 * while it was drawn is drawn next, so the last state is shown in the end, whatever order two drawings arrive in.
 */
export async function drawTranscript(deps: Deps, { callId }: { callId: number }): Promise<void> {
  const found = await readShown(deps, callId);
  if (!found) return;
  const { post, content } = found;
  if (post.state === 'pending' || post.state === 'sending') {
    await rewriteWaitingPost(deps.db, post.id, content);
    return again(deps, callId, DRAW_EVERY_REAL_MS);
  }
  if (post.ts === null || isDeepStrictEqual(post.content, content)) return;
  const isDrawn = await edit(deps, callId, { ...post, ts: post.ts }, content);
  if (!isDrawn) return;
  const now = await readShown(deps, callId);
  if (now && !isDeepStrictEqual(now.content, content)) await again(deps, callId, DRAW_EVERY_REAL_MS);
}

/** The message that shows a call, and what it is to say now; null when none does. */
async function readShown(
  deps: Deps,
  callId: number,
): Promise<{ post: PostRow; content: LiveTranscript } | null> {
  const found = await readTranscript(deps.db, callId, LINES_SHOWN);
  const post = found?.post;
  if (!found || !post || post.campaignId === null) return null;
  return { post, content: transcriptContent(found, post.campaignId) };
}

/** Edits the message; false when it was not: it is tried again, or the message is gone and may be asked for anew. */
async function edit(
  deps: Deps,
  callId: number,
  post: PostRow & { ts: string },
  content: LiveTranscript,
): Promise<boolean> {
  const result = await deps.chat.update({ channelId: post.channelId, ts: post.ts }, content);
  switch (result.kind) {
    case 'done':
      await changePost(deps.db, post.id, { content });
      return true;
    case 'throttled':
      await again(deps, callId, Math.max(result.retryAfterMs, DRAW_EVERY_REAL_MS));
      return false;
    case 'unknown':
      await again(deps, callId, DRAW_EVERY_REAL_MS);
      return false;
    case 'lost':
    case 'refused':
      deps.log.warn({ callId, problem: result.problem }, 'a running conversation could not be drawn');
      await forgetListenPost(deps.db, post.id);
      return false;
  }
}

async function again(deps: Deps, callId: number, realMs: number): Promise<void> {
  await drawTranscriptAt(deps.db, deps, callId, deps.clock.realDelay(realMs));
}
