import { memo } from 'preact/compat';
import { Icon } from '#sandbox/page/icons.tsx';
import { openPhone, readerTimeZone } from '#sandbox/page/session.ts';
import { formatTime } from '#sandbox/page/text/dates.ts';
import type { PhoneText } from '#sandbox/page-protocol.ts';
import { describeCall, isOpenCall } from './call-book.ts';
import { formatNumber, type PhoneEntry } from './phone-book.ts';

export const PhoneRow = memo(
  function PhoneRow({ phone, last, lastCall, textCount }: PhoneEntry) {
    const call = lastCall && lastCall.createdAt >= (last?.createdAt ?? 0) ? lastCall : undefined;
    const newest = call ?? last;
    return (
      <button
        type="button"
        class="phone-row"
        data-testid={`phone-${phone.id}`}
        onClick={() => openPhone(phone.id)}
      >
        <span class="phone-line">
          <span class="phone-number">{formatNumber(phone.id)}</span>
          {phone.isOptedOut && (
            <span class="badge is-danger">
              <Icon name="ban" /> opted out
            </span>
          )}
          {phone.isTaken && (
            <span class="badge is-accent">
              <Icon name="hand" /> mine
            </span>
          )}
          <span class="phone-time">{newest && formatTime(newest.createdAt, readerTimeZone.value)}</span>
        </span>
        <span class="phone-line">
          <span class={newest?.direction === 'from_contact' ? 'phone-last is-reply' : 'phone-last'}>
            {call && isOpenCall(call) && <Icon name="call" />}
            {call ? describeCall(call) : textWords(last)}
          </span>
          <span class="phone-count" title={`${textCount} texts`}>
            {textCount}
          </span>
        </span>
        <span class="phone-persona">{phone.personaLabel}</span>
      </button>
    );
  },
  (before, now) =>
    before.phone === now.phone &&
    before.last === now.last &&
    before.lastCall === now.lastCall &&
    before.textCount === now.textCount,
);

function textWords(text: PhoneText | undefined): string {
  if (!text) return 'No texts yet';
  return `${text.direction === 'from_contact' ? 'Replied: ' : ''}${text.body}`;
}
