import type { ModalView } from '@slack/types';
import { Refusal } from '#domain/refusal.ts';
import { type CallStory, showCall } from '#operations/show-calls-of-contact.ts';
import { callStoryBlocks } from '#slack/blocks/call-story.ts';
import { context } from '#slack/blocks/kit.ts';
import type { Entry } from '#slack/context.ts';
import { quote } from '#slack/mrkdwn.ts';
import { modal } from './frame.ts';
import { openThen } from './open.ts';

/** Opens a call for somebody who may listen: what came of it, what was said, its recording. */
export async function openCall(entry: Entry, callId: number): Promise<void> {
  await openThen(entry, 'Looking the call up…', () => loadCallView(entry, { callId, page: 0 }));
}

/** The same modal again, on another page or with a sentence about what was just done. */
export async function loadCallView(
  { deps, workspaceId, actor }: Entry,
  { callId, page, notice = null }: { callId: number; page: number; notice?: string | null },
): Promise<ModalView> {
  if (callId === 0) throw new Refusal('call_not_found', {});
  return callView(await showCall(deps, { workspaceId, callId, actor }), page, notice);
}

export function callView(story: CallStory, page: number, notice: string | null): ModalView {
  return modal({
    name: 'call',
    title: story.isLive ? 'Call on the line' : 'Call',
    metadata: { callId: story.callId, page },
    blocks: [...(notice ? [context(quote(notice, 600))] : []), ...callStoryBlocks(story, page)],
  });
}
