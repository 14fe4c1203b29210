/** Messages come, change and go; everything that follows from it (shares, events) follows here. */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import type { SlackContext } from './context.ts';
import { announceChange, announceFile, announceMessage } from './events.ts';
import type { Content } from './message-content.ts';
import { putMessage, removeMessage } from './store.ts';
import { findMessage, type Message, messageId, nextTs, type StoredFile } from './workspace.ts';

export type Draft = {
  channelId: string;
  userId: string;
  text: string;
  blocks?: JsonObject[];
  metadata?: JsonObject | null;
  threadTs?: string | null;
  ephemeralFor?: string | null;
  files?: StoredFile[];
  isBroadcast?: boolean;
};

/** A reply whose parent is gone appears in the channel, un-threaded (slack.md §5). */
export function addMessage(slack: SlackContext, draft: Draft): Message {
  const { workspace, options } = slack;
  const ts = nextTs(workspace, options.productClock.now());
  const message: Message = {
    id: messageId(draft.channelId, ts),
    channelId: draft.channelId,
    ts,
    threadTs: liveThread(slack, draft),
    userId: draft.userId,
    text: draft.text,
    blocks: draft.blocks ?? [],
    fileIds: [],
    ephemeralFor: draft.ephemeralFor ?? null,
    isEdited: false,
    revision: 0,
    metadata: draft.metadata ?? null,
    editedAt: null,
    ...(draft.isBroadcast && { isBroadcast: true }),
  };
  attachFiles(slack, message, draft.files ?? []);
  putMessage(slack, message);
  announceMessage(slack, message);
  announceFiles(slack, message, draft.files ?? []);
  if (message.userId === workspace.app.botUserId && !message.ephemeralFor) deleteIfAsked(slack, message);
  return message;
}

/** New text without blocks takes the blocks away and marks the message; new blocks leave no mark (slack.md §5). */
export function changeMessage(
  slack: SlackContext,
  message: Message,
  content: Content,
  files: StoredFile[] = [],
): Message {
  const changed: Message = {
    ...message,
    text: content.text,
    blocks: content.blocks,
    metadata: content.metadata ?? message.metadata,
    revision: message.revision + 1,
    ...(content.blocks.length === 0 && { isEdited: true, editedAt: slack.options.productClock.now() }),
  };
  attachFiles(slack, changed, files);
  putMessage(slack, changed);
  announceChange(slack, 'message_changed', changed);
  announceFiles(slack, changed, files);
  return changed;
}

/** Replies to a deleted message stay; its files lose this share. */
export function deleteMessage(slack: SlackContext, message: Message): void {
  for (const id of message.fileIds) {
    const file = slack.workspace.files.get(id);
    if (file)
      file.shares = file.shares.filter(
        ({ ts, channelId }) => ts !== message.ts || channelId !== message.channelId,
      );
  }
  removeMessage(slack, message);
  announceChange(slack, 'message_deleted', message);
}

function liveThread(slack: SlackContext, { channelId, threadTs, ephemeralFor }: Draft): string | null {
  if (!threadTs) return null;
  if (ephemeralFor) return threadTs;
  return findMessage(slack.workspace, channelId, threadTs) ? threadTs : null;
}

function attachFiles({ options }: SlackContext, message: Message, files: StoredFile[]): void {
  message.fileIds = [...message.fileIds, ...files.map((file) => file.id)];
  for (const file of files) {
    file.shares.push({
      channelId: message.channelId,
      ts: message.ts,
      threadTs: message.threadTs,
      visibleAt: options.clock.now() + options.fileShareLagMs,
    });
  }
}

function announceFiles(slack: SlackContext, message: Message, files: StoredFile[]): void {
  const channel = slack.workspace.channels.get(message.channelId);
  if (!channel) return;
  for (const file of files) announceFile(slack, file, channel);
}

/** The fault waits for the answer to be made: the bot learns of a message that is already gone. */
function deleteIfAsked(slack: SlackContext, message: Message): void {
  if (!slack.faults.strikes('slack-delete-posted')) return;
  queueMicrotask(() => deleteMessage(slack, message));
}
