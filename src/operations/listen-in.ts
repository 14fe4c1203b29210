import { keepListenPost, readTranscript } from '#db/call-transcripts.ts';
import { recordCampaignEvent } from '#db/campaigns.ts';
import { lockHeldCall } from '#db/live-calls.ts';
import { insertPost } from '#db/posts.ts';
import { enqueue } from '#db/queue.ts';
import { actorText } from '#domain/actor.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Deps } from './deps.ts';
import { type CallOfActor, loadHeldCall } from './load-call.ts';
import { touchTranscript } from './touch-transcript.ts';
import { LINES_SHOWN, transcriptContent } from './transcript-content.ts';

/**
 * Shows the running conversation of a call in its campaign's thread: one message, whoever asks for it, which follows
 * what is said. `isNew` is false where it stands there already. Throws `call_not_found`, `call_not_answered`, `call_over`,
 * `no_thread`, and the refusals of `authorize`.
 */
export async function listenIn(deps: Deps, asked: CallOfActor): Promise<{ isNew: boolean }> {
  const { campaign } = await loadHeldCall(deps, asked, 'listen');
  const channelId = campaign?.channelId;
  if (!campaign || !channelId) throw new Refusal('no_thread', {});
  return deps.db.transaction(async (tx) => {
    const held = await lockHeldCall(tx, asked.callId);
    if (!held) throw new Refusal('call_over', {});
    const transcript = await readTranscript(tx, asked.callId, LINES_SHOWN);
    if (held.listenPostId !== null || !transcript) return { isNew: false };
    const postId = await insertPost(tx, {
      workspaceId: asked.workspaceId,
      campaignId: campaign.id,
      postKey: `listen:${asked.callId}`,
      channelId,
      inThread: true,
      content: transcriptContent(transcript, campaign.id),
      createdAt: deps.clock.now(),
    });
    if (postId === null) return { isNew: false };
    await keepListenPost(tx, asked.callId, postId);
    await recordCampaignEvent(tx, {
      workspaceId: asked.workspaceId,
      campaignId: campaign.id,
      actor: actorText(asked.actor),
      kind: 'call_listened',
      details: { callId: asked.callId },
      createdAt: deps.clock.now(),
    });
    await enqueue(tx, deps.clock, 'send_post', { postId }, { key: `post:${postId}` });
    await touchTranscript(tx, deps, asked.callId);
    return { isNew: true };
  });
}
