import type { WebClient } from '@slack/web-api';
import { type ChatChannel, type ChatGroup, ChatUnavailable, type ChatUser } from '#ports/chat.ts';
import { failureCode } from './errors.ts';
import { type Identity, readIdentity } from './identity.ts';

const REMEMBERED_MS = 60_000;
const REMEMBERED_MAX = 2000;

export type People = {
  user(userId: string): Promise<ChatUser>;
  channel(channelId: string): Promise<ChatChannel>;
  groups(): Promise<ChatGroup[]>;
  groupMembers(groupId: string): Promise<readonly string[]>;
};

/** Who somebody is and what a channel is, remembered for a minute at most: rights hang on it (slack.md §8). */
export function createPeople(web: WebClient, wallClock = Date.now): People {
  const identity = remember(() => readIdentity(web), wallClock);
  return {
    user: remember((userId) => lookUpUser(web, () => identity('us'), userId), wallClock),
    channel: remember((channelId) => lookUpChannel(web, channelId), wallClock),
    groups: () => listGroups(web),
    groupMembers: remember((groupId) => lookUpGroup(web, groupId), wallClock),
  };
}

async function lookUpUser(
  web: WebClient,
  identity: () => Promise<Identity>,
  userId: string,
): Promise<ChatUser> {
  const [{ teamId }, { user }] = await ask(() => Promise.all([identity(), web.users.info({ user: userId })]));
  if (!user?.id) throw new ChatUnavailable('Slack’s answer names no person.');
  const homes = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
  return {
    id: user.id,
    teamId: user.team_id ?? '',
    name: user.profile?.display_name || user.real_name || user.name || user.id,
    timeZone: user.tz ?? null,
    isAdmin: Boolean(user.is_admin || user.is_owner || user.is_primary_owner),
    isGuest: Boolean(user.is_restricted || user.is_ultra_restricted),
    isStranger: Boolean(user.is_stranger) || !homes.includes(teamId),
    isBot: Boolean(user.is_bot),
    isDeleted: Boolean(user.deleted),
  };
}

/** A channel that Slack does not show us is one we are not in. */
async function lookUpChannel(web: WebClient, channelId: string): Promise<ChatChannel> {
  try {
    const { channel } = await web.conversations.info({ channel: channelId });
    return {
      id: channelId,
      name: channel?.name ?? '',
      isMember: Boolean(channel?.is_member || channel?.is_im),
      isArchived: Boolean(channel?.is_archived),
      isExtShared: Boolean(channel?.is_ext_shared || channel?.is_pending_ext_shared),
    };
  } catch (error) {
    if (failureCode(error) !== 'channel_not_found') throw unavailable(error);
    return { id: channelId, name: '', isMember: false, isArchived: false, isExtShared: false };
  }
}

/** Groups that were switched off are not among them. */
async function listGroups(web: WebClient): Promise<ChatGroup[]> {
  const { usergroups = [] } = await ask(() => web.usergroups.list());
  return usergroups.flatMap(({ id, handle, name }) =>
    id ? [{ id, handle: handle ?? id, name: name ?? handle ?? id }] : [],
  );
}

/** Free plans have no groups (`plan_upgrade_required`), and that is no answer: rights hang on it (slack.md §8). */
async function lookUpGroup(web: WebClient, groupId: string): Promise<readonly string[]> {
  try {
    const { users = [] } = await web.usergroups.users.list({ usergroup: groupId });
    return users;
  } catch (error) {
    if (failureCode(error) !== 'no_such_subteam') throw unavailable(error);
    return [];
  }
}

async function ask<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw unavailable(error);
  }
}

function unavailable(error: unknown): ChatUnavailable {
  if (error instanceof ChatUnavailable) return error;
  return new ChatUnavailable(`Slack cannot be asked (${failureCode(error)}).`, { cause: error });
}

/** One look for many askers; what failed is asked again. */
function remember<T>(look: (id: string) => Promise<T>, wallClock: () => number): (id: string) => Promise<T> {
  const known = new Map<string, { until: number; value: Promise<T> }>();
  return (id) => {
    const found = known.get(id);
    if (found && found.until > wallClock()) return found.value;
    const value = look(id).catch((error: unknown) => {
      known.delete(id);
      throw error;
    });
    if (known.size >= REMEMBERED_MAX) known.clear();
    known.set(id, { until: wallClock() + REMEMBERED_MS, value });
    return value;
  };
}
