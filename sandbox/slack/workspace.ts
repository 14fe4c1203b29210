/** What the stand-in workspace consists of. Everything here survives a restart; nothing here acts. */

import type {
  JsonObject,
  SlackChannel,
  SlackFile,
  SlackHome,
  SlackMessage,
  SlackUser,
  SlackView,
} from '#sandbox/page-protocol.ts';

export type User = SlackUser & { teamId: string; email: string; isDeleted: boolean };

export type Channel = SlackChannel & {
  createdAt: number;
  /** The person at the other end of a direct message with the bot. */
  imUserId: string | null;
  /** The other companies in a shared channel. */
  connectedTeamIds: string[];
};

export type Message = Omit<SlackMessage, 'files'> & {
  fileIds: string[];
  metadata: JsonObject | null;
  /** Milliseconds; null until somebody edited the message without blocks. */
  editedAt: number | null;
};

export type FileMode = 'hosted' | 'snippet' | 'external' | 'tombstone' | 'hidden_by_limit';

export type FileShare = { channelId: string; ts: string; threadTs: string | null; visibleAt: number };

export type StoredFile = SlackFile & {
  mode: FileMode;
  altText: string;
  /** Where an `external` file really lives. */
  externalUrl: string | null;
  shares: FileShare[];
  /** Handed to the bot through a modal's file_input: readable by it without being shared anywhere. */
  isGivenToBot: boolean;
};

export type View = SlackView & {
  previousViewId: string | null;
  externalId: string | null;
  /** Where the person was when the first view of the stack opened. */
  channelId: string | null;
};

export type Home = SlackHome & { hash: string };

export type UserGroup = { id: string; handle: string; name: string; userIds: string[] };

export type ResponseUrl = {
  id: string;
  kind: 'command' | 'message' | 'view';
  userId: string;
  channelId: string;
  threadTs: string | null;
  /** The message the interaction came from. */
  messageTs: string | null;
  usesLeft: number;
  expiresAt: number;
};

export type Workspace = {
  team: { id: string; name: string; domain: string };
  app: { id: string; botId: string; botUserId: string };
  users: Map<string, User>;
  channels: Map<string, Channel>;
  /** By `${channelId}:${ts}`. */
  messages: Map<string, Message>;
  files: Map<string, StoredFile>;
  views: Map<string, View>;
  /** By user id. */
  homes: Map<string, Home>;
  groups: Map<string, UserGroup>;
  responseUrls: Map<string, ResponseUrl>;
  /** The last message timestamp given out, in microseconds: timestamps never repeat and never go back. */
  lastTsMicros: number;
};

export type Seed = { users: User[]; channels: Channel[]; groups: UserGroup[] };

export function createWorkspace(
  seed: Seed,
  team: { id: string; name: string; domain: string },
  app: { id: string; botId: string; botUserId: string },
): Workspace {
  return {
    team,
    app,
    users: byId(structuredClone(seed.users)),
    channels: byId(structuredClone(seed.channels)),
    messages: new Map(),
    files: new Map(),
    views: new Map(),
    homes: new Map(),
    groups: byId(structuredClone(seed.groups)),
    responseUrls: new Map(),
    lastTsMicros: 0,
  };
}

export function messageId(channelId: string, ts: string): string {
  return `${channelId}:${ts}`;
}

export function findMessage(workspace: Workspace, channelId: string, ts: string): Message | undefined {
  return workspace.messages.get(messageId(channelId, ts));
}

export function isBotMember(workspace: Workspace, channel: Channel): boolean {
  return channel.kind === 'im' || channel.memberIds.includes(workspace.app.botUserId);
}

/** A timestamp as Slack gives them: seconds, a point, six digits; unique and increasing in the whole workspace. */
export function nextTs(workspace: Workspace, now: number): string {
  workspace.lastTsMicros = Math.max(workspace.lastTsMicros + 1, Math.floor(now * 1000));
  const seconds = Math.floor(workspace.lastTsMicros / 1_000_000);
  return `${seconds}.${String(workspace.lastTsMicros % 1_000_000).padStart(6, '0')}`;
}

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
