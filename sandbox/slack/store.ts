/** The only writers of rows that the page shows: change the workspace, then tell the feed. */

import { type Feed, toChannelRow, toHomeRow, toMessageRow, toViewRow } from './feed.ts';
import type { Channel, Home, Message, View, Workspace } from './workspace.ts';

type Shown = { workspace: Workspace; feed: Feed };

export function putMessage({ workspace, feed }: Shown, message: Message): void {
  workspace.messages.set(message.id, message);
  feed.upsert('messages', toMessageRow(workspace, message));
}

export function removeMessage({ workspace, feed }: Shown, message: Message): void {
  if (workspace.messages.delete(message.id)) feed.remove('messages', message.id);
}

export function putChannel({ workspace, feed }: Shown, channel: Channel): void {
  workspace.channels.set(channel.id, channel);
  feed.upsert('channels', toChannelRow(channel));
}

export function removeChannel({ workspace, feed }: Shown, channelId: string): void {
  if (workspace.channels.delete(channelId)) feed.remove('channels', channelId);
}

export function putView({ workspace, feed }: Shown, view: View): void {
  workspace.views.set(view.id, view);
  feed.upsert('views', toViewRow(view));
}

export function removeView({ workspace, feed }: Shown, viewId: string): void {
  if (workspace.views.delete(viewId)) feed.remove('views', viewId);
}

export function putHome({ workspace, feed }: Shown, home: Home): void {
  workspace.homes.set(home.userId, home);
  feed.upsert('homes', toHomeRow(home));
}
