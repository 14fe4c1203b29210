import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal, invalidArguments, isTrue, optionalText, parsed, requiredText } from './api-call.ts';
import { toApiMessage } from './api-message.ts';
import type { ApiMethods } from './api-method.ts';
import { channelForChange, channelForPost, channelToLookAt } from './channels.ts';
import type { SlackContext } from './context.ts';
import { readContent } from './message-content.ts';
import { addMessage, changeMessage, deleteMessage } from './messages.ts';
import { findMessage, type Message, type StoredFile } from './workspace.ts';

export const chatMethods: ApiMethods = {
  'chat.postMessage': { scopes: ['chat:write'], run: postMessage },
  'chat.postEphemeral': { scopes: ['chat:write'], run: postEphemeral },
  'chat.update': { scopes: ['chat:write'], run: update },
  'chat.delete': { scopes: ['chat:write'], run: remove },
  'chat.getPermalink': { scopes: [], run: getPermalink },
};

function postMessage(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelForPost(slack, requiredText(args, 'channel'));
  const threadTs = readThreadTs(args);
  const message = addMessage(slack, {
    ...readContent(slack, args, 'post'),
    channelId: channel.id,
    userId: slack.workspace.app.botUserId,
    threadTs,
    isBroadcast: threadTs !== null && isTrue(args.reply_broadcast),
  });
  return { channel: channel.id, ts: message.ts, message: toApiMessage(slack, message) };
}

function postEphemeral(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelForPost(slack, requiredText(args, 'channel'));
  const userId = requiredText(args, 'user');
  if (!slack.workspace.users.has(userId)) throw new ApiRefusal('user_not_found');
  if (!channel.memberIds.includes(userId)) throw new ApiRefusal('user_not_in_channel');
  const message = addMessage(slack, {
    ...readContent(slack, args, 'post'),
    channelId: channel.id,
    userId: slack.workspace.app.botUserId,
    threadTs: readThreadTs(args),
    ephemeralFor: userId,
  });
  return { message_ts: message.ts };
}

function update(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelForChange(slack, requiredText(args, 'channel'));
  const message = ownMessage(slack, channel.id, requiredText(args, 'ts'), 'cant_update_message');
  const changed = changeMessage(slack, message, readContent(slack, args, 'update'), readFileIds(slack, args));
  return { channel: channel.id, ts: changed.ts, text: changed.text, message: toApiMessage(slack, changed) };
}

function remove(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelForChange(slack, requiredText(args, 'channel'));
  const message = ownMessage(slack, channel.id, requiredText(args, 'ts'), 'cant_delete_message');
  deleteMessage(slack, message);
  return { channel: channel.id, ts: message.ts };
}

function getPermalink(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelToLookAt(slack, requiredText(args, 'channel'));
  const message = findMessage(slack.workspace, channel.id, requiredText(args, 'message_ts'));
  if (!message || message.ephemeralFor) throw new ApiRefusal('message_not_found');
  const link = `${slack.options.baseUrl}/archives/${channel.id}/p${message.ts.replace('.', '')}`;
  const thread = message.threadTs ? `?thread_ts=${message.threadTs}&cid=${channel.id}` : '';
  return { channel: channel.id, permalink: link + thread };
}

/** Ephemeral messages are out of the API's reach, other people's are refused. */
function ownMessage(slack: SlackContext, channelId: string, ts: string, refusal: string): Message {
  const message = findMessage(slack.workspace, channelId, ts);
  if (!message || message.ephemeralFor) throw new ApiRefusal('message_not_found');
  if (message.userId !== slack.workspace.app.botUserId) throw new ApiRefusal(refusal);
  return message;
}

function readThreadTs(args: JsonObject): string | null {
  const { thread_ts: given } = args;
  if (given === undefined || given === null || given === '') return null;
  if (typeof given !== 'string') throw invalidArguments('must provide a string [json-pointer:/thread_ts]');
  if (!/^\d+\.\d{6}$/.test(given)) throw new ApiRefusal('invalid_thread_ts');
  return optionalText(args, 'thread_ts');
}

function readFileIds(slack: SlackContext, args: JsonObject): StoredFile[] {
  const ids = parsed(args.file_ids);
  if (!Array.isArray(ids)) return [];
  return ids.map((id) => {
    const file = slack.workspace.files.get(String(id));
    if (!file || file.userId !== slack.workspace.app.botUserId) throw new ApiRefusal('file_not_found');
    return file;
  });
}
