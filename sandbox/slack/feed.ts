/** What the page sees: rows of the workspace, and changes to them in order. */

import type {
  FeedMessage,
  SlackChannel,
  SlackFile,
  SlackHome,
  SlackMessage,
  SlackUser,
  SlackView,
  TableName,
  Tables,
} from '#sandbox/page-protocol.ts';
import type { Channel, Home, Message, StoredFile, User, View, Workspace } from './workspace.ts';

export type Feed = {
  subscribe(listener: (message: FeedMessage) => void): () => void;
  upsert<K extends TableName>(table: K, row: Tables[K]): void;
  remove(table: TableName, id: string): void;
};

export function createFeed(): Feed {
  const listeners = new Set<(message: FeedMessage) => void>();
  const tell = (message: FeedMessage) => {
    for (const listener of listeners) listener(message);
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    upsert: (table, row) => tell({ type: 'upsert', table, row }),
    remove: (table, id) => tell({ type: 'remove', table, id }),
  };
}

export function toUserRow(user: User): SlackUser {
  const { id, name, realName, timeZone, isBot, isAdmin, isGuest, isStranger } = user;
  return { id, name, realName, timeZone, isBot, isAdmin, isGuest, isStranger };
}

export function toChannelRow(channel: Channel): SlackChannel {
  const { id, name, kind, isArchived, isExtShared, memberIds } = channel;
  return { id, name, kind, isArchived, isExtShared, memberIds: [...memberIds] };
}

export function toMessageRow(workspace: Workspace, message: Message): SlackMessage {
  const { fileIds, metadata: _metadata, editedAt: _editedAt, ...row } = message;
  const files = fileIds.flatMap((id) => workspace.files.get(id) ?? []);
  return { ...row, files: files.map(toFileRow) };
}

export function toFileRow(file: StoredFile): SlackFile {
  const { id, name, title, size, mimetype, filetype, userId, createdAt } = file;
  return { id, name, title, size, mimetype, filetype, userId, createdAt };
}

export function toViewRow(view: View): SlackView {
  const { id, rootId, depth, userId, hash, errors, isSubmitting } = view;
  return { id, rootId, depth, userId, hash, view: view.view, errors, isSubmitting };
}

export function toHomeRow(home: Home): SlackHome {
  return { id: home.id, userId: home.userId, view: home.view };
}
