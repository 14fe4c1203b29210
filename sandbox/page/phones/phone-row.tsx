import { memo } from 'preact/compat';
import { Icon } from '#sandbox/page/icons.tsx';
import { openPhone, readerTimeZone } from '#sandbox/page/session.ts';
import { formatTime } from '#sandbox/page/text/dates.ts';
import { formatNumber, type PhoneEntry } from './phone-book.ts';

export const PhoneRow = memo(
  function PhoneRow({ phone, last, textCount }: PhoneEntry) {
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
          <span class="phone-time">{last && formatTime(last.createdAt, readerTimeZone.value)}</span>
        </span>
        <span class="phone-line">
          <span class={last?.direction === 'from_contact' ? 'phone-last is-reply' : 'phone-last'}>
            {last ? `${last.direction === 'from_contact' ? 'Replied: ' : ''}${last.body}` : 'No texts yet'}
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
    before.phone === now.phone && before.last === now.last && before.textCount === now.textCount,
);
