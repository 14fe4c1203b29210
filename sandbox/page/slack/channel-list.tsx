import { Icon } from '#sandbox/page/icons.tsx';
import { channelLabel, openChannel, openHome, place, visibleChannels } from '#sandbox/page/session.ts';
import { botUserId, tables } from '#sandbox/page/tables.ts';
import type { SlackChannel } from '#sandbox/page-protocol.ts';
import { Avatar } from './avatar.tsx';
import { unreadCount } from './unread.ts';

export function ChannelList() {
  const channels = visibleChannels.value;
  const rooms = channels.filter((channel) => channel.kind !== 'im').sort(byName);
  const direct = channels.filter((channel) => channel.kind === 'im');
  const bot = tables.users.find(botUserId.value);
  return (
    <nav class="channel-list" aria-label="Channels" onKeyDown={moveBetweenItems}>
      <h3>Channels</h3>
      <ul>
        {rooms.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} />
        ))}
      </ul>
      {direct.length > 0 && <h3>Direct messages</h3>}
      <ul>
        {direct.map((channel) => (
          <ChannelRow key={channel.id} channel={channel} />
        ))}
      </ul>
      <h3>Apps</h3>
      <ul>
        <li>
          <button
            type="button"
            class="channel"
            aria-current={place.value?.kind === 'home' ? 'page' : undefined}
            tabIndex={place.value?.kind === 'home' ? 0 : -1}
            data-testid="app-home"
            onClick={openHome}
          >
            <Icon name="home" />
            <span class="channel-name">{bot?.realName ?? 'The bot'} home</span>
          </button>
        </li>
      </ul>
    </nav>
  );
}

function ChannelRow({ channel }: { channel: SlackChannel }) {
  const current = place.value;
  const isOpen = current?.kind === 'channel' && current.channelId === channel.id;
  const unread = isOpen ? 0 : unreadCount(channel.id);
  const label = channelLabel(channel);
  return (
    <li>
      <button
        type="button"
        class={`channel${unread > 0 ? ' is-unread' : ''}${channel.isArchived ? ' is-archived' : ''}`}
        aria-current={isOpen ? 'page' : undefined}
        aria-label={unread > 0 ? `${label}, ${unread} unread` : label}
        tabIndex={isOpen ? 0 : -1}
        data-testid={`channel-${channel.name}`}
        onClick={() => openChannel(channel.id)}
      >
        <ChannelMark channel={channel} />
        <span class="channel-name">{label}</span>
        {channel.isExtShared && <span class="badge">shared</span>}
        {unread > 0 && <span class="count">{unread > 99 ? '99+' : unread}</span>}
      </button>
    </li>
  );
}

export function ChannelMark({ channel }: { channel: SlackChannel }) {
  if (channel.kind === 'im') {
    const other = channel.memberIds.find((id) => tables.users.find(id)?.isBot) ?? channel.memberIds[0];
    return <Avatar userId={other ?? ''} size="small" />;
  }
  if (channel.isArchived) return <Icon name="archive" />;
  return <Icon name={channel.kind === 'private' ? 'lock' : 'hash'} />;
}

/** One Tab stop for the whole list; arrows, Home and End move in it. */
function moveBetweenItems(event: KeyboardEvent) {
  const list = event.currentTarget as HTMLElement;
  const items = [...list.querySelectorAll<HTMLElement>('.channel')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next: Record<string, number> = {
    ArrowDown: Math.min(at + 1, items.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: items.length - 1,
  };
  const target = next[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items[target]?.focus();
}

function byName(one: SlackChannel, other: SlackChannel): number {
  return Number(one.isArchived) - Number(other.isArchived) || one.name.localeCompare(other.name);
}
