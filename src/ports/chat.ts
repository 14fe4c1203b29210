import type {
  ApprovalNote,
  CallNote,
  CampaignCard,
  FileOffer,
  ImportProgress,
  LiveTranscript,
  Note,
  ReplyNote,
  ResultCard,
  ReviewNote,
} from './chat-content.ts';

/** What a message says; `slack/blocks` decides how it looks. */
export type ChatContent =
  | CampaignCard
  | ResultCard
  | Note
  | ReplyNote
  | ReviewNote
  | ApprovalNote
  | CallNote
  | LiveTranscript
  | ImportProgress
  | FileOffer;

/** A place in the workspace: a channel, or a thread in it. */
export type ChatPlace = { channelId: string; threadTs: string | null };

/**
 * What became of one message. `throttled`: nothing was done, and it may be asked again later. `lost`: the place or the message is gone (deleted, archived, bot removed), so repeating is
 * useless. `unknown`: it may have been posted; Slack has no key to ask twice with (slack.md §1.4).
 */
export type ChatResult =
  | { kind: 'done'; ts: string }
  | { kind: 'throttled'; retryAfterMs: number }
  | { kind: 'lost'; problem: ChatProblem }
  | { kind: 'refused'; problem: string }
  | { kind: 'unknown'; cause: string };

export type ChatProblem =
  | 'message_deleted'
  | 'thread_deleted'
  | 'archived'
  | 'not_in_channel'
  | 'channel_gone'
  | 'disconnected';

export type ChatUser = {
  id: string;
  teamId: string;
  name: string;
  timeZone: string | null;
  isAdmin: boolean;
  isGuest: boolean;
  isStranger: boolean;
  isBot: boolean;
  isDeleted: boolean;
};

export type ChatChannel = {
  id: string;
  name: string;
  isMember: boolean;
  isArchived: boolean;
  isExtShared: boolean;
};

/** A group of people that the workspace keeps, such as @launchers. */
export type ChatGroup = { id: string; handle: string; name: string };

/** `threadTs` of a place where the file was shared is the ts to reply to. `fileType` is the chat's own guess, by extension. */
export type ChatFile = {
  id: string;
  name: string;
  fileType: string;
  size: number;
  userId: string;
  /** Why its bytes cannot be had (an online document, deleted, over the plan's limit), as a sentence; null when they can. */
  problem: string | null;
  shares: ChatPlace[];
};

/**
 * The workspace's chat. Calls return what happened and never throw for Slack's own answers; look-ups throw
 * `ChatUnavailable`, and those about a file `FileUnavailable` when it is not shown to us.
 */
export type Chat = {
  post(place: ChatPlace, content: ChatContent): Promise<ChatResult>;
  update(place: { channelId: string; ts: string }, content: ChatContent): Promise<ChatResult>;
  uploadFile(
    place: ChatPlace,
    file: { name: string; title: string; comment: string; content: Uint8Array },
  ): Promise<ChatResult>;
  /** The bytes, streamed; throws `FileUnavailable` with a sentence (for example when Slack answered a login page). */
  downloadFile(fileId: string): Promise<{ name: string; size: number; stream: AsyncIterable<Uint8Array> }>;
  fileInfo(fileId: string): Promise<ChatFile>;
  user(userId: string): Promise<ChatUser>;
  channel(channelId: string): Promise<ChatChannel>;
  groups(): Promise<ChatGroup[]>;
  /** Ids of its people; nobody is in a group that is gone. */
  groupMembers(groupId: string): Promise<readonly string[]>;
  permalink(place: { channelId: string; ts: string }): Promise<string | null>;
};

/** A stored delivery that a job hands back to the chat edge. */
export type ChatDelivery = { id: number; kind: string; payload: unknown };
export type HandleChatDelivery = (delivery: ChatDelivery) => Promise<void>;

/** Slack could not be asked; nothing is known, so nothing may be allowed. */
export class ChatUnavailable extends Error {
  override name = 'ChatUnavailable';
}

/** The file cannot be read; `message` is the sentence for the person. */
export class FileUnavailable extends Error {
  override name = 'FileUnavailable';
}
