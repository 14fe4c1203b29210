import type { BotStatus, SlackChannel, SlackMessage, SlackUser, Tables } from '#sandbox/page-protocol.ts';

/** 2026-11-24 10:00:00 UTC, a Tuesday. */
export const tuesdayTenMs = Date.UTC(2026, 10, 24, 10, 0, 0);
export const botUserId = 'U0BOT';

const person: SlackUser = {
  id: '',
  name: '',
  realName: '',
  timeZone: 'Europe/London',
  isBot: false,
  isAdmin: false,
  isGuest: false,
  isStranger: false,
};

export const ada: SlackUser = { ...person, id: 'U0ADA', name: 'ada', realName: 'Ada Okafor', isAdmin: true };
export const ben: SlackUser = {
  ...person,
  id: 'U0BEN',
  name: 'ben',
  realName: 'Ben Lindqvist',
  timeZone: 'America/New_York',
};
const gus: SlackUser = { ...person, id: 'U0GUS', name: 'gus', realName: 'Gus Marín', isGuest: true };
const zoe: SlackUser = { ...person, id: 'U0ZOE', name: 'zoe', realName: 'Zoë Park', isStranger: true };
export const bot: SlackUser = {
  ...person,
  id: botUserId,
  name: 'ringmaster',
  realName: 'Ringmaster',
  isBot: true,
};

const channel: SlackChannel = {
  id: '',
  name: '',
  kind: 'public',
  isArchived: false,
  isExtShared: false,
  memberIds: [ada.id, ben.id, botUserId],
};

export const outreach: SlackChannel = { ...channel, id: 'C0OUT', name: 'outreach' };
export const general: SlackChannel = {
  ...channel,
  id: 'C0GEN',
  name: 'general',
  memberIds: [ada.id, ben.id, gus.id],
};
const launches: SlackChannel = {
  ...channel,
  id: 'C0LAU',
  name: 'launches',
  kind: 'private',
  memberIds: [ada.id, botUserId],
};
const partners: SlackChannel = {
  ...channel,
  id: 'C0PAR',
  name: 'partners',
  isExtShared: true,
  memberIds: [ada.id, zoe.id],
};
export const attic: SlackChannel = { ...channel, id: 'C0ATT', name: 'attic', isArchived: true };
const adasDirect: SlackChannel = {
  ...channel,
  id: 'D0ADA',
  name: 'D0ADA',
  kind: 'im',
  memberIds: [ada.id, botUserId],
};

/** `seconds` after Tuesday ten o'clock, as Slack writes it. */
export function tsAt(seconds: number): string {
  return `${(tuesdayTenMs / 1000 + seconds).toFixed(0)}.000100`;
}

export function message(change: Partial<SlackMessage> & { ts: string }): SlackMessage {
  const channelId = change.channelId ?? outreach.id;
  return {
    id: `${channelId}:${change.ts}`,
    channelId,
    threadTs: null,
    userId: botUserId,
    text: '',
    blocks: [],
    files: [],
    ephemeralFor: null,
    isEdited: false,
    revision: 0,
    ...change,
  };
}

export const runningBot: BotStatus = {
  id: 'bot',
  state: 'running',
  pid: 4242,
  startedAt: tuesdayTenMs,
  restarts: 0,
  url: 'http://127.0.0.1:3001',
  speed: 1,
  productAt: tuesdayTenMs + 3_600_000,
  realAt: Date.now(),
};

export function emptyTables(): { [K in keyof Tables]: Tables[K][] } {
  return {
    users: [ada, ben, gus, zoe, bot],
    channels: [general, outreach, launches, partners, attic, adasDirect],
    messages: [],
    views: [],
    homes: [],
    traffic: [],
    texts: [],
    calls: [],
    phones: [],
    personas: [],
    faults: [],
    bot: [runningBot],
  };
}
