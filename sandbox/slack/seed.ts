/** The people and channels of a new workspace. */

import type { Channel, Seed, User } from './workspace.ts';

export const TEAM_ID = 'T00SANDBOX';
export const OTHER_TEAM_ID = 'T00ACMECO';
export const BOT_USER_ID = 'U00RINGMASTER';
/** Speaks for Slack itself. */
export const SLACKBOT_ID = 'USLACKBOT';

export const PEOPLE = {
  admin: 'U00DANA',
  teammate: 'U00SAM',
  approver: 'U00MIA',
  colleague: 'U00LEE',
  guest: 'U00GUS',
  stranger: 'U00PIOTR',
} as const;
export const CHANNELS = {
  campaigns: 'C00CAMPAIGNS',
  general: 'C00GENERAL',
  launchRoom: 'C00LAUNCHROOM',
  partner: 'C00PARTNER',
} as const;

const FOUNDED_AT = Date.UTC(2026, 0, 5, 9);

export function defaultSeed(): Seed {
  const { admin, teammate, approver, colleague, guest, stranger } = PEOPLE;
  const staff = [admin, teammate, approver, colleague];
  return {
    users: [
      person(admin, 'dana', 'Dana Whitfield', 'America/New_York', { isAdmin: true }),
      person(teammate, 'sam', 'Sam Okafor', 'Europe/London'),
      person(approver, 'mia', 'Mia Tanaka', 'America/Los_Angeles'),
      person(colleague, 'lee', 'Lee Romero', 'America/Chicago'),
      person(guest, 'gus', 'Gus Lindqvist', 'Europe/Stockholm', { isGuest: true }),
      person(stranger, 'piotr', 'Piotr Zielinski', 'Europe/Warsaw', {
        isStranger: true,
        teamId: OTHER_TEAM_ID,
      }),
      person(SLACKBOT_ID, 'slackbot', 'Slackbot', 'America/Los_Angeles', { isBot: true }),
      person(BOT_USER_ID, 'ringmaster', 'Ringmaster', 'America/New_York', { isBot: true }),
    ],
    channels: [
      channel(CHANNELS.campaigns, 'campaigns', [...staff, guest, BOT_USER_ID]),
      channel(CHANNELS.general, 'general', [...staff, guest]),
      channel(CHANNELS.launchRoom, 'launch-room', [admin, teammate, BOT_USER_ID], { kind: 'private' }),
      channel(CHANNELS.partner, 'partner-acme', [admin, teammate, stranger, BOT_USER_ID], {
        isExtShared: true,
        connectedTeamIds: [OTHER_TEAM_ID],
      }),
      ...[...staff, guest].map(directMessage),
    ],
    groups: [
      { id: 'S00LAUNCHERS', handle: 'launchers', name: 'Launchers', userIds: [admin, teammate] },
      { id: 'S00EDITORS', handle: 'editors', name: 'Campaign editors', userIds: [approver, colleague] },
    ],
  };
}

function person(
  id: string,
  name: string,
  realName: string,
  timeZone: string,
  extra: Partial<User> = {},
): User {
  return {
    id,
    name,
    realName,
    timeZone,
    isBot: false,
    isAdmin: false,
    isGuest: false,
    isStranger: false,
    teamId: TEAM_ID,
    email: `${name}@example.com`,
    isDeleted: false,
    ...extra,
  };
}

function channel(id: string, name: string, memberIds: string[], extra: Partial<Channel> = {}): Channel {
  return {
    id,
    name,
    kind: 'public',
    isArchived: false,
    isExtShared: false,
    memberIds,
    createdAt: FOUNDED_AT,
    imUserId: null,
    connectedTeamIds: [],
    ...extra,
  };
}

/** The conversation between one person and the bot. */
export function directMessage(userId: string): Channel {
  return channel(`D${userId.slice(1)}`, userId, [userId, BOT_USER_ID], { kind: 'im', imUserId: userId });
}
