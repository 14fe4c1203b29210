/** Where the bot may write and look, with the error Slack answers where it may not (slack.md §5). */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import { ApiRefusal } from './api-call.ts';
import type { SlackContext } from './context.ts';
import { type Channel, isBotMember } from './workspace.ts';

/** By id, by `#name`, or by a person's id for the direct message with them. */
export function channelForPost(slack: SlackContext, ref: string): Channel {
  const channel = findByAnyName(slack, ref);
  mustBeIn(slack, channel);
  if (channel.isArchived) throw new ApiRefusal('is_archived');
  return channel;
}

/** Changing a message wants the channel's id, and calls an archived channel inactive. */
export function channelForChange(slack: SlackContext, id: string): Channel {
  const channel = slack.workspace.channels.get(id);
  if (!channel) throw new ApiRefusal('channel_not_found');
  mustBeIn(slack, channel);
  if (channel.isArchived) throw new ApiRefusal('is_inactive');
  return channel;
}

/** A private channel the bot is not in does not exist for it. */
export function channelToLookAt(slack: SlackContext, id: string): Channel {
  const channel = slack.workspace.channels.get(id);
  if (!channel || (channel.kind === 'private' && !isBotMember(slack.workspace, channel))) {
    throw new ApiRefusal('channel_not_found');
  }
  return channel;
}

export function toChannelObject(slack: SlackContext, channel: Channel): JsonObject {
  const { workspace } = slack;
  const created = Math.floor(channel.createdAt / 1000);
  const common = {
    id: channel.id,
    created,
    is_archived: channel.isArchived,
    is_im: channel.kind === 'im',
    is_mpim: false,
    is_org_shared: false,
    context_team_id: workspace.team.id,
    updated: channel.createdAt,
  };
  if (channel.kind === 'im')
    return { ...common, user: channel.imUserId, is_user_deleted: false, priority: 0 };
  const isPrivate = channel.kind === 'private';
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !isPrivate,
    is_group: isPrivate,
    is_private: isPrivate,
    is_general: channel.name === 'general',
    is_member: isBotMember(workspace, channel),
    is_shared: channel.isExtShared,
    is_ext_shared: channel.isExtShared,
    is_pending_ext_shared: false,
    shared_team_ids: [workspace.team.id, ...channel.connectedTeamIds],
    creator: channel.memberIds[0] ?? '',
    unlinked: 0,
    previous_names: [],
    topic: { value: '', creator: '', last_set: 0 },
    purpose: { value: '', creator: '', last_set: 0 },
  };
}

/** How interaction payloads and commands call a conversation. */
export function spokenName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage';
  return channel.kind === 'private' ? 'privategroup' : channel.name;
}

function findByAnyName({ workspace }: SlackContext, ref: string): Channel {
  const name = ref.replace(/^#/, '');
  const found =
    workspace.channels.get(ref) ??
    [...workspace.channels.values()].find(
      (channel) => channel.imUserId === ref || (channel.kind !== 'im' && channel.name === name),
    );
  if (!found) throw new ApiRefusal('channel_not_found');
  return found;
}

function mustBeIn({ workspace, options }: SlackContext, channel: Channel): void {
  if (isBotMember(workspace, channel)) return;
  if (channel.kind === 'private') throw new ApiRefusal('channel_not_found');
  if (!options.scopes.includes('chat:write.public')) throw new ApiRefusal('not_in_channel');
}
