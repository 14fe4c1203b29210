import { Icon } from '#sandbox/page/icons.tsx';
import { channelLabel, closeThread } from '#sandbox/page/session.ts';
import type { SlackChannel } from '#sandbox/page-protocol.ts';
import { Composer } from './composer.tsx';
import { conversationOf } from './conversations.ts';
import { DropZone } from './drop-zone.tsx';
import { MessageList } from './message-list.tsx';

export function ThreadPane({ channel, ts }: { channel: SlackChannel; ts: string }) {
  const conversation = conversationOf(channel.id);
  const root = conversation.tops.find((message) => message.ts === ts);
  const replies = conversation.replies.get(ts) ?? [];
  const composerId = `${channel.id}:${ts}`;

  return (
    <section
      class="thread"
      aria-label="Thread"
      data-testid="thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) closeThread();
      }}
    >
      <header class="pane-head">
        <h2>Thread</h2>
        <span class="hint">{channel.kind === 'im' ? channelLabel(channel) : `#${channel.name}`}</span>
        <button
          type="button"
          class="quiet icon-only push-right"
          aria-label="Close thread"
          onClick={closeThread}
        >
          <Icon name="close" />
        </button>
      </header>
      <DropZone composerId={composerId} label="the thread">
        <MessageList
          key={composerId}
          label="Messages in the thread"
          testId="thread-messages"
          messages={root ? [root, ...replies] : replies}
          isInThread
          opening={root ? null : <p class="gone">The first message of this thread was deleted.</p>}
        />
        <Composer key={composerId} id={composerId} channel={channel} threadTs={ts} />
      </DropZone>
    </section>
  );
}
