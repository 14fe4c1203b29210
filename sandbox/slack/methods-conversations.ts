import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal, isTrue, optionalText, parsed, requiredText } from './api-call.ts';
import { repliesTo, toApiMessage } from './api-message.ts';
import { type ApiMethods, page, requireScope } from './api-method.ts';
import { channelToLookAt, toChannelObject } from './channels.ts';
import type { SlackContext } from './context.ts';
import { announceChannel } from './events.ts';
import { directMessage } from './seed.ts';
import { putChannel } from './store.ts';
import { type Channel, findMessage, isBotMember, type Message } from './workspace.ts';

/** The scope that reading about a conversation needs, by its kind. */
const READ_SCOPES: Record<Channel['kind'], string> = {
  public: 'channels:read',
  private: 'groups:read',
  im: 'im:read',
};
const TYPES: Record<string, Channel['kind']> = {
  public_channel: 'public',
  private_channel: 'private',
  im: 'im',
};

export const conversationMethods: ApiMethods = {
  'conversations.info': { scopes: [], run: info },
  'conversations.list': { scopes: [], run: list },
  'users.conversations': { scopes: [], run: listOfMine },
  'conversations.members': { scopes: [], run: members },
  'conversations.open': { scopes: ['im:write'], run: open },
  'conversations.join': { scopes: ['channels:join'], run: join },
  'conversations.history': { scopes: ['channels:history'], run: history },
  'conversations.replies': { scopes: ['channels:history'], run: replies },
};

function info(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelToLookAt(slack, requiredText(args, 'channel'));
  requireScope(slack, READ_SCOPES[channel.kind]);
  const found = toChannelObject(slack, channel);
  if (isTrue(args.include_num_members)) found.num_members = channel.memberIds.length;
  return { channel: found };
}

function list(slack: SlackContext, args: JsonObject): JsonObject {
  return listWhere(
    slack,
    args,
    (channel) => channel.kind !== 'private' || isBotMember(slack.workspace, channel),
  );
}

function listOfMine(slack: SlackContext, args: JsonObject): JsonObject {
  return listWhere(slack, args, (channel) => isBotMember(slack.workspace, channel));
}

function listWhere(
  slack: SlackContext,
  args: JsonObject,
  isVisible: (channel: Channel) => boolean,
): JsonObject {
  const kinds = (optionalText(args, 'types') ?? 'public_channel').split(',').map((type) => {
    const kind = TYPES[type.trim()];
    if (!kind && type.trim() !== 'mpim') throw new ApiRefusal('invalid_types');
    if (kind) requireScope(slack, READ_SCOPES[kind]);
    return kind;
  });
  const found = [...slack.workspace.channels.values()].filter(
    (channel) =>
      kinds.includes(channel.kind) &&
      isVisible(channel) &&
      !(isTrue(args.exclude_archived) && channel.isArchived),
  );
  const { rows, next } = page(found, args, 100, 1000);
  return {
    channels: rows.map((channel) => toChannelObject(slack, channel)),
    response_metadata: { next_cursor: next },
  };
}

function members(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelToLookAt(slack, requiredText(args, 'channel'));
  requireScope(slack, READ_SCOPES[channel.kind]);
  const { rows, next } = page(channel.memberIds, args, 100, 1000);
  return { members: rows, response_metadata: { next_cursor: next } };
}

/** The direct message with one person; several people would need a permission the bot does not ask for. */
function open(slack: SlackContext, args: JsonObject): JsonObject {
  const given = optionalText(args, 'channel');
  if (given !== null)
    return { channel: { id: channelToLookAt(slack, given).id }, no_op: true, already_open: true };
  const users = parsed(args.users);
  const ids = (Array.isArray(users) ? users.map(String) : requiredText(args, 'users').split(',')).map((id) =>
    id.trim(),
  );
  const [userId] = ids;
  if (ids.length > 1) requireScope(slack, 'mpim:write');
  const user = userId === undefined ? undefined : slack.workspace.users.get(userId);
  if (!user || user.isDeleted) throw new ApiRefusal('user_not_found');
  if (user.isBot) throw new ApiRefusal('cannot_dm_bot');
  if (user.isStranger) throw new ApiRefusal('user_not_visible');
  const channel = directChannel(slack, user.id);
  return { channel: isTrue(args.return_im) ? toChannelObject(slack, channel) : { id: channel.id } };
}

function directChannel(slack: SlackContext, userId: string): Channel {
  const existing = [...slack.workspace.channels.values()].find((channel) => channel.imUserId === userId);
  if (existing) return existing;
  const channel = { ...directMessage(userId), createdAt: slack.options.productClock.now() };
  putChannel(slack, channel);
  return channel;
}

function join(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelToLookAt(slack, requiredText(args, 'channel'));
  if (channel.kind !== 'public') throw new ApiRefusal('method_not_supported_for_channel_type');
  if (channel.isArchived) throw new ApiRefusal('is_archived');
  if (isBotMember(slack.workspace, channel)) {
    return { channel: toChannelObject(slack, channel), warning: 'already_in_channel' };
  }
  const joined = { ...channel, memberIds: [...channel.memberIds, slack.workspace.app.botUserId] };
  putChannel(slack, joined);
  announceChannel(slack, joined, 'member_joined_channel', 'member_joined_channel', {
    user: slack.workspace.app.botUserId,
    channel_type: 'C',
    team: slack.workspace.team.id,
  });
  return { channel: toChannelObject(slack, joined) };
}

function history(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelToReadIn(slack, args);
  const messages = [...slack.workspace.messages.values()].filter(
    (message) => message.channelId === channel.id && !message.ephemeralFor && !message.threadTs,
  );
  return messagePage(slack, messages.reverse(), args);
}

function replies(slack: SlackContext, args: JsonObject): JsonObject {
  const channel = channelToReadIn(slack, args);
  const parent = findMessage(slack.workspace, channel.id, requiredText(args, 'ts'));
  if (!parent || parent.ephemeralFor) throw new ApiRefusal('thread_not_found');
  return messagePage(slack, [parent, ...repliesTo(slack, parent)], args);
}

function channelToReadIn(slack: SlackContext, args: JsonObject): Channel {
  const channel = channelToLookAt(slack, requiredText(args, 'channel'));
  if (!isBotMember(slack.workspace, channel)) throw new ApiRefusal('not_in_channel');
  return channel;
}

function messagePage(slack: SlackContext, messages: Message[], args: JsonObject): JsonObject {
  const { rows, next } = page(messages, args, 100, 999);
  return {
    messages: rows.map((message) => toApiMessage(slack, message)),
    has_more: next !== '',
    response_metadata: { next_cursor: next },
  };
}
