import { memo } from 'preact/compat';
import { readerTimeZone } from '#sandbox/page/session.ts';
import { formatTime } from '#sandbox/page/text/dates.ts';
import type { PhoneText } from '#sandbox/page-protocol.ts';

const failed = ['failed', 'undelivered', 'canceled'];

/** Seen from the contact: what it received on the left, what it sent on the right. */
export const TextBubble = memo(function TextBubble({ text }: { text: PhoneText }) {
  const isMine = text.direction === 'from_contact';
  const facts = [
    formatTime(text.createdAt, readerTimeZone.value),
    text.status.replaceAll('_', ' '),
    text.errorCode === null ? '' : `error ${text.errorCode}`,
    `${text.segments} ${text.segments === 1 ? 'segment' : 'segments'}`,
    text.encoding,
    text.price ?? '',
  ].filter(Boolean);
  return (
    <div
      class={`bubble-row${isMine ? ' is-mine' : ''}${failed.includes(text.status) ? ' is-failed' : ''}`}
      data-testid="text"
      data-status={text.status}
    >
      <p class="bubble">{text.body}</p>
      <p class="bubble-facts" title={`${isMine ? 'to' : 'from'} ${text.botNumber}`}>
        {facts.join(' · ')}
      </p>
    </div>
  );
});
