import { memo } from 'preact/compat';
import { useEffect, useMemo } from 'preact/hooks';
import { Blocks } from '#sandbox/page/blocks/block.tsx';
import { clockTick, productNow } from '#sandbox/page/clock.ts';
import { withIds } from '#sandbox/page/elements/fields.ts';
import { formOf } from '#sandbox/page/elements/form.ts';
import { type Surface, SurfaceContext } from '#sandbox/page/elements/surface.ts';
import { Icon } from '#sandbox/page/icons.tsx';
import { actingUserId, openThread, readerTimeZone } from '#sandbox/page/session.ts';
import { tables } from '#sandbox/page/tables.ts';
import { formatAgo, formatDayAndTime, formatTime } from '#sandbox/page/text/dates.ts';
import { Mrkdwn } from '#sandbox/page/text/text-view.tsx';
import { showError } from '#sandbox/page/toasts.tsx';
import { callVerb } from '#sandbox/page/verbs.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { Avatar } from './avatar.tsx';
import { isReply, sentAtMs } from './conversations.ts';
import { FileCard } from './file-card.tsx';
import { MessageTools } from './message-tools.tsx';

export type MessageProps = {
  message: SlackMessage;
  /** Follows another message of the same person closely: drawn without name and picture. */
  isCompact: boolean;
  isInThread: boolean;
  replyCount: number;
  lastReplyTs: string;
};

export const Message = memo(function Message(props: MessageProps) {
  const { message, isCompact } = props;
  const isEphemeral = message.ephemeralFor !== null;
  const author = tables.users.find(message.userId);
  const name = author?.realName || author?.name || 'Someone';
  return (
    <article
      class={`message${isCompact ? ' is-compact' : ''}${isEphemeral ? ' is-ephemeral' : ''}`}
      aria-label={`${name}, ${formatTime(sentAtMs(message), readerTimeZone.value)}`}
      data-testid="message"
      data-ts={message.ts}
      data-revision={message.revision}
    >
      <div class="message-gutter">
        {isCompact ? <MessageTime message={message} /> : <Avatar userId={message.userId} />}
      </div>
      <div class="message-main">
        {isEphemeral && <EphemeralNote message={message} />}
        {!isCompact && (
          <div class="message-head">
            <span class="message-author">{name}</span>
            {author?.isBot && <span class="badge">app</span>}
            {author?.isStranger && <span class="badge">other company</span>}
            <MessageTime message={message} />
          </div>
        )}
        {!props.isInThread && message.threadTs !== null && isReply(message) && (
          <BroadcastNote threadTs={message.threadTs} />
        )}
        <MessageBody message={message} />
        {!props.isInThread && props.replyCount > 0 && (
          <ThreadLink ts={message.ts} count={props.replyCount} lastReplyTs={props.lastReplyTs} />
        )}
      </div>
      {!isEphemeral && <MessageTools message={message} isInThread={props.isInThread} />}
    </article>
  );
});

function MessageTime({ message }: { message: SlackMessage }) {
  const timeZone = readerTimeZone.value;
  const at = sentAtMs(message);
  return (
    <time class="message-time" dateTime={new Date(at).toISOString()} title={formatDayAndTime(at, timeZone)}>
      {formatTime(at, timeZone)}
    </time>
  );
}

function MessageBody({ message }: { message: SlackMessage }) {
  const blocks = useMemo(() => withIds(message.blocks), [message.blocks]);
  const form = formOf(message.id, message.channelId);
  useEffect(() => form.keepOnly(blocks), [form, blocks]);
  const surface = useMemo<Surface>(() => {
    const { channelId, ts } = message;
    const at = () => ({ userId: actingUserId.value, channelId, ts });
    return {
      form,
      act: (action) => callVerb('act-in-message', { ...at(), action, state: form.values(blocks) }),
      suggest: (blockId, actionId, value) =>
        callVerb('suggest-options', { ...at(), viewId: null, blockId, actionId, value }),
    };
  }, [form, blocks, message.channelId, message.ts]);

  return (
    <SurfaceContext.Provider value={surface}>
      <div class="message-words">
        {blocks.length > 0 ? <Blocks blocks={blocks} /> : <Mrkdwn text={message.text} />}
        {message.isEdited && <span class="edited">(edited)</span>}
      </div>
      {message.files.map((file) => (
        <FileCard key={file.id} file={file} />
      ))}
    </SurfaceContext.Provider>
  );
}

function EphemeralNote({ message }: { message: SlackMessage }) {
  async function dismiss() {
    const answer = await callVerb('dismiss-ephemeral', { userId: actingUserId.value, id: message.id });
    if (!answer.ok) showError(answer.error);
  }
  return (
    <div class="ephemeral-note">
      <Icon name="eye" />
      <span>Only visible to you</span>
      <button type="button" class="link" onClick={() => void dismiss()}>
        Dismiss
      </button>
    </div>
  );
}

function BroadcastNote({ threadTs }: { threadTs: string }) {
  return (
    <p class="hint">
      replied to a{' '}
      <button type="button" class="link" onClick={() => openThread(threadTs)}>
        thread
      </button>
    </p>
  );
}

function ThreadLink(props: { ts: string; count: number; lastReplyTs: string }) {
  return (
    <button type="button" class="thread-link" data-testid="thread-link" onClick={() => openThread(props.ts)}>
      <Icon name="thread" />
      <strong>
        {props.count} {props.count === 1 ? 'reply' : 'replies'}
      </strong>
      <LastReply ts={props.lastReplyTs} />
    </button>
  );
}

function LastReply({ ts }: { ts: string }) {
  clockTick.value;
  return <span class="hint">last reply {formatAgo(Number(ts) * 1000, productNow())}</span>;
}
