/** The parts that interaction payloads share. */

import type { JsonObject } from '#sandbox/page-protocol.ts';
import { toApiMessage } from './api-message.ts';
import { spokenName } from './channels.ts';
import type { SlackContext } from './context.ts';
import { PersonRefusal } from './person-refusal.ts';
import { type Channel, findMessage, type Message, type User } from './workspace.ts';

export function findPerson({ workspace }: SlackContext, userId: string): User {
  const user = workspace.users.get(userId);
  if (!user || user.isBot || user.isDeleted)
    throw new PersonRefusal('There is no such person in this workspace.');
  return user;
}

export function findChannel({ workspace }: SlackContext, channelId: string): Channel {
  const channel = workspace.channels.get(channelId);
  if (!channel) throw new PersonRefusal('There is no such channel in this workspace.');
  return channel;
}

/** The channel, when the person is in it. */
export function channelOf(slack: SlackContext, channelId: string, user: User): Channel {
  const channel = findChannel(slack, channelId);
  if (!channel.memberIds.includes(user.id))
    throw new PersonRefusal(`${user.realName} is not in #${channel.name}.`);
  return channel;
}

/** The message, when the person sees it. */
export function messageFor(slack: SlackContext, channelId: string, ts: string, user: User): Message {
  const message = findMessage(slack.workspace, channelId, ts);
  if (!message || (message.ephemeralFor && message.ephemeralFor !== user.id)) {
    throw new PersonRefusal('That message is gone.');
  }
  return message;
}

export function commonFields(slack: SlackContext, user: User): JsonObject {
  const { team, app } = slack.workspace;
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId },
    api_app_id: app.id,
    token: slack.options.verificationToken,
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

export function channelField(channel: Channel): JsonObject {
  return { id: channel.id, name: spokenName(channel) };
}

/** Where an interaction in a message happened; an ephemeral message itself is not part of the payload. */
export function messageFields(slack: SlackContext, channel: Channel, message: Message): JsonObject {
  return {
    container: {
      type: 'message',
      message_ts: message.ts,
      channel_id: channel.id,
      is_ephemeral: message.ephemeralFor !== null,
      ...(message.threadTs && { thread_ts: message.threadTs }),
    },
    channel: channelField(channel),
    ...(message.ephemeralFor === null && { message: toApiMessage(slack, message) }),
  };
}

/** Slack's clock for one action. */
export function actionTs({ options }: SlackContext): string {
  const now = options.clock.now();
  return `${Math.floor(now / 1000)}.${String(now % 1000).padStart(3, '0')}000`;
}
