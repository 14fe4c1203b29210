import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { productNow } from '#sandbox/page/clock.ts';
import { useKeptPlace } from '#sandbox/page/frame/keep-place.ts';
import { Icon } from '#sandbox/page/icons.tsx';
import { actingUserId, readerTimeZone } from '#sandbox/page/session.ts';
import { dayKey, formatDay } from '#sandbox/page/text/dates.ts';
import type { SlackMessage } from '#sandbox/page-protocol.ts';
import { sentAtMs } from './conversations.ts';
import { Message } from './message.tsx';

const pageSize = 80;
const compactWithinMs = 5 * 60_000;
const nearTopPx = 120;

type MessageListProps = {
  label: string;
  messages: SlackMessage[];
  replies?: Map<string, SlackMessage[]>;
  isInThread: boolean;
  testId: string;
  /** Said above the oldest message once it is shown. */
  opening?: ComponentChildren;
  /** Called when the newest message is on the screen. */
  onSeen?(): void;
};

/** Only the newest messages are in the document; scrolling up brings older ones, a page at a time. */
export function MessageList(props: MessageListProps) {
  const list = useRef<HTMLDivElement>(null);
  const shownCount = useSignal(pageSize);
  const last = props.messages.at(-1);
  const { missed, isAtBottom, toBottom } = useKeptPlace(list, {
    id: last?.id ?? '',
    count: props.messages.length,
    // An answer that only this person sees is one they have just asked for.
    isMine: [last?.userId, last?.ephemeralFor].includes(actingUserId.value),
  });
  const first = Math.max(0, props.messages.length - shownCount.value);
  const showEarlier = () => {
    shownCount.value += pageSize;
  };

  useEffect(() => {
    if (isAtBottom.current && document.visibilityState === 'visible') props.onSeen?.();
  });

  return (
    <div class="message-list-frame">
      <div
        ref={list}
        class="message-list"
        role="log"
        aria-label={props.label}
        data-testid={props.testId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={(event) => {
          if (first > 0 && event.currentTarget.scrollTop < nearTopPx) showEarlier();
          if (missed > 0 && isAtBottom.current) props.onSeen?.();
        }}
      >
        <div class="message-list-inner">
          {first > 0 ? (
            <button type="button" class="link earlier" onClick={showEarlier}>
              Show earlier messages
            </button>
          ) : (
            props.opening
          )}
          <Rows {...props} messages={props.messages.slice(first)} />
        </div>
      </div>
      {missed > 0 && (
        <button type="button" class="new-messages" onClick={toBottom}>
          <Icon name="down" />
          {missed} new {missed === 1 ? 'message' : 'messages'}
        </button>
      )}
    </div>
  );
}

function Rows({ messages, replies, isInThread }: MessageListProps) {
  const timeZone = readerTimeZone.value;
  const reader = { timeZone, nowMs: productNow() };
  return (
    <>
      {messages.map((message, index) => {
        const previous = messages[index - 1];
        const isNewDay = !previous || dayOf(previous, timeZone) !== dayOf(message, timeZone);
        const answers = replies?.get(message.ts);
        const isFirstReply = isInThread && index === 1;
        return (
          <div key={message.id} data-row>
            {isNewDay && !isInThread && (
              <div class="day">
                <span>{formatDay(sentAtMs(message), reader)}</span>
              </div>
            )}
            {isFirstReply && <ReplyCount count={messages.length - 1} />}
            <Message
              message={message}
              isCompact={!isNewDay && !isFirstReply && isCloseTo(previous, message)}
              isInThread={isInThread}
              replyCount={answers?.length ?? 0}
              lastReplyTs={answers?.at(-1)?.ts ?? ''}
            />
          </div>
        );
      })}
    </>
  );
}

function ReplyCount({ count }: { count: number }) {
  return (
    <div class="reply-count">
      {count} {count === 1 ? 'reply' : 'replies'}
    </div>
  );
}

function dayOf(message: SlackMessage, timeZone: string): string {
  return dayKey(sentAtMs(message), timeZone);
}

function isCloseTo(previous: SlackMessage, message: SlackMessage): boolean {
  return (
    previous.userId === message.userId &&
    previous.ephemeralFor === null &&
    message.ephemeralFor === null &&
    sentAtMs(message) - sentAtMs(previous) < compactWithinMs
  );
}
