/** The events that things happening in the workspace cause, as the Events API words them. */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import { toApiMessage } from './api-message.ts';
import type { SlackContext } from './context.ts';
import type { EventScope } from './event-queue.ts';
import { type Channel, isBotMember, type Message, nextTs, type StoredFile } from './workspace.ts';

/** A message appeared: in the bot's direct messages everything counts, in channels only a mention. */
export function announceMessage(slack: SlackContext, message: Message): void {
  const channel = slack.workspace.channels.get(message.channelId);
  if (!channel || message.ephemeralFor || !isBotMember(slack.workspace, channel)) return;
  const event = messageEvent(slack, message, channel);
  if (channel.kind === 'im') slack.events.send(event, scopeOf(slack, channel, message.userId));
  else if (isMention(slack, message)) {
    slack.events.send({ ...event, type: 'app_mention' }, scopeOf(slack, channel, message.userId));
  }
}

/** `message_changed` and `message_deleted`, sent for direct messages only: the bot hears no channel's messages. */
export function announceChange(
  slack: SlackContext,
  subtype: 'message_changed' | 'message_deleted',
  message: Message,
): void {
  const channel = slack.workspace.channels.get(message.channelId);
  if (channel?.kind !== 'im' || message.ephemeralFor) return;
  const shown = toApiMessage(slack, message);
  slack.events.send({
    type: 'message',
    subtype,
    channel: channel.id,
    channel_type: 'im',
    hidden: true,
    ts: nextTs(slack.workspace, slack.options.productClock.now()),
    event_ts: nextTs(slack.workspace, slack.options.productClock.now()),
    ...(subtype === 'message_changed' ? { message: shown } : { deleted_ts: message.ts }),
    previous_message: shown,
  });
}

export function announceFile(slack: SlackContext, file: StoredFile, channel: Channel): void {
  if (!isBotMember(slack.workspace, channel)) return;
  slack.events.send(
    {
      type: 'file_shared',
      file_id: file.id,
      user_id: file.userId,
      file: { id: file.id },
      channel_id: channel.id,
      event_ts: nextTs(slack.workspace, slack.options.productClock.now()),
    },
    scopeOf(slack, channel, file.userId),
  );
}

/** An event about a conversation as a whole; `groupType` is its name in private channels. */
export function announceChannel(
  slack: SlackContext,
  channel: Channel,
  type: string,
  groupType: string,
  fields: JsonObject,
): void {
  const isPrivate = channel.kind === 'private';
  slack.events.send(
    {
      type: isPrivate ? groupType : type,
      channel: channel.id,
      ...fields,
      event_ts: nextTs(slack.workspace, slack.options.productClock.now()),
    },
    { isExtShared: channel.isExtShared },
  );
}

/** An event about the app or the workspace. */
export function announce(slack: SlackContext, type: string, fields: JsonObject = {}): void {
  slack.events.send({ type, ...fields, event_ts: nextTs(slack.workspace, slack.options.productClock.now()) });
}

function messageEvent(slack: SlackContext, message: Message, channel: Channel): JsonObject {
  return {
    ...toApiMessage(slack, message),
    ...(message.fileIds.length > 0 && channel.kind === 'im' && { subtype: 'file_share', upload: false }),
    client_msg_id: `${message.ts.replace('.', '-')}-client`,
    channel: channel.id,
    event_ts: message.ts,
    ...(channel.kind === 'im' && { channel_type: 'im' }),
  };
}

function isMention({ workspace }: SlackContext, message: Message): boolean {
  return message.userId !== workspace.app.botUserId && message.text.includes(`<@${workspace.app.botUserId}`);
}

/** In shared channels the envelope may carry the other company's team id (slack.md §1.5). */
function scopeOf({ workspace }: SlackContext, channel: Channel, userId: string): EventScope {
  return {
    isExtShared: channel.isExtShared,
    teamId: workspace.users.get(userId)?.teamId ?? workspace.team.id,
  };
}
