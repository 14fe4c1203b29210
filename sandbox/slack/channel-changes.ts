/** Things that happen to whole channels and to the app's place in them. */

import type { JsonObject, Verbs } from '#sandbox/page-protocol.ts';
import { channelFaultRows } from './channel-faults.ts';
import type { SlackContext } from './context.ts';
import { announce, announceChannel } from './events.ts';
import { newId } from './ids.ts';
import { findChannel } from './interaction-payload.ts';
import { PersonRefusal } from './person-refusal.ts';
import { putChannel, putMessage, removeChannel, removeMessage } from './store.ts';
import { type Channel, isBotMember, messageId } from './workspace.ts';

export function archiveChannel(
  slack: SlackContext,
  { channelId, isArchived }: Verbs['archive-channel'],
): JsonObject {
  const channel = realChannel(slack, channelId);
  if (channel.isArchived === isArchived) return {};
  const changed = { ...channel, isArchived };
  save(slack, changed);
  if (!isBotMember(slack.workspace, channel) && channel.kind === 'private') return {};
  const [type, groupType] = isArchived
    ? ['channel_archive', 'group_archive']
    : ['channel_unarchive', 'group_unarchive'];
  announceChannel(slack, changed, type, groupType, { user: someAdmin(slack), is_moved: 0 });
  return {};
}

export function setBotMembership(
  slack: SlackContext,
  { channelId, isMember }: Verbs['set-bot-membership'],
): JsonObject {
  const channel = realChannel(slack, channelId);
  const { botUserId } = slack.workspace.app;
  if (isBotMember(slack.workspace, channel) === isMember) return {};
  const others = channel.memberIds.filter((id) => id !== botUserId);
  const changed = { ...channel, memberIds: isMember ? [...others, botUserId] : others };
  save(slack, changed);
  if (!isMember)
    announceChannel(slack, changed, 'channel_left', 'group_left', { actor_id: someAdmin(slack) });
  else {
    announceChannel(slack, changed, 'member_joined_channel', 'member_joined_channel', {
      user: botUserId,
      channel_type: channel.kind === 'private' ? 'G' : 'C',
      team: slack.workspace.team.id,
      inviter: someAdmin(slack),
    });
  }
  return {};
}

/** As when a channel is converted: same channel, new id. */
export function changeChannelId(slack: SlackContext, channelId: string): string {
  const channel = realChannel(slack, channelId);
  const id = newId('C');
  for (const message of [...slack.workspace.messages.values()]) {
    if (message.channelId !== channelId) continue;
    removeMessage(slack, message);
    putMessage(slack, { ...message, channelId: id, id: messageId(id, message.ts) });
  }
  for (const file of slack.workspace.files.values()) {
    for (const share of file.shares) if (share.channelId === channelId) share.channelId = id;
  }
  removeChannel(slack, channelId);
  putChannel(slack, { ...channel, id });
  announce(slack, 'channel_id_changed', { old_channel_id: channelId, new_channel_id: id });
  return id;
}

export function deleteChannel(slack: SlackContext, channelId: string): void {
  const channel = realChannel(slack, channelId);
  for (const message of [...slack.workspace.messages.values()]) {
    if (message.channelId === channelId) removeMessage(slack, message);
  }
  for (const file of slack.workspace.files.values()) {
    file.shares = file.shares.filter((share) => share.channelId !== channelId);
  }
  removeChannel(slack, channelId);
  for (const row of channelFaultRows(slack.workspace, channel)) slack.feed.remove('faults', row.id);
  announceChannel(slack, channel, 'channel_deleted', 'group_deleted', { actor_id: someAdmin(slack) });
}

export function setGroupMembers(slack: SlackContext, groupId: string, userIds: readonly string[]): void {
  const group = slack.workspace.groups.get(groupId);
  if (!group) throw new PersonRefusal('There is no such group in this workspace.');
  const before = group.userIds;
  group.userIds = [...userIds];
  announce(slack, 'subteam_members_changed', {
    subteam_id: groupId,
    team_id: slack.workspace.team.id,
    added_users: userIds.filter((id) => !before.includes(id)),
    removed_users: before.filter((id) => !userIds.includes(id)),
  });
}

function realChannel(slack: SlackContext, channelId: string): Channel {
  const channel = findChannel(slack, channelId);
  if (channel.kind === 'im') throw new PersonRefusal('That cannot be done with a direct message.');
  return channel;
}

function save(slack: SlackContext, channel: Channel): void {
  putChannel(slack, channel);
  for (const row of channelFaultRows(slack.workspace, channel)) slack.feed.upsert('faults', row);
}

function someAdmin({ workspace }: SlackContext): string {
  return [...workspace.users.values()].find((user) => user.isAdmin)?.id ?? '';
}
