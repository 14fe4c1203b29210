import type { App } from '@slack/bolt';
import type { ChannelLoss } from '#operations/lose-channel.ts';
import type { SlackContext } from '#slack/context.ts';
import { publishHome } from '#slack/home.ts';
import { onChannelLost, onChannelRegained, onChannelRenamed, onDisconnected, onJoined } from './channels.ts';
import { onFileShared } from './files.ts';
import { type Mention, onMention } from './mentions.ts';

const LOSSES: Record<string, ChannelLoss> = {
  channel_archive: 'archived',
  group_archive: 'archived',
  channel_deleted: 'deleted',
  group_deleted: 'deleted',
  channel_left: 'bot_removed',
  group_left: 'bot_removed',
};

/** Events come out of storage, in a job: what throws here is tried again. */
export function listenToEvents(app: App, slack: SlackContext): void {
  app.event('file_shared', ({ event }) =>
    onFileShared(slack, { fileId: event.file_id, userId: event.user_id, channelId: event.channel_id }),
  );
  app.event('app_mention', ({ event }) => onMention(slack, mentionOf(event)));
  app.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') await publishHome(slack, event.user);
  });
  app.event('member_joined_channel', ({ event }) => onJoined(slack, event.user, event.channel));
  app.event('channel_id_changed', ({ event }) =>
    onChannelRenamed(slack, event.old_channel_id, event.new_channel_id),
  );
  for (const [type, loss] of Object.entries(LOSSES)) {
    app.event(type, ({ event }) => onChannelLost(slack, channelOf(event), loss));
  }
  for (const type of ['channel_unarchive', 'group_unarchive']) {
    app.event(type, ({ event }) => onChannelRegained(slack, channelOf(event)));
  }
  app.event('app_uninstalled', ({ body }) => onDisconnected(slack, body.team_id));
  app.event('tokens_revoked', async ({ event, body }) => {
    if ((event.tokens.bot ?? []).length > 0) await onDisconnected(slack, body.team_id);
  });
}

function channelOf(event: object): string {
  return 'channel' in event ? String(event.channel) : '';
}

type Words = { user?: string; channel: string; ts: string; thread_ts?: string; text?: string };

function mentionOf(event: object): Mention {
  const { user = '', channel, ts, thread_ts, text = '' } = event as Words;
  const files = 'files' in event && Array.isArray(event.files) ? (event.files as { id?: unknown }[]) : [];
  return {
    userId: user,
    channelId: channel,
    ts,
    threadTs: thread_ts ?? null,
    text,
    fileIds: files.flatMap(({ id }) => (typeof id === 'string' ? [id] : [])),
  };
}
