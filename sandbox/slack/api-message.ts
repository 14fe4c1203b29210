import type { JsonObject } from '#sandbox/page-protocol.ts';
import type { SlackContext } from './context.ts';
import { toFileInEvent } from './files.ts';
import type { Message } from './workspace.ts';

/** A message as the API, events and interaction payloads show it. */
export function toApiMessage(slack: SlackContext, message: Message): JsonObject {
  const { workspace } = slack;
  const author = workspace.users.get(message.userId);
  const files = message.fileIds.flatMap((id) => workspace.files.get(id) ?? []);
  return {
    type: 'message',
    user: message.userId,
    ...(author?.isBot && botFields(slack)),
    ts: message.ts,
    text: message.text,
    team: author?.teamId ?? workspace.team.id,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(files.length > 0 && { files: files.map((file) => toFileInEvent(slack, file)) }),
    ...(message.editedAt !== null && {
      edited: { user: message.userId, ts: `${Math.floor(message.editedAt / 1000)}.000000` },
    }),
    ...(message.metadata && { metadata: message.metadata }),
    ...threadFields(slack, message),
  };
}

/** Replies to a message, oldest first. */
export function repliesTo({ workspace }: SlackContext, message: Message): Message[] {
  return [...workspace.messages.values()].filter(
    (other) => other.threadTs === message.ts && other.channelId === message.channelId && !other.ephemeralFor,
  );
}

function botFields({ workspace }: SlackContext): JsonObject {
  const { id, botId, botUserId } = workspace.app;
  const name = workspace.users.get(botUserId)?.name ?? '';
  return {
    bot_id: botId,
    app_id: id,
    bot_profile: { id: botId, app_id: id, name, deleted: false, team_id: workspace.team.id },
  };
}

function threadFields(slack: SlackContext, message: Message): JsonObject {
  if (message.threadTs) {
    const parent = slack.workspace.messages.get(`${message.channelId}:${message.threadTs}`);
    return { thread_ts: message.threadTs, ...(parent && { parent_user_id: parent.userId }) };
  }
  const replies = message.ephemeralFor ? [] : repliesTo(slack, message);
  const latest = replies.at(-1);
  if (!latest) return {};
  const users = [...new Set(replies.map((reply) => reply.userId))];
  return {
    thread_ts: message.ts,
    reply_count: replies.length,
    reply_users_count: users.length,
    reply_users: users,
    latest_reply: latest.ts,
  };
}
