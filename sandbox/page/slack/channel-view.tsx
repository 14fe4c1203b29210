import { MenuButton, type MenuItem } from '#sandbox/page/frame/menu-button.tsx';
import { channelLabel } from '#sandbox/page/session.ts';
import { botUserId, tables } from '#sandbox/page/tables.ts';
import { showError } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { SlackChannel, Verbs } from '#sandbox/page-protocol.ts';
import { ChannelMark } from './channel-list.tsx';
import { Composer } from './composer.tsx';
import { conversationOf } from './conversations.ts';
import { DropZone } from './drop-zone.tsx';
import { ExampleFile } from './example-file.tsx';
import { MessageList } from './message-list.tsx';
import { markRead } from './unread.ts';

export function ChannelView({ channel }: { channel: SlackChannel }) {
  return (
    <section class="conversation" aria-label={channelLabel(channel)} data-testid="conversation">
      <ChannelHead channel={channel} />
      <ChannelMessages channel={channel} />
    </section>
  );
}

export function ChannelMessages({ channel }: { channel: SlackChannel }) {
  const conversation = conversationOf(channel.id);
  const label = channel.kind === 'im' ? channelLabel(channel) : `#${channel.name}`;
  return (
    <DropZone composerId={channel.isArchived ? null : channel.id} label={label}>
      <MessageList
        key={channel.id}
        label={`Messages in ${label}`}
        testId="messages"
        messages={conversation.tops}
        replies={conversation.replies}
        isInThread={false}
        opening={<Opening channel={channel} label={label} />}
        onSeen={() => markRead(channel.id)}
      />
      <Composer key={channel.id} id={channel.id} channel={channel} threadTs={null} />
    </DropZone>
  );
}

function Opening({ channel, label }: { channel: SlackChannel; label: string }) {
  return (
    <div class="opening">
      <h3>{label}</h3>
      <p>
        {channel.kind === 'im'
          ? 'Only the two of you can see this conversation.'
          : 'This is where the channel begins. Drop a file of contacts anywhere here, or type / to see the commands.'}
      </p>
      {channel.kind !== 'im' && !channel.isArchived && channel.memberIds.includes(botUserId.value) && (
        <ExampleFile composerId={channel.id} />
      )}
    </div>
  );
}

function ChannelHead({ channel }: { channel: SlackChannel }) {
  const count = channel.memberIds.length;
  const hasBot = channel.memberIds.includes(botUserId.value);
  return (
    <header class="pane-head">
      <ChannelMark channel={channel} />
      <h2>{channelLabel(channel)}</h2>
      {channel.kind !== 'im' && (
        <span class="hint">
          {count} {count === 1 ? 'member' : 'members'}
        </span>
      )}
      {channel.isExtShared && <span class="badge">shared with another company</span>}
      {channel.isArchived && <span class="badge">archived</span>}
      {channel.kind !== 'im' && !hasBot && <span class="badge is-warning">bot not here</span>}
      {channel.kind !== 'im' && (
        <span class="push-right">
          <MenuButton label="Channel actions" testId="channel-menu" items={channelActions(channel, hasBot)} />
        </span>
      )}
    </header>
  );
}

function channelActions(channel: SlackChannel, hasBot: boolean): MenuItem[] {
  const channelId = channel.id;
  const bot = tables.users.find(botUserId.value)?.realName ?? 'the bot';
  return [
    {
      label: hasBot ? `Remove ${bot}` : `Add ${bot}`,
      icon: 'bot',
      onSelect: () => void tell('set-bot-membership', { channelId, isMember: !hasBot }),
    },
    {
      label: channel.isArchived ? 'Restore channel' : 'Archive channel',
      icon: 'archive',
      isDanger: !channel.isArchived,
      onSelect: () => void tell('archive-channel', { channelId, isArchived: !channel.isArchived }),
    },
  ];
}

async function tell<Name extends keyof Verbs>(name: Name, input: Verbs[Name]) {
  const answer = await callVerb(name, input);
  if (!answer.ok) showError(answer.error);
}
